import { isIP, type Socket } from 'node:net'
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import { codeOf, REACH_MILLISECONDS } from './reach.ts'
import type { Steps } from './steps.ts'

export interface Trust {
  readonly secureContext: SecureContext
  /** The name the certificate must carry. */
  readonly expected: string
}

/**
 * A handshake that looks at the whole chain also where it is not trusted, and says why. What is not trusted is closed: not
 * one octet of LDAP is said over it.
 */
export function encrypt(
  socket: Socket,
  { secureContext, expected }: Trust,
  steps: Steps,
): Promise<TLSSocket | undefined> {
  return new Promise((resolve) => {
    const encrypted = connect({
      ...{ socket, secureContext },
      // The verdict is looked at below, with the chain; with `true` the chain of a refused server could not be shown.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isIP(expected) === 0 ? { servername: expected } : {}),
    })
    const finish = (isGood: boolean): void => {
      clearTimeout(timer)
      encrypted.off('secureConnect', done).off('error', failed).off('close', closed)
      encrypted.on('error', () => undefined)
      if (!isGood) encrypted.destroy()
      resolve(isGood ? encrypted : undefined)
    }
    const fail = (detail: string, cure: string): void => {
      steps.fail('tls', detail, cure)
      finish(false)
    }
    const done = (): void => finish(isTrusted(encrypted, expected, steps))
    const failed = (error: Error): void =>
      fail(`the handshake failed: ${error.message}`, TLS_CURES[codeOf(error)] ?? NO_TLS)
    const closed = (): void => fail('the server hung up during the handshake', NO_TLS)
    const timer = setTimeout(
      () => fail(`no handshake within ${REACH_MILLISECONDS} ms`, NO_TLS),
      REACH_MILLISECONDS,
    )
    encrypted.on('secureConnect', done).on('error', failed).on('close', closed)
  })
}

const NO_TLS = 'Is this a port with TLS (636)? For port 389 use ldap:// with startTls: true.'
const OTHER_CA = 'Set authorities of the source to the PEM of the CA that issued it (the last issuer above).'

/** By the code of OpenSSL's verdict. */
const TLS_CURES: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: OTHER_CA,
  DEPTH_ZERO_SELF_SIGNED_CERT: `${OTHER_CA} It is signed by itself: better give the server one of your CA.`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: OTHER_CA,
  UNABLE_TO_GET_ISSUER_CERT: OTHER_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: OTHER_CA,
  CERT_HAS_EXPIRED: 'Renew the certificate of the server.',
  CERT_NOT_YET_VALID: 'Look at the clocks of both machines.',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'It speaks nothing newer than TLS 1.1: update it.',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
}

const VERDICTS: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'its CA is not trusted here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself and not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its CA is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its CA is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its CA is not trusted here',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
}

function isTrusted(encrypted: TLSSocket, expected: string, steps: Steps): boolean {
  const leaf = encrypted.getPeerCertificate(true)
  const seen = chainText(leaf)
  if (!encrypted.authorized) {
    const code = codeOf(encrypted.authorizationError)
    const why = VERDICTS[code] ?? code
    steps.fail('tls', `the certificate is refused, ${why}: ${seen}`, TLS_CURES[code] ?? OTHER_CA)
    return false
  }
  if (checkServerIdentity(expected, leaf) !== undefined) {
    const cure = `Write the server by a name that is in its certificate, or set serverName of the source to one.`
    steps.fail('tls', `the certificate is not for ${expected}: ${seen}`, cure)
    return false
  }
  steps.ok('tls', `${encrypted.getProtocol() ?? 'TLS'}, trusted and for ${expected}: ${seen}`)
  return true
}

const MOST_CERTIFICATES = 5

/** `CN=dc1 (DNS:dc1.example.org) valid until 2027-01-01, issued by CN=Example CA; CN=Example CA ...` */
function chainText(leaf: DetailedPeerCertificate): string {
  const seen: string[] = []
  const fingerprints = new Set<string>()
  for (let certificate: DetailedPeerCertificate | undefined = leaf; certificate?.subject !== undefined; ) {
    if (fingerprints.has(certificate.fingerprint256) || seen.length === MOST_CERTIFICATES) break
    fingerprints.add(certificate.fingerprint256)
    const { subjectaltname } = certificate
    const names = subjectaltname === undefined ? '' : ` (${subjectaltname})`
    seen.push(
      `${nameText(certificate.subject)}${names} valid ${day(certificate.valid_from)} to ${day(certificate.valid_to)}, ` +
        `issued by ${nameText(certificate.issuer)}`,
    )
    certificate = certificate.issuerCertificate
  }
  return seen.length === 0 ? 'it sent none' : seen.join('; ')
}

function nameText(name: object): string {
  const parts = Object.entries(name).flatMap(([type, value]) =>
    [value].flat().map((each) => `${type}=${each}`),
  )
  return parts.length === 0 ? '(no name)' : parts.join(', ')
}

function day(date: string): string {
  const time = Date.parse(date)
  return Number.isNaN(time) ? date : new Date(time).toISOString().slice(0, 10)
}
