import { error, type LintFinding, warning } from './lint-finding.ts'
import type { NetworkFacts, ProfileFacts, TunnelFacts } from './profile-facts.ts'

/** Names of what nobody should agree on any more, as any of the formats writes them. */
const WEAK =
  /^(des|des3|3des|md5|md596|sha1|sha196|sha1[-_](96|160)|modp(768|1024|1536)|group[125]|none|null|rc4|blowfish|cast128|pfs1|pfs2|1|2|5)$/i
const WEAK_MEANS: Readonly<Record<string, string>> = {
  pfs1: 'a 768-bit group',
  pfs2: 'a 1024-bit group',
  group1: 'a 768-bit group',
  group2: 'a 1024-bit group',
  modp1024: 'a 1024-bit group',
}

/** Traps of the tunnel itself. */
export function lintTunnels(facts: ProfileFacts): LintFinding[] {
  return [
    ...facts.tunnels.flatMap((tunnel) => tunnelFindings(tunnel, facts)),
    ...facts.networks.flatMap(networkFindings),
  ]
}

function tunnelFindings(tunnel: TunnelFacts, facts: ProfileFacts): LintFinding[] {
  return [
    ...typeFindings(tunnel),
    ...encryptionFindings(tunnel),
    ...suiteFindings(tunnel, facts),
    ...trustFindings(tunnel),
  ]
}

function typeFindings({ place, type, methods = [], usesPreSharedKey }: TunnelFacts): LintFinding[] {
  const findings: LintFinding[] = []
  if (type === 'pptp') {
    const message = 'PPTP protects nothing: what is recorded today is read tomorrow.'
    findings.push(warning('pptp', place, message, 'Use IKEv2 or SSTP.'))
  }
  if (type === 'automatic') {
    const message =
      'The client tries tunnel types by itself, PPTP among them, and names the wrong reason when all fail.'
    findings.push(warning('tunnel-type-automatic', place, message, 'Name one type.'))
  }
  if (usesPreSharedKey === true) {
    const message = 'A key that everybody shares: who has it can play the gateway.'
    findings.push(warning('pre-shared-key', place, message, 'Use certificates.'))
  }
  const plain = methods.filter((method) => method === 'pap' || method === 'chap' || method === 'mschap')
  if (plain.length > 0 && type !== 'sstp') {
    const message = `${plain.join(', ')} proves the password in a way that is read or guessed from a recording.`
    findings.push(error('weak-authentication', place, message, 'Allow EAP or MS-CHAPv2 alone.'))
  }
  return findings
}

function encryptionFindings({ place, type, encryption, methods }: TunnelFacts): LintFinding[] {
  if (type === 'pptp' && (encryption === undefined || encryption === 'none' || encryption === 'optional')) {
    const message = 'PPTP without encryption: everything goes over the network in the clear.'
    return [error('pptp-without-encryption', place, message, 'Require MPPE with 128 bits.')]
  }
  if (
    type === 'pptp' &&
    methods !== undefined &&
    !methods.some((one) => one === 'mschapv2' || one === 'eap')
  ) {
    const message = 'PPTP gets its keys from MS-CHAPv2 or EAP; without them there is no encryption.'
    return [error('pptp-without-encryption', place, message, 'Allow MS-CHAPv2 or EAP.')]
  }
  if (encryption !== 'none' && encryption !== 'optional') return []
  const message = `Encryption is ${encryption}: the tunnel comes up in the clear too.`
  return [error('encryption-not-required', place, message, 'Require it.')]
}

function suiteFindings({ place, type, suites }: TunnelFacts, { format }: ProfileFacts): LintFinding[] {
  const isWindows = format === 'profile-xml' || format === 'powershell'
  if (suites === undefined || suites.length === 0) {
    if (type !== 'ikev2' || !isWindows) return []
    const message =
      'No suites are set: Windows offers a 1024-bit group with SHA-1, which gateways refuse (error 13868).'
    return [error('suites-missing', place, message, 'Set all six values.')]
  }
  return [...new Set(suites.filter((suite) => WEAK.test(suite)))].map((suite) => {
    const means = WEAK_MEANS[suite.toLowerCase()]
    const message = `${suite} is weak${means === undefined ? '' : `: ${means}`}.`
    return error(
      'weak-suite',
      place,
      message,
      'Use AES with SHA-256 or GCM, and a group of 2048 bits or P-256.',
    )
  })
}

function trustFindings({
  place,
  type,
  checksGatewayName,
  gatewayAnchors,
  holdsSecret,
}: TunnelFacts): LintFinding[] {
  const findings: LintFinding[] = []
  if (checksGatewayName === false) {
    const message =
      'The name in the certificate of the gateway is not compared: any certificate of a trusted CA passes.'
    findings.push(
      error('gateway-name-not-checked', place, message, 'Name the gateway as its certificate does.'),
    )
  }
  if (gatewayAnchors !== undefined && gatewayAnchors.length === 0 && type !== 'pptp') {
    const message = 'No root is named for the gateway: any CA the client knows may vouch for it.'
    findings.push(warning('gateway-anchor-missing', place, message, 'Bring the root along.'))
  }
  if (holdsSecret === true) {
    const message = 'A password or shared key stands in the file: who reads the file has it.'
    findings.push(
      warning(
        'secret-inside',
        place,
        message,
        'Hand it over only to whom it belongs, and let people type passwords.',
      ),
    )
  }
  return findings
}

function networkFindings({ place, kind, security, cipher, usesEap }: NetworkFacts): LintFinding[] {
  const findings: LintFinding[] = []
  if (kind === 'wifi' && security !== undefined && ['open', 'wep', 'none', 'wpa'].includes(security)) {
    const message = `The network is protected by ${security}, which protects nothing or nearly so.`
    findings.push(error('wifi-unprotected', place, message, 'Use WPA2-Enterprise or WPA3-Enterprise.'))
  }
  if (cipher !== undefined && /^(tkip|wep)/i.test(cipher)) {
    findings.push(error('weak-suite', place, `${cipher} is weak.`, 'Use AES (CCMP) or GCMP.'))
  }
  if (!usesEap) {
    const message = 'Nobody proves who it is: the network has no 802.1X, or a password that everybody shares.'
    findings.push(warning('no-eap', place, message, 'Use 802.1X.'))
  }
  return findings
}
