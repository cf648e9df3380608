import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import {
  type Certificate,
  certificateNames,
  decodePem,
  EKU,
  hasIssued,
  isSelfIssued,
  keyWeakness,
  nameText,
  PkiError,
  parseCertificate,
} from '@sallyport/pki'
import type { ServerCertificateConfiguration } from '../config/schema.ts'
import { DAY } from './authority.ts'

/** What is wrong, or doubtful, with a server certificate an administrator brought along. */
export interface ServerCertificateFinding {
  readonly severity: 'error' | 'warning'
  readonly field: 'chain' | 'key'
  readonly code: string
  readonly message: string
}

type Brought = Extract<ServerCertificateConfiguration, { kind: 'pem' }>

interface Opened {
  readonly leaf: Certificate
  readonly issuers: readonly Certificate[]
  readonly key: KeyObject
  readonly now: number
}

/** Public CAs may not issue for longer, and Apple's systems refuse what is longer (CA/Browser Forum ballot SC31). */
const LONGEST_DAYS = 398
export const SOON_DAYS = 30

/** In this order; after an error nothing further is asked. An expired one is no error: it must not forbid other changes. */
const CHECKS: readonly ((opened: Opened) => ServerCertificateFinding | undefined)[] = [
  keyMatches,
  isNoCa,
  isStrong,
  isForServers,
  chainHolds,
  chainIsThere,
  isValidNow,
  carriesName,
  hasNoWildcard,
  isShortLived,
]

/** @param now milliseconds since the epoch */
export function checkServerCertificate(brought: Brought, now: number): ServerCertificateFinding[] {
  const opened = open(brought, now)
  if ('severity' in opened) return [opened]
  const findings: ServerCertificateFinding[] = []
  for (const check of CHECKS) {
    const finding = check(opened)
    if (finding !== undefined) findings.push(finding)
    if (finding?.severity === 'error') break
  }
  return findings
}

/** The certificates of a PEM chain, leaf first. @throws PkiError */
export function readChain(pem: string): Certificate[] {
  return decodePem('CERTIFICATE', pem).map((der) => parseCertificate(der))
}

function open(brought: Brought, now: number): Opened | ServerCertificateFinding {
  try {
    const [leaf, ...issuers] = readChain(brought.chain)
    if (leaf === undefined) return error('chain', 'server-certificate-unreadable', 'It holds no certificate.')
    return { leaf, issuers, key: createPrivateKey(brought.key), now }
  } catch (cause) {
    if (cause instanceof PkiError) {
      return error('chain', 'server-certificate-unreadable', `It cannot be read: ${cause.message}.`)
    }
    // What OpenSSL says of a broken key is of no use to anybody.
    return error('key', 'server-key-unreadable', 'The private key cannot be read.')
  }
}

function keyMatches({ leaf, key }: Opened) {
  if (leaf.publicKey !== undefined && createPublicKey(key).equals(leaf.publicKey)) return undefined
  const subject = nameText(leaf.subject)
  return error(
    'key',
    'server-key-mismatch',
    `The key does not belong to the first certificate (${subject}). The server's own certificate must stand first.`,
  )
}

function isNoCa({ leaf }: Opened) {
  return leaf.extensions.basicConstraints?.ca === true
    ? error('chain', 'server-certificate-is-ca', 'The first certificate is that of a CA.')
    : undefined
}

function isStrong({ leaf }: Opened) {
  const weakness = keyWeakness(leaf.publicKey, { minimumRsaBits: 2048 })
  if (weakness !== undefined) return error('chain', 'server-certificate-weak', `${weakness}.`)
  const { scheme } = leaf.signatureAlgorithm
  if (scheme?.hash !== 'sha1' && scheme?.hash !== 'md5') return undefined
  return error('chain', 'server-certificate-weak', `It is signed with ${scheme.name}: supplicants refuse it.`)
}

function isForServers({ leaf }: Opened) {
  const { extendedKeyUsage } = leaf.extensions
  if (extendedKeyUsage === undefined) {
    const message = 'It names no extended key usage: Windows wants serverAuth (1.3.6.1.5.5.7.3.1).'
    return warning('chain', 'server-certificate-purpose', message)
  }
  if (extendedKeyUsage.includes(EKU.serverAuth)) return undefined
  const found = extendedKeyUsage.join(', ')
  return error(
    'chain',
    'server-certificate-purpose',
    `Its extended key usages (${found}) lack serverAuth (${EKU.serverAuth}).`,
  )
}

/** Supplicants verify what they are sent in this very order (RFC 5246 section 7.4.2). */
function chainHolds({ leaf, issuers }: Opened) {
  let below = leaf
  for (const issuer of issuers) {
    if (!hasIssued(issuer, below)) {
      const message = `'${nameText(issuer.subject)}' did not issue '${nameText(below.subject)}': each certificate must be followed by its issuer's.`
      return error('chain', 'server-certificate-chain-broken', message)
    }
    below = issuer
  }
  return undefined
}

function chainIsThere({ leaf, issuers }: Opened) {
  if (isSelfIssued(leaf)) {
    const message =
      'It is self-signed: each supplicant must trust this very certificate, and again after its renewal.'
    return warning('chain', 'server-certificate-self-signed', message)
  }
  if (issuers.length > 0) return undefined
  const issuer = nameText(leaf.issuer)
  const message = `Only the server's certificate is given. Where '${issuer}' is an intermediate CA, add its certificate: supplicants know the root alone.`
  return warning('chain', 'server-certificate-chain-short', message)
}

function isValidNow({ leaf, issuers, now }: Opened) {
  const end = Math.min(leaf.notAfter, ...issuers.map(({ notAfter }) => notAfter))
  const date = new Date(end).toISOString()
  if (now > end)
    return warning('chain', 'server-certificate-expired', `It ended ${date}: supplicants refuse it.`)
  if (now < leaf.notBefore) {
    const begin = new Date(leaf.notBefore).toISOString()
    return warning(
      'chain',
      'server-certificate-not-yet-valid',
      `It begins ${begin}: until then it is refused.`,
    )
  }
  return end - now < SOON_DAYS * DAY
    ? warning('chain', 'server-certificate-ends-soon', `It ends ${date}. Bring the next one in time.`)
    : undefined
}

function carriesName({ leaf }: Opened) {
  if (certificateNames(leaf).dnsNames.length > 0) return undefined
  const message = 'It has no DNS name in its subjectAltName: supplicants cannot check the name of the server.'
  return warning('chain', 'server-certificate-nameless', message)
}

function hasNoWildcard({ leaf }: Opened) {
  const wildcard = certificateNames(leaf).dnsNames.find((name) => name.includes('*'))
  if (wildcard === undefined) return undefined
  return warning(
    'chain',
    'server-certificate-wildcard',
    `Windows refuses ${wildcard} in EAP: use a full name.`,
  )
}

function isShortLived({ leaf }: Opened) {
  const days = Math.round((leaf.notAfter - leaf.notBefore) / DAY)
  if (days <= LONGEST_DAYS) return undefined
  const message = `It is valid for ${days} days. Some supplicants refuse more than ${LONGEST_DAYS}.`
  return warning('chain', 'server-certificate-long', message)
}

function error(field: ServerCertificateFinding['field'], code: string, message: string) {
  return { severity: 'error', field, code, message } as const
}

function warning(field: ServerCertificateFinding['field'], code: string, message: string) {
  return { severity: 'warning', field, code, message } as const
}
