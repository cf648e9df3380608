import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Finding } from '../profile-output.ts'
import {
  deviceTunnelName,
  LONGEST_NAME,
  REFUSED_IN_NAMES,
  shownName,
  windowsTunnels,
} from './connection-names.ts'
import { asksForCertificate } from './eap-settings.ts'
import { obstacle, warning } from './finding.ts'
import { networkPrefix } from './network-prefix.ts'
import { isScriptText } from './powershell-text.ts'
import { hasUnknownIntegrity } from './suites.ts'

/** What holds for everything Windows gets. */
export function commonFindings(input: ProfileInput): readonly Finding[] {
  const { connection, certificate } = input
  const findings = [...textFindings(input), ...nameFindings(input)]
  if (asksForCertificate(connection.authentication) && certificate === undefined) {
    findings.push(
      warning(
        'certificate-elsewhere',
        'It asks for a certificate of the person, which does not come along: auto-enrolment or a link has to bring it.',
        'authentication',
      ),
    )
  }
  if (certificate?.kind === 'pkcs12' && certificate.form === 'modern') {
    findings.push(
      warning(
        'pkcs12-needs-windows-10',
        'Windows before 10 version 1709 and Server 2019 cannot open this PKCS#12 container (AES, SHA-256).',
      ),
    )
  }
  if (/mschapv2/.test(connection.authentication)) {
    findings.push(
      warning(
        'mschapv2-and-credential-guard',
        'Credential Guard (on by default since Windows 11 22H2 Enterprise) neither stores nor passes on passwords for MS-CHAPv2: people type it each time. Use eap-tls.',
        'authentication',
      ),
    )
  }
  return findings
}

/** And for tunnels. */
export function vpnFindings(input: ProfileInput<VpnConnection>): readonly Finding[] {
  const { connection } = input
  const types = windowsTunnels(connection).map(({ type }) => type)
  const findings: Finding[] = [...commonFindings(input)]
  const isProtected = types.includes('ikev2') || types.includes('l2tp')
  if (isProtected && hasUnknownIntegrity(connection.cryptography)) {
    findings.push(
      obstacle(
        'suite-not-on-windows',
        'Windows has no SHA-384 for ESP: use sha256 or a cipher with GCM, at the gateway too.',
        'cryptography/esp/integrity',
      ),
    )
  }
  if (types.includes('ikev2') && connection.authentication === 'mschapv2') {
    findings.push(
      obstacle(
        'method-not-in-ikev2',
        'IKEv2 of Windows carries EAP alone: use eap-mschapv2.',
        'authentication',
      ),
    )
  }
  if (types.includes('pptp')) {
    findings.push(
      warning(
        'pptp-unsafe',
        'PPTP: the password falls out of one DES key search, the tunnel has no integrity, and NAT often stops it.',
        'tunnelTypes',
      ),
    )
    if (connection.encryption === 'none') {
      findings.push(
        obstacle(
          'pptp-without-encryption',
          'Windows refuses PPTP without encryption where MS-CHAPv2 or EAP proves the person.',
          'encryption',
        ),
      )
    }
  }
  if (types.includes('l2tp') && connection.l2tpMachineAuthentication === 'psk') {
    findings.push(
      connection.preSharedKey === undefined
        ? obstacle('pre-shared-key-missing', 'L2TP with a shared key needs one.', 'preSharedKey')
        : warning(
            'psk-shared-by-all',
            'All share one key: whoever has it can play the gateway.',
            'preSharedKey',
          ),
    )
  }
  if (connection.mtu !== undefined)
    findings.push(warning('mtu-not-carried', 'Windows finds the size of packets by itself.', 'mtu'))
  if (connection.dns.servers.length > 0) {
    findings.push(
      warning(
        'dns-servers-not-carried',
        'DNS servers of the tunnel come from the gateway; only rules name servers of their own.',
        'dns/servers',
      ),
    )
  }
  const prefixes = [...connection.routes.map(({ prefix }) => prefix), ...devicePrefixes(connection)]
  for (const prefix of prefixes) {
    if (!isPlainPrefix(prefix))
      findings.push(obstacle('prefix-not-on-windows', `${prefix} is no plain network.`, 'routes'))
  }
  return findings
}

/** Of commands and the registry no name may be more than a name. */
function textFindings(input: ProfileInput): Finding[] {
  const { connection, person, organization } = input
  const texts = [
    ...textsOf(connection, ''),
    ...textsOf(person, 'account'),
    ...textsOf(organization.name, 'organization/name'),
  ]
  const [place] = texts.find(([, text]) => !isScriptText(text)) ?? []
  if (place === undefined) return []
  return [
    obstacle(
      'text-unwritable',
      // Where, and not what: it may be the shared key.
      `${place} holds control characters, line breaks or marks that turn the reading direction.`,
    ),
  ]
}

function nameFindings({ connection }: ProfileInput): Finding[] {
  const name = shownName(connection)
  const isFit = !REFUSED_IN_NAMES[connection.kind].test(name) && name.length <= LONGEST_NAME
  if (isFit && /[\p{L}\p{N}]/u.test(name)) return []
  return [
    obstacle(
      'name-not-on-windows',
      `Windows refuses "${name}" as a name: no | < > ? * \\ / : " [ ], no dot at the beginning, at least one letter, at most ${String(LONGEST_NAME)} characters. Give the connection a title.`,
      'title',
    ),
  ]
}

export function deviceTunnelFindings(connection: VpnConnection): readonly Finding[] {
  const { deviceTunnel } = connection
  if (deviceTunnel === undefined) return []
  const findings = [
    warning(
      'device-tunnel-needs-enterprise',
      `"${deviceTunnelName(connection)}" needs Windows Enterprise or Education, joined to a domain, and a certificate of the machine; Home and Pro take the file and never connect. One per machine.`,
      'deviceTunnel',
    ),
  ]
  const prefixes = devicePrefixes(connection)
  if (deviceTunnel.trafficFilters.length > 0 && prefixes.some((prefix) => prefix.includes(':'))) {
    findings.push(
      obstacle(
        'traffic-filter-without-ipv6',
        'Traffic filters of Windows do not go together with IPv6.',
        'deviceTunnel/trafficFilters',
      ),
    )
  }
  return findings
}

function devicePrefixes({ deviceTunnel }: VpnConnection): readonly string[] {
  if (deviceTunnel === undefined) return []
  return [
    ...deviceTunnel.routes,
    ...deviceTunnel.trafficFilters.flatMap(({ remotePrefixes }) => remotePrefixes),
  ]
}

/** Neither a zone (`fe80::1%2`) nor IPv4 inside IPv6. */
function isPlainPrefix(prefix: string): boolean {
  try {
    networkPrefix(prefix)
    return true
  } catch {
    return false
  }
}

/** All texts an administrator or a directory wrote, but certificates and secrets of our own making. */
function textsOf(value: unknown, place: string): readonly (readonly [place: string, text: string])[] {
  if (typeof value === 'string') return value.startsWith('-----BEGIN') ? [] : [[place, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    textsOf(inner, place === '' ? key : `${place}/${key}`),
  )
}
