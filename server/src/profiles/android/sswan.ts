import type { AuthenticationMethod } from '../../config/sections/connections/common.ts'
import type { VpnConnection } from '../../config/sections/connections.ts'
import { certificateIdentity } from '../linux/certificate-identity.ts'
import { lostSettings } from '../linux/lost-settings.ts'
import { espProposal, ikeProposal } from '../linux/strongswan-proposals.ts'
import { systemName } from '../linux/system-name.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding, ProfileFile, ProfileOutput } from '../profile-output.ts'
import { refusedTexts } from '../refused-text.ts'
import { stableUuid } from '../stable-uuid.ts'

/** The strongSwan app of Android: a profile in JSON for each gateway. The same uuid replaces the former profile. */
export const androidSswan: ProfileOutput = {
  id: 'android-sswan',
  title: 'strongSwan app on Android: profile',
  system: 'android',
  kinds: ['vpn'],
  certificates: ['pkcs12', 'installed'],
  pkcs12: { form: 'modern', password: 'typed' },
  findings: (input) => (isVpn(input) ? findings(input) : []),
  make: (input) => (isVpn(input) ? files(input) : []),
}

const isVpn = (input: ProfileInput): input is ProfileInput<VpnConnection> => input.connection.kind === 'vpn'

/** The app's types: with a name and password, or with a certificate. */
const TYPES: Readonly<Partial<Record<AuthenticationMethod, string>>> = {
  'eap-tls': 'ikev2-eap-tls',
  'eap-mschapv2': 'ikev2-eap',
}

function files(input: ProfileInput<VpnConnection>): readonly ProfileFile[] {
  const name = systemName(input.connection)
  return input.connection.gateways.map((gateway, index) => ({
    name: `${index === 0 ? name : `${name}-${String(index + 1)}`}.sswan`,
    mediaType: 'application/vnd.strongswan.profile',
    content: `${JSON.stringify(profile(input, gateway), null, 2)}\n`,
    holdsSecret: input.certificate?.kind === 'pkcs12',
  }))
}

/** JSON leaves out what is undefined. */
function profile(input: ProfileInput<VpnConnection>, { address, title }: VpnConnection['gateways'][number]) {
  const { organization, connection, person, gatewayAnchors } = input
  const { name, gateways, cryptography, dns, mtu } = connection
  const shown = connection.title ?? name
  const [anchor] = gatewayAnchors
  return {
    uuid: stableUuid('sswan', organization.identifier, name, person?.userName ?? '', address),
    name: gateways.length > 1 ? `${shown} (${title ?? address})` : shown,
    type: TYPES[connection.authentication],
    remote: {
      addr: address,
      id: address,
      cert: anchor?.der.toBase64(),
      revocation: { crl: true, ocsp: true, strict: false },
    },
    local: localOf(input),
    'ike-proposal': ikeProposal(cryptography),
    'esp-proposal': espProposal(cryptography),
    'dns-servers': dns.servers.length === 0 ? undefined : dns.servers,
    mtu,
    'split-tunneling': splitOf(connection),
    proxy: proxyOf(connection),
  }
}

function localOf(input: ProfileInput<VpnConnection>) {
  const { connection, person, certificate } = input
  if (connection.authentication !== 'eap-tls') return { eap_id: person?.userName }
  return {
    id: certificateIdentity(input),
    p12: certificate?.kind === 'pkcs12' ? certificate.container.toBase64() : undefined,
  }
}

/** A family that no network is of goes past the tunnel, as in other clients. */
function splitOf({ routing, routes }: VpnConnection) {
  const subnets = routing === 'split' ? routes.filter(({ exclude }) => !exclude) : []
  const excluded = routes.filter(({ exclude }) => exclude)
  if (subnets.length + excluded.length === 0) return undefined
  return { subnets: prefixes(subnets), excluded: prefixes(excluded) }
}

const prefixes = (routes: VpnConnection['routes']): readonly string[] | undefined =>
  routes.length === 0 ? undefined : routes.map(({ prefix }) => prefix)

function proxyOf({ proxy }: VpnConnection) {
  if (proxy?.server === undefined) return undefined
  const { server, exceptions } = proxy
  const colon = server.indexOf(':')
  return {
    host: server.slice(0, colon),
    port: Number(server.slice(colon + 1)),
    exclusions: exceptions.length === 0 ? undefined : exceptions,
  }
}

function findings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  const { connection, radiusServer, gatewayAnchors, certificate } = input
  const { authentication, tunnelTypes, routing, routes, proxy } = connection
  const found: Finding[] = [...refusedTexts(input)]
  const add = (severity: Finding['severity'], code: string, message: string, setting?: string): void => {
    found.push({ severity, code, message, ...(setting !== undefined && { setting }) })
  }
  if (!tunnelTypes.includes('ikev2')) {
    add('obstacle', 'tunnel-not-served', 'The strongSwan app knows IKEv2 alone.', 'tunnelTypes')
  }
  if (TYPES[authentication] === undefined) {
    const message = `The strongSwan app has EAP-TLS and EAP-MSCHAPv2, not ${authentication}.`
    add('obstacle', 'method-not-served', message, 'authentication')
  }
  if (routing === 'split' && routes.every(({ exclude }) => exclude)) {
    add('obstacle', 'split-without-routes', 'A split tunnel needs the networks behind it.', 'routes')
  }
  if (gatewayAnchors.length > 1) {
    add(
      'warning',
      'one-anchor',
      'The strongSwan app takes one root of the gateway, the first.',
      'gatewayAnchors',
    )
  }
  if (authentication === 'eap-tls') {
    const [anchor] = gatewayAnchors
    if (!radiusServer.anchors.some(({ fingerprint }) => fingerprint === anchor?.fingerprint)) {
      const message = 'The RADIUS server has another root than the gateway: import it into the app.'
      add('warning', 'anchor-not-inside', message, 'anchors')
    }
    const message = 'The strongSwan app looks at the root of the RADIUS server, not at its name.'
    add('warning', 'server-name-not-checked', message, 'serverNames')
    if (certificate?.kind === 'pkcs12') {
      add(
        'warning',
        'password-told-apart',
        'Android asks for the password of the container when it is imported.',
      )
    } else {
      add(
        'warning',
        'certificate-not-inside',
        'The person chooses a certificate that is on the device already.',
      )
    }
  }
  if (proxy?.autoConfigurationUrl !== undefined) {
    add('warning', 'setting-not-carried', 'The strongSwan app knows a proxy server, no PAC file.', 'proxy')
  }
  const lost = lostSettings('The strongSwan app', connection, [
    ...(['enforceRouting', 'dns/suffixes', 'dns/rules', 'dns/register', 'trustedNetworks'] as const),
    ...(['triggerApplications', 'alwaysOn', 'idleDisconnectMinutes', 'useLogonCredentials'] as const),
    ...(['deviceTunnel', 'metric', 'allUsers'] as const),
  ])
  return [...found, ...lost]
}
