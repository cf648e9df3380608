import { error, type LintFinding, warning } from './lint-finding.ts'
import type { EapFacts, ProfileFacts } from './profile-facts.ts'

/** What the server really is, where whoever lints knows it. */
export interface KnownServer {
  readonly names: readonly string[]
  /** SHA-1 thumbprints of the roots, lower-case hex. */
  readonly thumbprints: readonly string[]
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2'
const TLS_METHODS: readonly EapFacts['method'][] = ['eap-tls', 'peap', 'ttls']

/** Traps of EAP: who stands between client and server gets the password or the session. */
export function lintEap(facts: ProfileFacts, known?: KnownServer): LintFinding[] {
  return facts.eap.flatMap((eap) => [
    ...(TLS_METHODS.includes(eap.method) ? serverFindings(eap, known) : []),
    ...methodFindings(eap),
  ])
}

function serverFindings(eap: EapFacts, known: KnownServer | undefined): LintFinding[] {
  const { place, checksServer, serverNames, anchors, asksPerson } = eap
  if (checksServer === false) {
    const message = 'The certificate of the server is not checked: anybody can play it.'
    return [error('server-not-checked', place, message, 'Switch the check on, with root and name.')]
  }
  const findings: LintFinding[] = []
  if (anchors !== undefined && anchors.length === 0) {
    const message = 'No root is named: a certificate of any CA the machine trusts passes for the server.'
    findings.push(error('anchor-missing', place, message, 'Name the root of the RADIUS server.'))
  }
  if (serverNames !== undefined && serverNames.names.length === 0) {
    const message = 'No server name is named: any server of that CA passes, also a web server.'
    findings.push(error('server-names-missing', place, message, 'Name the RADIUS server (domain match).'))
  }
  if (asksPerson === true) {
    const message = 'The person is asked whether to trust a server that fails the check, and says yes.'
    findings.push(error('asks-person', place, message, 'Do not let the person decide.'))
  }
  for (const name of serverNames?.names ?? [])
    findings.push(...nameFindings(place, name, serverNames?.arePatterns ?? false))
  for (const anchor of anchors ?? []) findings.push(...anchorFindings(place, anchor, known))
  if (known !== undefined && serverNames !== undefined && serverNames.names.length > 0) {
    const isMet = serverNames.names.some((name) =>
      known.names.some((own) => meets(name, own, serverNames.arePatterns)),
    )
    if (!isMet) {
      const message = `No name fits this server (${known.names.join(', ')}): every login will fail.`
      findings.push(error('server-names-differ', place, message, 'Name the server as its certificate does.'))
    }
  }
  return findings
}

function nameFindings(place: string, name: string, isPattern: boolean): LintFinding[] {
  if (!isPattern) {
    return name.startsWith('*')
      ? [
          warning(
            'server-names-loose',
            place,
            `"${name}" lets any server of the domain pass.`,
            'Name the server.',
          ),
        ]
      : []
  }
  if (/\.[*+]/.test(name)) {
    return [error('server-names-loose', place, `The pattern "${name}" fits any server.`, 'Name the server.')]
  }
  if (/(^|[^\\])\.(?!$)/.test(name)) {
    const message = `The dots of "${name}" are not escaped: it is a regular expression, and other names fit it too.`
    return [
      warning('server-names-unescaped', place, message, `Write ${name.replace(/(^|[^\\])\./g, '$1\\.')}.`),
    ]
  }
  return []
}

function anchorFindings(place: string, anchor: string, known: KnownServer | undefined): LintFinding[] {
  const hex = anchor.replace(/[\s:]/g, '').toLowerCase()
  const isThumbprint = /^[0-9a-f]{40}$/.test(hex)
  if (!isThumbprint) return []
  if (known === undefined || known.thumbprints.includes(hex)) return []
  const message = `The root ${hex} is none of this server's: every login will fail.`
  return [error('anchor-differs', place, message, `Its roots: ${known.thumbprints.join(', ')}.`)]
}

function meets(name: string, own: string, isPattern: boolean): boolean {
  if (!isPattern) {
    const bare = name.replace(/^\*\./, '').toLowerCase()
    return own.toLowerCase() === bare || own.toLowerCase().endsWith(`.${bare}`)
  }
  // A pattern of somebody else is not run: it could take for ever. Only its literal text is compared.
  const literal = name
    .replace(/^\^|\$$/g, '')
    .replace(/\\(.)/g, '$1')
    .toLowerCase()
  return literal.split('|').includes(own.toLowerCase()) || /[\^$*+?()[\]{}|]/.test(name)
}

function methodFindings({
  place,
  method,
  inner,
  isInner,
  cryptoBinding,
  keyUsageFilter,
}: EapFacts): LintFinding[] {
  const findings: LintFinding[] = []
  if (method === 'peap' && cryptoBinding === false) {
    const message = 'PEAP without crypto-binding: a tunnel of somebody else can carry the inside.'
    findings.push(warning('crypto-binding-off', place, message, 'Require crypto-binding.'))
  }
  if (method === 'eap-tls' && keyUsageFilter !== undefined) {
    if (keyUsageFilter.length === 0) {
      const message = 'Nothing says which certificate the client takes: with several it takes any, or asks.'
      findings.push(
        warning('key-usage-filter-missing', place, message, 'Filter by extended key usage or issuer.'),
      )
    } else if (
      !keyUsageFilter.includes(CLIENT_AUTHENTICATION) &&
      keyUsageFilter.every((oid) => /^[\d.]+$/.test(oid))
    ) {
      const message = `The filter takes ${keyUsageFilter.join(', ')}, and not client authentication.`
      findings.push(
        warning(
          'key-usage-filter-other',
          place,
          message,
          `Add ${CLIENT_AUTHENTICATION}, unless certificates carry that usage on purpose.`,
        ),
      )
    }
  }
  if (method === 'ttls' && inner === 'pap') {
    const message =
      'EAP-TTLS with PAP hands the password itself to whoever the client believes to be the server.'
    findings.push(warning('password-inside', place, message, 'Use EAP-TLS, or at least MS-CHAPv2 inside.'))
  }
  if (method === 'eap-mschapv2' && isInner !== true) {
    const message =
      'EAP-MSCHAPv2 without PEAP: the gateway sees an exchange that is reducible to one DES key.'
    findings.push(warning('mschapv2-bare', place, message, 'Use EAP-TLS, or PEAP around it.'))
  }
  return findings
}
