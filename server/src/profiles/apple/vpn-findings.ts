import { isIP } from 'node:net'
import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'
import { certificateType, LARGEST_MTU, serverIssuerName } from './ikev2.ts'
import { comesUpByItself, onDemandRules } from './on-demand.ts'
import { chooseTunnel } from './tunnel-choice.ts'
import { dnsServers } from './vpn-payloads.ts'

type Warning = Omit<Finding, 'severity'> | false

export function vpnFindings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  const { tunnel, skipped } = chooseTunnel(input)
  if (tunnel === undefined) return skipped.map((one) => ({ severity: 'obstacle', ...one }))
  const { connection } = input
  const warnings: readonly Warning[] = [
    ...skipped,
    ...(tunnel === 'ikev2' ? ikev2Warnings(input) : l2tpWarnings(connection)),
    ...nameWarnings(connection),
    ...otherWarnings(connection),
  ]
  return [
    ...missingCertificate(input),
    ...warnings.filter((one) => one !== false).map((one) => ({ severity: 'warning', ...one }) as const),
  ]
}

/** A profile without a person shows what can be had; one for somebody has to log in. */
function missingCertificate({ connection, certificate, person }: ProfileInput<VpnConnection>): Finding[] {
  const comesAlong = certificate !== undefined && certificate.kind !== 'installed'
  if (connection.authentication !== 'eap-tls' || comesAlong) return []
  const isSample = certificate === undefined && person === undefined
  return [
    {
      severity: isSample ? 'warning' : 'obstacle',
      code: 'certificate-not-inside',
      message:
        'A VPN profile of Apple uses no certificate but one inside the same profile: let it come along by SCEP, ACME or PKCS #12.',
      setting: 'authentication',
    },
  ]
}

function ikev2Warnings(input: ProfileInput<VpnConnection>): readonly Warning[] {
  const { connection, certificate } = input
  const { authentication, gateways, mtu, routing } = connection
  const address = gateways.find((one) => isIP(one.address) !== 0)?.address
  const type = authentication === 'eap-tls' ? certificateType(certificate) : undefined
  return [
    address !== undefined && {
      code: 'gateway-by-address',
      message: `The certificate of the gateway must name ${address} as an IP address: it is compared with it.`,
      setting: 'gateways',
    },
    type !== undefined &&
      serverIssuerName(input) === undefined && {
        code: 'server-issuer-unknown',
        message: `CertificateType ${type} is left out: it needs the name of the CA of the gateway's certificate, which is not one of the own CA.`,
        setting: 'gatewayAnchors',
      },
    mtu !== undefined &&
      mtu > LARGEST_MTU && {
        code: 'mtu-too-large',
        message: `An MTU of ${String(mtu)} is left out: Apple takes ${String(LARGEST_MTU)} at most.`,
        setting: 'mtu',
      },
    routing === 'split' && {
      code: 'routes-from-gateway',
      message:
        'Routes do not stand in the profile: the device takes them from the traffic selectors of the gateway.',
      setting: 'routes',
    },
    authentication !== 'eap-tls' &&
      comesUpByItself(connection) && {
        code: 'on-demand-asks-password',
        message:
          'A tunnel that comes up by itself asks for the password where it was not saved: use eap-tls.',
        setting: 'authentication',
      },
    !connection.reconnect && {
      code: 'reconnects-anyway',
      message: 'The profile cannot keep IKEv2 from coming up again after the network changed.',
      setting: 'reconnect',
    },
    gateways.length > 1 &&
      comesUpByItself(connection) && {
        code: 'first-gateway-by-itself',
        message: `Only the tunnel to ${gateways[0]?.address ?? ''} comes up by itself; the others are chosen by hand.`,
        setting: 'gateways',
      },
  ]
}

function l2tpWarnings(connection: VpnConnection): readonly Warning[] {
  return [
    onDemandRules(connection) !== undefined && {
      code: 'on-demand-not-in-l2tp',
      message: 'L2TP neither comes up nor goes down by itself: offer ikev2.',
      setting: 'tunnelTypes',
    },
    connection.mtu !== undefined && {
      code: 'mtu-not-in-l2tp',
      message: 'The MTU is left out: an L2TP profile has no place for it.',
      setting: 'mtu',
    },
    connection.enforceRouting !== 'none' && {
      code: 'routing-not-enforced-in-l2tp',
      message: 'Traffic outside the tunnel cannot be kept back with L2TP: offer ikev2.',
      setting: 'enforceRouting',
    },
    connection.routing === 'split' && {
      code: 'routes-not-in-l2tp',
      message:
        'Routes do not stand in the profile: with L2TP the gateway has to push them (DHCP option 249).',
      setting: 'routes',
    },
  ]
}

function nameWarnings({ dns }: VpnConnection): readonly Warning[] {
  const servers = dnsServers(dns)
  const others = dns.rules.some((rule) => rule.servers.length > 0 && rule.servers.join() !== servers.join())
  return [
    servers.length === 0 &&
      dns.suffixes.length > 0 && {
        code: 'suffixes-without-servers',
        message: 'Suffixes are left out: the profile carries them with addresses of DNS servers alone.',
        setting: 'dns/suffixes',
      },
    others && {
      code: 'one-list-of-dns-servers',
      message: `All names are asked at ${servers.join(', ')}: a profile has no other servers for single suffixes.`,
      setting: 'dns/rules',
    },
    dns.rules.some(({ persistent }) => persistent) && {
      code: 'rules-end-with-tunnel',
      message: 'Rules for names end with the tunnel.',
      setting: 'dns/rules',
    },
    dns.register && {
      code: 'dns-registration-not-on-apple',
      message: 'The device does not register its address in DNS.',
      setting: 'dns/register',
    },
  ]
}

function otherWarnings(connection: VpnConnection): readonly Warning[] {
  const { authentication, proxy } = connection
  return [
    authentication !== 'eap-tls' &&
      !connection.rememberCredentials && {
        code: 'password-is-kept',
        message: 'The profile cannot keep people from saving the password.',
        setting: 'rememberCredentials',
      },
    connection.triggerApplications.length > 0 && {
      code: 'application-trigger-not-on-apple',
      message: 'Programs bring a tunnel up only where an MDM manages them (per-app VPN).',
      setting: 'triggerApplications',
    },
    connection.deviceTunnel !== undefined && {
      code: 'device-tunnel-not-on-apple',
      message: 'Apple systems have no device tunnel beside that of the user.',
      setting: 'deviceTunnel',
    },
    proxy !== undefined &&
      (proxy.exceptions.length > 0 || proxy.bypassLocal) && {
        code: 'proxy-exceptions-not-on-apple',
        message: 'Exceptions from the proxy are left out: put them into a PAC file.',
        setting: 'proxy/exceptions',
      },
    connection.useLogonCredentials && {
      code: 'logon-credentials-not-on-apple',
      message: 'The name and password of the sign-in are not used.',
      setting: 'useLogonCredentials',
    },
  ]
}
