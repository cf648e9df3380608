import {
  type Certificate,
  derOrPem,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  PkiError,
  parseCertificationRequest,
  serialText,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { RequestError } from '../kernel/errors.ts'
import type { CertificateAuthority, EndEntityRequest } from './authority.ts'
import { holderUri } from './certificate-holder.ts'
import { privateKeyPem } from './private-key.ts'

export interface ClientCertificateRequest {
  /** Account name without realm. */
  readonly user: string
  /** The account's id: the certificate is worth nothing to another account of the same name. */
  readonly userId: string
  /** With a realm the user principal name is `user@realm`, without it the bare name. */
  readonly realm?: string
  readonly days: number
  /** PKCS #10 in PEM. Names in it are not used; without it a key is made here and handed out once. */
  readonly request?: string
}

export interface ClientCertificate {
  readonly serial: string
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
  /** The user principal name in it: who logs in with it. */
  readonly userName: string
  /** Leaf and issuing CA in PEM. */
  readonly chain: string
  /** What the holder is to trust: one certificate, or several while a new CA is prepared. */
  readonly root: string
  /** PKCS #8 in PEM where the key was made here. It is not kept. */
  readonly key?: string
}

/**
 * Issues a certificate a user can log in with. The names come from the account, never from the request.
 *
 * @throws RequestError 'certificate-request-invalid'
 */
export async function issueClientCertificate(
  authority: CertificateAuthority,
  { user, userId, realm, days, request }: ClientCertificateRequest,
): Promise<ClientCertificate> {
  if (user.trim() === '') throw invalid('The user name is empty.')
  if (!Number.isInteger(days) || days < 1) throw invalid('The validity is not a whole number of days.')
  const made = request === undefined ? generateKeyPairFor('p256') : undefined
  const publicKey = made?.publicKey ?? requestedKey(request ?? '')
  const name = realm === undefined ? user : `${user}@${realm}`
  const certificate = await issued(authority, {
    kind: 'client',
    template: USER_AUTHENTICATION,
    subject: distinguishedName(['CN', user]),
    san: [
      { kind: 'upn', name },
      { kind: 'uri', uri: holderUri(userId) },
    ],
    publicKey,
    days,
    origin: { holder_id: userId, holder_name: name },
  })
  return {
    ...describe(certificate, authority),
    userName: name,
    ...(made !== undefined && { key: privateKeyPem(made.privateKey) }),
  }
}

/** The package refuses weak keys of requests; everything else in the request is ours. */
async function issued(authority: CertificateAuthority, request: EndEntityRequest): Promise<Certificate> {
  try {
    return await authority.issue(request)
  } catch (error) {
    if (error instanceof PkiError) throw invalid(`The certificate cannot be issued: ${error.message}.`, error)
    throw error
  }
}

function describe(certificate: Certificate, authority: CertificateAuthority) {
  return {
    serial: serialText(certificate.serial),
    fingerprint: certificate.fingerprint,
    notAfter: certificate.notAfter,
    chain: authority.chainPem(certificate),
    root: authority.anchors.map(({ der }) => encodePem('CERTIFICATE', der)).join(''),
  }
}

function requestedKey(pem: string) {
  try {
    const { publicKey, proofOfPossession } = parseCertificationRequest(derOrPem('CERTIFICATE REQUEST', pem))
    if (publicKey === undefined || !proofOfPossession) {
      throw invalid('The certificate request is not signed by the key it names.')
    }
    return publicKey
  } catch (error) {
    if (error instanceof PkiError) throw invalid('The certificate request cannot be read.', error)
    throw error
  }
}

function invalid(message: string, cause?: unknown): RequestError {
  return new RequestError('certificate-request-invalid', message, {}, cause)
}
