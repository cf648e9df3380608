import type { VpnConnection } from '../../config/sections/connections.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'
import { lostPortSettings, lostSettings } from './lost-settings.ts'
import { NM_PORT_METHODS } from './nm-port.ts'
import { NM_METHODS } from './nm-vpn.ts'

/** What NetworkManager and its plugins make of a description. */
export function nmFindings(input: ProfileInput): readonly Finding[] {
  const { connection } = input
  if (connection.kind === 'vpn') return vpnFindings({ ...input, connection })
  const found = [...lostPortSettings('NetworkManager', connection)]
  if (NM_PORT_METHODS[connection.authentication] === undefined) {
    const message = `${connection.authentication} without a tunnel tells everybody who plays the network what the password is made of. Use peap-mschapv2 or eap-tls.`
    found.push({ severity: 'obstacle', code: 'server-not-checked', message, setting: 'authentication' })
  }
  return [...found, ...certificateFindings(input)]
}

function vpnFindings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  const { connection, radiusServer, gatewayAnchors } = input
  const { tunnelTypes, authentication, routes, routing, dns } = connection
  const served = tunnelTypes.filter((type) => NM_METHODS[type].includes(authentication))
  const found: Finding[] = tunnelTypes
    .filter((type) => !served.includes(type))
    .map((type) => ({
      severity: served.length === 0 ? 'obstacle' : 'warning',
      code: 'method-not-served',
      message: `The plugin for ${type} knows ${NM_METHODS[type].join(' and ')}, not ${authentication}.`,
      setting: 'authentication',
    }))
  const warn = (code: string, message: string, setting?: string): void => {
    found.push({ severity: 'warning', code, message, ...(setting !== undefined && { setting }) })
  }
  if (routing === 'split' && routes.every(({ exclude }) => exclude)) {
    const message = 'A split tunnel needs the networks behind it.'
    found.push({ severity: 'obstacle', code: 'split-without-routes', message, setting: 'routes' })
  }
  if (served.includes('ikev2') && /^(peap|ttls)-/.test(authentication)) {
    warn(
      'plugin-needed',
      'The IKEv2 plugin takes the method the server proposes: strongSwan needs its plugin (eap-ttls of libcharon-extra-plugins; eap-peap is not in the packages of Debian and Ubuntu), and sees no name of the RADIUS server.',
      'authentication',
    )
  }
  if (authentication === 'eap-tls' && served.length > 0) {
    warn(
      'server-name-not-checked',
      'The plugins look whether the RADIUS server stands below the root, not at its name: use swanctl where that counts.',
      'serverNames',
    )
    const [first] = gatewayAnchors
    if (
      served.includes('ikev2') &&
      radiusServer.anchors.every((one) => one.fingerprint !== first?.fingerprint)
    ) {
      warn(
        'one-anchor',
        'The IKEv2 plugin takes one root, that of the gateway: the RADIUS server has another.',
      )
    }
  }
  if (gatewayAnchors.length > 1) warn('one-anchor', 'The plugins take one root of the gateway, the first.')
  if (served.includes('l2tp') && connection.cryptography.ike.encryption.endsWith('gcm')) {
    const message = 'IKEv1 below L2TP has no GCM: choose another cipher in cryptography.ike.'
    warn('suite-not-served', message, 'cryptography/ike/encryption')
  }
  if (served.includes('pptp')) warn('pptp-unsafe', 'PPTP protects nothing: use IKEv2 or SSTP.', 'tunnelTypes')
  if (
    new Set(dns.rules.map(({ servers }) => servers.join())).size > 1 ||
    (dns.rules.length > 0 && dns.servers.length === 0)
  ) {
    warn(
      'dns-rules-joined',
      'NetworkManager asks the servers of the tunnel for all of these suffixes.',
      'dns/rules',
    )
  }
  if (connection.proxy?.server !== undefined) {
    warn('setting-not-carried', 'NetworkManager knows a PAC file, no proxy server.', 'proxy/server')
  }
  const lost = lostSettings('NetworkManager', connection, [
    'enforceRouting',
    ...([
      'dns/register',
      'trustedNetworks',
      'triggerApplications',
      'alwaysOn',
      'idleDisconnectMinutes',
    ] as const),
    ...(['useLogonCredentials', 'deviceTunnel', 'exclude'] as const),
    ...(served.every((type) => type === 'l2tp') ? [] : (['mtu'] as const)),
  ])
  return [...found, ...lost, ...certificateFindings(input)]
}

function certificateFindings({ connection, certificate }: ProfileInput): readonly Finding[] {
  if (!connection.authentication.endsWith('eap-tls')) return []
  if (certificate?.kind === 'pkcs12' && connection.kind !== 'vpn') return []
  const message =
    certificate?.kind === 'pkcs12'
      ? 'The plugins take key and certificate in PEM: the set-up script takes them out of the container.'
      : 'Key and certificate have to be put into /etc/NetworkManager/certificates.'
  return [{ severity: 'warning', code: 'certificate-not-inside', message }]
}
