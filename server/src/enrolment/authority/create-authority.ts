import { randomBytes } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  type Certificate,
  type CertificateIssuer,
  createIssuingCertificate,
  createRootCertificate,
  type DistinguishedName,
  distinguishedName,
  generateKeyPairFor,
  newSerialNumber,
  publicKeyOf,
  type SigningKey,
} from '@sallyport/pki'
import { caKeyId, type IssuedPointers } from '../publication-paths.ts'
import type { AuthorityKey } from './kept-authority.ts'
import { recordAndSign, type SigningParts } from './record-and-sign.ts'
import type { TokenKey, TokenKeyAlgorithm, Tokens } from './tokens.ts'

const YEAR = 365 * 86_400_000

export type AuthorityKeyAlgorithm = TokenKeyAlgorithm

/** Where the key of a new CA is made. */
export interface KeyWish {
  readonly algorithm: AuthorityKeyAlgorithm
  /** In this token; absent: here, sealed. */
  readonly token?: Pick<TokenKey, 'token' | 'pin'>
}

export interface NewAuthority {
  readonly certificate: Certificate
  readonly privateKey: SigningKey
  readonly key: AuthorityKey
}

interface NewKey {
  readonly privateKey: SigningKey
  readonly key: AuthorityKey
}

export function newKey({ algorithm, token }: KeyWish, tokens: Tokens): NewKey {
  if (token === undefined) {
    const { privateKey } = generateKeyPairFor(algorithm)
    return { privateKey, key: { privateKey } }
  }
  const tokenKey = { ...token, id: toHex(randomBytes(8)) }
  const publicKey = tokens.generate(tokenKey, algorithm)
  return { privateKey: tokens.signer(tokenKey, publicKey), key: { tokenKey } }
}

/** A root: it signs nothing but issuing CAs, so its key is always sealed here. */
export async function createRoot(
  parts: SigningParts,
  algorithm: AuthorityKeyAlgorithm,
): Promise<NewAuthority> {
  const { publicKey, privateKey } = generateKeyPairFor(algorithm)
  const subject = authorityName('Root CA')
  const certificate = await recordAndSign(parts, {
    ...{ kind: 'root-ca', subject },
    notAfter: parts.clock.now() + 20 * YEAR,
    sign: (serial, notBefore, notAfter) =>
      createRootCertificate({ subject, publicKey, privateKey, serial, notBefore, notAfter }),
  })
  return { certificate, privateKey, key: { privateKey } }
}

export async function createIssuing(
  parts: SigningParts,
  issuer: CertificateIssuer,
  { privateKey, key }: NewKey,
  pointers: IssuedPointers | undefined,
): Promise<NewAuthority> {
  const publicKey = publicKeyOf(privateKey)
  const subject = authorityName('Issuing CA')
  const certificate = await recordAndSign(parts, {
    ...{ kind: 'issuing-ca', subject, origin: { issuer_key: caKeyId(issuer.certificate) } },
    notAfter: Math.min(parts.clock.now() + 10 * YEAR, issuer.certificate.notAfter),
    sign: (serial, notBefore, notAfter) =>
      createIssuingCertificate({ subject, publicKey, issuer, serial, notBefore, notAfter, ...pointers }),
  })
  return { certificate, privateKey, key }
}

/**
 * Says in the name of one root that the key of another is good (RFC 7030 section 4.1.3: OldWithNew, NewWithOld): whoever
 * trusts one of them can check what is below the other.
 */
export async function crossCertify(
  parts: SigningParts,
  issuer: CertificateIssuer,
  subject: Certificate,
): Promise<Certificate> {
  const { publicKey } = subject
  if (publicKey === undefined) throw new TypeError('a root whose key is not understood')
  return await recordAndSign(parts, {
    ...{ kind: 'cross-ca', subject: subject.subject, origin: { issuer_key: caKeyId(issuer.certificate) } },
    notAfter: Math.min(issuer.certificate.notAfter, subject.notAfter),
    sign: (serial, notBefore, notAfter) =>
      createIssuingCertificate({
        ...{ subject: subject.subject, publicKey, issuer, serial, notBefore, notAfter },
        pathLength: 1,
      }),
  })
}

/** A random part keeps two installations apart where somebody trusts both: path building goes by names. */
export function authorityName(role: string): DistinguishedName {
  return distinguishedName(
    ['O', 'Sallyport'],
    ['CN', `Sallyport ${role} ${toHex(newSerialNumber().subarray(1, 5))}`],
  )
}
