import type { KeyObject } from 'node:crypto'
import { fromHex, toHex } from '@sallyport/bytes'
import {
  type Certificate,
  type CertificateIssuer,
  type CertificateTemplate,
  type CrlReason,
  createCrl,
  createIssuingCertificate,
  createRootCertificate,
  type DistinguishedName,
  decodePem,
  distinguishedName,
  type Extension,
  encodePem,
  type GeneralName,
  generateKeyPairFor,
  issueCertificate,
  nameText,
  newSerialNumber,
  parseCertificate,
  sameName,
} from '@sallyport/pki'
import type { Clock } from '../kernel/clock.ts'
import { BugError } from '../kernel/errors.ts'
import type { Remote } from '../kernel/rpc.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { CertificateOrigin, CertificateRecord, CertificateStore } from './certificate-store.ts'
import { openPrivateKey, sealPrivateKey } from './private-key.ts'
import { caKeyId, type IssuedPointers, pointersOf } from './publication-paths.ts'
import type { TrustedAuthority } from './trust.ts'

export const DAY = 86_400_000
/** Why an administrator may revoke: of RFC 5280 section 5.3.1 those that are final and speak of a user's certificate. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const satisfies CrlReason[]
/** Of a client certificate. */
export const MOST_DAYS = 730
const YEAR = 365 * DAY
/** Certificates begin a little in the past: the clock of a device may be behind ours. */
const BACKDATE = 3_600_000
const CRL_LIFETIME = 7 * DAY
/** More than the longest validity handed out, so that nothing is cut short by its issuer. */
const REPLACE_CA_BEFORE = 2 * YEAR

export interface AuthorityParts {
  readonly store: Remote<CertificateStore>
  readonly sealer: Sealer
  readonly clock: Clock
}

export interface EndEntityRequest {
  /** Column `kind` of the certificate: `radius-server-ecdsa`, `https-server`, `client` ... */
  readonly kind: string
  readonly template: CertificateTemplate
  readonly subject: DistinguishedName
  readonly san: readonly GeneralName[]
  readonly publicKey: KeyObject
  /** Kept, sealed, where the certificate is our own; absent where the holder keeps the key. */
  readonly privateKey?: KeyObject
  readonly days: number
  /** Security identifier of the account (KB5014754). */
  readonly sid?: string
  /** Beyond those of the template; where CRL, OCSP and CA certificate are is added here and not by the caller. */
  readonly extensions?: readonly Extension[]
  /** Kept with the serial from before it is signed. */
  readonly origin?: Partial<Omit<CertificateOrigin, 'issuer_key'>>
  /** One of `issuers`; absent: the current one. */
  readonly issuer?: CertificateIssuer
  /** The certificate says nothing about its own revocation (an OCSP responder's, RFC 6960 section 4.2.2.2.1). */
  readonly withoutPointers?: boolean
}

/**
 * The product's own certification authority: a root that signs nothing but issuing CAs, and the issuing CA. All keys are
 * P-256 and sealed in the database. Before a CA ends a new one takes over; the former ones stay trusted to their end.
 */
export class CertificateAuthority {
  readonly root: Certificate
  readonly issuing: Certificate
  readonly #issuer: CertificateIssuer
  readonly #roots: readonly CertificateIssuer[]
  /** The current issuing CA and those before it. */
  readonly #issuers: readonly CertificateIssuer[]
  readonly #parts: AuthorityParts
  #httpUrl: string | undefined

  private constructor(
    roots: readonly CertificateIssuer[],
    issuers: readonly CertificateIssuer[],
    issuer: CertificateIssuer,
    parts: AuthorityParts,
  ) {
    const root = roots.find(({ certificate }) => sameName(certificate.subject, issuer.certificate.issuer))
    if (root === undefined) throw new BugError('root-ca-missing', 'The root of the issuing CA is not stored.')
    this.root = root.certificate
    this.issuing = issuer.certificate
    this.#issuer = issuer
    this.#roots = roots
    this.#issuers = issuers
    this.#parts = parts
  }

  /** Opens the authority; makes it on the first start, and a new issuing CA where the last one ends within two years. */
  static async open(parts: AuthorityParts): Promise<CertificateAuthority> {
    const roots = await loadIssuers('root-ca', parts)
    const issuers = await loadIssuers('issuing-ca', parts)
    const lasting = ({ certificate }: CertificateIssuer) =>
      certificate.notAfter - parts.clock.now() > REPLACE_CA_BEFORE
    const current = issuers.findLast(lasting)
    if (current !== undefined) return new CertificateAuthority(roots, issuers, current, parts)
    const root = roots.findLast(lasting)
    const signer = root ?? (await createRoot(parts))
    const issuer = await createIssuing(signer, parts)
    const allRoots = root === undefined ? [...roots, signer] : roots
    return new CertificateAuthority(allRoots, [...issuers, issuer], issuer, parts)
  }

  /** Every issuing CA that has not ended, the current one and those before it: each goes on signing CRLs. */
  get issuers(): readonly CertificateIssuer[] {
    return this.#issuers
  }

  /** As `issuers`, and the roots: whoever signs certificates signs CRLs. */
  get signers(): readonly CertificateIssuer[] {
    return [...this.#roots, ...this.#issuers]
  }

  /** The issuing CA that issues. */
  get currentIssuer(): CertificateIssuer {
    return this.#issuer
  }

  /** From now on certificates say that CRLs, OCSP and CA certificates are found below this URL. */
  publishAt(httpUrl: string | undefined): void {
    this.#httpUrl = httpUrl
  }

  /**
   * Record the serial, sign, mark as issued: in this order nothing is ever signed that the store does not know.
   * Validity ends with the issuing CA's at the latest.
   */
  async issue(request: EndEntityRequest): Promise<Certificate> {
    const { clock } = this.#parts
    const { publicKey, privateKey, template, subject, san, sid, extensions, issuer = this.#issuer } = request
    const { certificate: ca } = issuer
    const pointers = request.withoutPointers === true ? undefined : this.#pointers(ca)
    return await recordAndSign(request.kind, subject, privateKey, this.#parts, {
      notAfter: Math.min(clock.now() + request.days * DAY, ca.notAfter),
      origin: { ...request.origin, issuer_key: caKeyId(ca) },
      sign: (serial, notBefore, notAfter) =>
        issueCertificate({
          ...{ template, subject, san, publicKey, serial, notBefore, notAfter, issuer, ...pointers },
          ...(sid !== undefined && { sid }),
          ...(extensions !== undefined && { extensions }),
        }),
    })
  }

  #pointers(issuer: Certificate): IssuedPointers | undefined {
    return this.#httpUrl === undefined ? undefined : pointersOf(issuer, this.#httpUrl)
  }

  /** Revokes; the next `trust()` carries it. False where no valid certificate has this serial. */
  async revoke(serial: string, reason: CrlReason): Promise<boolean> {
    return await this.#parts.store.revoke(serial, this.#parts.clock.now(), reason)
  }

  /** What a worker needs to check certificates of this authority; to be renewed within the CRLs' seven days. */
  async trust(): Promise<TrustedAuthority> {
    const pem = ({ certificate }: CertificateIssuer) => encodePem('CERTIFICATE', certificate.der)
    return {
      name: 'own',
      anchors: this.#roots.map(pem),
      intermediates: this.#issuers.map(pem),
      crls: await this.#crls(),
    }
  }

  /** A fresh CRL of every issuing CA. Each lists all that is revoked: a serial is unique over all of them. */
  async #crls(): Promise<string[]> {
    const now = wholeSeconds(this.#parts.clock.now())
    const revoked = (await this.#parts.store.revoked(now)).map((record) => ({
      serial: fromHex(record.serial),
      revokedAt: record.revoked_at ?? now,
      reason: (record.revocation_reason ?? 'unspecified') as CrlReason, // written by revoke() alone
    }))
    // The time as the number: it grows, also over restarts and on several nodes, without being stored.
    const times = { number: now / 1000, thisUpdate: now - BACKDATE, nextUpdate: now + CRL_LIFETIME }
    return this.#issuers.map((issuer) => encodePem('X509 CRL', createCrl({ issuer, revoked, ...times }).der))
  }

  /** A certificate followed by the issuing CA's, as a TLS server or client presents it. */
  chainPem(certificate: Certificate): string {
    return encodePem('CERTIFICATE', certificate.der) + encodePem('CERTIFICATE', this.issuing.der)
  }
}

async function createRoot(parts: AuthorityParts): Promise<CertificateIssuer> {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const subject = authorityName('Root CA')
  const certificate = await recordAndSign('root-ca', subject, privateKey, parts, {
    notAfter: parts.clock.now() + 20 * YEAR,
    sign: (serial, notBefore, notAfter) =>
      createRootCertificate({ subject, publicKey, privateKey, serial, notBefore, notAfter }),
  })
  return { certificate, privateKey }
}

async function createIssuing(issuer: CertificateIssuer, parts: AuthorityParts): Promise<CertificateIssuer> {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const subject = authorityName('Issuing CA')
  const certificate = await recordAndSign('issuing-ca', subject, privateKey, parts, {
    notAfter: Math.min(parts.clock.now() + 10 * YEAR, issuer.certificate.notAfter),
    sign: (serial, notBefore, notAfter) =>
      createIssuingCertificate({ subject, publicKey, issuer, serial, notBefore, notAfter }),
  })
  return { certificate, privateKey }
}

/** A random part keeps two installations apart where somebody trusts both: path building goes by names. */
function authorityName(role: string): DistinguishedName {
  return distinguishedName(
    ['O', 'Sallyport'],
    ['CN', `Sallyport ${role} ${toHex(newSerialNumber().subarray(1, 5))}`],
  )
}

interface Signing {
  readonly notAfter: number
  readonly origin?: Partial<CertificateOrigin>
  sign(serial: Uint8Array, notBefore: number, notAfter: number): Certificate
}

async function recordAndSign(
  kind: string,
  subject: DistinguishedName,
  privateKey: KeyObject | undefined,
  { store, sealer, clock }: AuthorityParts,
  { notAfter, origin, sign }: Signing,
): Promise<Certificate> {
  const serial = newSerialNumber()
  const now = clock.now()
  const name = toHex(serial)
  const begin = wholeSeconds(now - BACKDATE)
  const end = wholeSeconds(notAfter)
  await store.record({
    serial: name,
    kind,
    subject: nameText(subject),
    key_sealed: privateKey === undefined ? null : sealPrivateKey(sealer, name, privateKey),
    not_before: begin,
    not_after: end,
    created_at: now,
    ...origin,
  })
  const certificate = sign(serial, begin, end)
  const pem = encodePem('CERTIFICATE', certificate.der)
  if (!(await store.markIssued(name, pem, certificate.fingerprint))) {
    throw new BugError('certificate-not-recorded', `Certificate ${name} was signed but its record is gone.`)
  }
  return certificate
}

/** Those that have not ended, oldest first. */
async function loadIssuers(
  kind: string,
  { store, sealer, clock }: AuthorityParts,
): Promise<CertificateIssuer[]> {
  const records = await store.issuedOfKind(kind)
  return records
    .filter((record) => record.not_after > clock.now())
    .map((record) => openCertificate(record, sealer))
}

export interface KeptCertificate {
  readonly certificate: Certificate
  readonly privateKey: KeyObject
}

/** A stored certificate with its key. @throws ConfigError where the key does not open. */
export function openCertificate(record: CertificateRecord, sealer: Sealer): KeptCertificate {
  const [der] = record.pem === null ? [] : decodePem('CERTIFICATE', record.pem)
  if (der === undefined || record.key_sealed === null) {
    throw new BugError('certificate-incomplete', `Certificate ${record.serial} is stored without its key.`)
  }
  return {
    certificate: parseCertificate(der),
    privateKey: openPrivateKey(sealer, record.serial, record.key_sealed),
  }
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000
}
