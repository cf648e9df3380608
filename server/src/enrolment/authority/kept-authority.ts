import { createPrivateKey, type KeyObject } from 'node:crypto'
import {
  type Certificate,
  type CertificateIssuer,
  decodePem,
  encodePem,
  parseCertificate,
  type SigningKey,
} from '@sallyport/pki'
import { BugError } from '../../kernel/errors.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { privateKeyPem } from '../private-key.ts'
import { caKeyId } from '../publication-paths.ts'
import type { AuthorityRecord } from './authority-store.ts'
import type { TokenKey, Tokens } from './tokens.ts'

/** A CA of ours: its certificate, what signs in its name, and where it stands. */
export interface KeptAuthority extends CertificateIssuer {
  readonly keyId: string
  readonly role: AuthorityRecord['role']
  readonly state: Exclude<AuthorityRecord['state'], 'requested'>
  readonly origin: AuthorityRecord['origin']
  /** Those above it, the root last; empty for a root. */
  readonly chain: readonly Certificate[]
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Label of the token that holds the key. */
  readonly token?: string
}

/** Where the private key of a CA is. */
export type AuthorityKey = { readonly privateKey: KeyObject } | { readonly tokenKey: TokenKey }

/** The contexts name the key, so that what is sealed for one CA does not open in the row of another. */
const keyContext = (keyId: string) => `authorities/${keyId}/key`
const tokenContext = (keyId: string) => `authorities/${keyId}/token`

export function sealAuthorityKey(
  sealer: Sealer,
  keyId: string,
  key: AuthorityKey,
): Pick<AuthorityRecord, 'key_sealed' | 'token_sealed'> {
  return 'tokenKey' in key
    ? { key_sealed: null, token_sealed: sealer.seal(JSON.stringify(key.tokenKey), tokenContext(keyId)) }
    : { key_sealed: sealer.seal(privateKeyPem(key.privateKey), keyContext(keyId)), token_sealed: null }
}

/** @throws ConfigError 'seal-key-missing', 'seal-broken' */
export function openAuthorityKey(
  { key_id: keyId, key_sealed: key, token_sealed: token }: AuthorityRecord,
  publicKey: KeyObject,
  sealer: Sealer,
  tokens: Tokens,
): { readonly privateKey: SigningKey; readonly token?: string } {
  if (key !== null) return { privateKey: createPrivateKey(sealer.open(key, keyContext(keyId))) }
  if (token === null) throw new BugError('certificate-incomplete', `CA ${keyId} is stored without its key.`)
  const tokenKey = JSON.parse(sealer.open(token, tokenContext(keyId))) as TokenKey // written by sealAuthorityKey alone
  return { privateKey: tokens.signer(tokenKey, publicKey), token: tokenKey.token }
}

/** undefined: its certificate is still to come. */
export function openAuthority(
  record: AuthorityRecord,
  sealer: Sealer,
  tokens: Tokens,
): KeptAuthority | undefined {
  const { role, state, origin } = record
  if (record.certificate === null || state === 'requested') return undefined
  const [certificate] = certificatesIn(record.certificate)
  if (certificate?.publicKey === undefined) {
    throw new BugError('certificate-incomplete', `CA ${record.key_id} is stored without its certificate.`)
  }
  return {
    ...{ keyId: record.key_id, role, state, origin, certificate, createdAt: record.created_at },
    chain: certificatesIn(record.chain),
    ...openAuthorityKey(record, certificate.publicKey, sealer, tokens),
  }
}

/** A new CA as it is stored. */
export function authorityRecord(
  kept: Pick<KeptAuthority, 'role' | 'state' | 'origin' | 'certificate' | 'chain' | 'createdAt'>,
  key: AuthorityKey,
  sealer: Sealer,
): AuthorityRecord {
  const { role, state, origin, certificate } = kept
  const keyId = caKeyId(certificate)
  return {
    ...{ key_id: keyId, role, state, origin, created_at: kept.createdAt, request: null },
    certificate: encodePem('CERTIFICATE', certificate.der),
    chain: pemOf(kept.chain),
    ...sealAuthorityKey(sealer, keyId, key),
  }
}

export function certificatesIn(pem: string): Certificate[] {
  return decodePem('CERTIFICATE', pem).map((der) => parseCertificate(der))
}

export function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
}
