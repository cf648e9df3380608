import type { KeyObject } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  type Certificate,
  type CertificateIssuer,
  type CertificateTemplate,
  type CrlReason,
  type DistinguishedName,
  decodePem,
  type Extension,
  encodePem,
  type GeneralName,
  issueCertificate,
  keyIdentifier,
  parseCertificate,
} from '@sallyport/pki'
import { BugError } from '../kernel/errors.ts'
import type { Remote } from '../kernel/rpc.ts'
import type { Sealer } from '../kernel/seal.ts'
import { adoptAuthorities } from './authority/adopt-authorities.ts'
import { AuthoritySet } from './authority/authority-set.ts'
import type { AuthorityStore } from './authority/authority-store.ts'
import {
  type AuthorityKeyAlgorithm,
  createIssuing,
  createRoot,
  type KeyWish,
  newKey,
} from './authority/create-authority.ts'
import {
  authorityRecord,
  certificatesIn,
  type KeptAuthority,
  openAuthority,
} from './authority/kept-authority.ts'
import { recordAndSign, type SigningParts } from './authority/record-and-sign.ts'
import { NO_TOKENS, type Tokens } from './authority/tokens.ts'
import type { CertificateOrigin, CertificateRecord } from './certificate-store.ts'
import { openPrivateKey } from './private-key.ts'
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
/** More than the longest validity handed out, so that nothing is cut short by its issuer. */
const REPLACE_CA_BEFORE = 730 * DAY

export interface AuthorityParts extends SigningParts {
  readonly authorities: Remote<AuthorityStore>
  /** Absent: no CA key is in a token. */
  readonly tokens?: Tokens
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
 * The product's own certification authority: a root that signs nothing but issuing CAs, and the issuing CA. Either both are
 * made here, or the issuing CA stands below an outside root. Before a CA ends, or when an administrator asks for it, another
 * one takes over; the former ones stay trusted, and sign their CRLs, to their end.
 */
export class CertificateAuthority {
  readonly #parts: AuthorityParts
  readonly #tokens: Tokens
  #set: AuthoritySet | undefined
  #cross: readonly Certificate[] = []
  #httpUrl: string | undefined

  private constructor(parts: AuthorityParts) {
    this.#parts = parts
    this.#tokens = parts.tokens ?? NO_TOKENS
  }

  /** Opens the authority; makes it on the first start. @param algorithm of keys that are made on the first start */
  static async open(
    parts: AuthorityParts,
    algorithm: AuthorityKeyAlgorithm = 'p256',
  ): Promise<CertificateAuthority> {
    await adoptAuthorities(parts)
    const authority = new CertificateAuthority(parts)
    await authority.refresh()
    await authority.#ensure(algorithm)
    return authority
  }

  /** Every CA that has not ended: active, prepared and former. */
  get all(): readonly KeptAuthority[] {
    return this.#loaded.all
  }

  /** The root of the issuing CA: what clients have to trust. */
  get root(): Certificate {
    return this.#loaded.rootOf(this.#loaded.active)
  }

  get issuing(): Certificate {
    return this.#loaded.active.certificate
  }

  /** The issuing CA that issues. */
  get currentIssuer(): KeptAuthority {
    return this.#loaded.active
  }

  /** What takes over with the next switch, where something is prepared. */
  get prepared(): KeptAuthority | undefined {
    return this.#loaded.prepared
  }

  /** Every issuing CA that has not ended, the current one last: each goes on signing CRLs. */
  get issuers(): readonly KeptAuthority[] {
    return this.#loaded.issuers
  }

  /** As `issuers`, and our roots: whoever signs certificates signs CRLs. */
  get signers(): readonly KeptAuthority[] {
    return [...this.#loaded.roots, ...this.#loaded.issuers]
  }

  /** What clients are to trust, DER: the current root first, then a prepared one, then former ones. */
  get anchors(): readonly Certificate[] {
    return this.#loaded.anchors
  }

  /**
   * What a client is given to take over (RFC 7030 section 4.1.3): the issuing CA and those above it, then what is prepared,
   * further anchors, and the certificates by which one root vouches for another.
   */
  get caCertificates(): readonly Certificate[] {
    const { active, prepared } = this.#loaded
    const known = [active, ...(prepared === undefined ? [] : [prepared])]
    const all = [
      ...known.flatMap(({ certificate, chain }) => [certificate, ...chain]),
      ...this.anchors,
      ...this.#cross,
    ]
    return [...new Map(all.map((one) => [one.fingerprint, one])).values()]
  }

  /** The certificate that issued this one first, the root last. */
  chainOf(certificate: Certificate): readonly Certificate[] {
    const issuer = this.#loaded.issuerOf(certificate)
    return [issuer.certificate, ...issuer.chain]
  }

  /** A certificate and what stands between it and the root, as a TLS server or client presents it. */
  chainPem(certificate: Certificate): string {
    const above = this.chainOf(certificate).slice(0, -1)
    return [certificate, ...above].map(({ der }) => encodePem('CERTIFICATE', der)).join('')
  }

  /** From now on certificates say that CRLs, OCSP and CA certificates are found below this URL. */
  publishAt(httpUrl: string | undefined): void {
    this.#httpUrl = httpUrl
  }

  pointers(issuer: Certificate): IssuedPointers | undefined {
    return this.#httpUrl === undefined ? undefined : pointersOf(issuer, this.#httpUrl)
  }

  /** Takes over what is stored: another node, or a switch, may have changed it. */
  async refresh(): Promise<void> {
    const { authorities, sealer, clock } = this.#parts
    const now = clock.now()
    const kept = (await authorities.list())
      .map((record) => openAuthority(record, sealer, this.#tokens))
      .filter((one) => one !== undefined)
    this.#set = AuthoritySet.of(kept.filter(({ certificate }) => certificate.notAfter > now))
    this.#cross = (await this.#parts.store.issuedOfKind('cross-ca'))
      .flatMap(({ pem }) => certificatesIn(pem ?? ''))
      .filter(({ notAfter }) => notAfter > now)
  }

  /** To be called daily: a CA that ends in two years is replaced in time. */
  async upkeep(): Promise<void> {
    await this.refresh()
    await this.#ensure('p256')
  }

  /**
   * Record the serial, sign, mark as issued: in this order nothing is ever signed that the store does not know.
   * Validity ends with the issuing CA's at the latest.
   *
   * @throws UpstreamError 'ca-key-unavailable' where the key of the CA is in a token that does not answer
   */
  async issue(request: EndEntityRequest): Promise<Certificate> {
    const { kind, publicKey, privateKey, template, subject, san, sid, extensions } = request
    const issuer = request.issuer ?? this.currentIssuer
    const { certificate: ca } = issuer
    const pointers = request.withoutPointers === true ? undefined : this.pointers(ca)
    return await recordAndSign(this.#parts, {
      ...{ kind, subject, privateKey },
      notAfter: Math.min(this.#parts.clock.now() + request.days * DAY, ca.notAfter),
      origin: { ...request.origin, issuer_key: caKeyId(ca) },
      sign: (serial, notBefore, notAfter) =>
        issueCertificate({
          ...{ template, subject, san, publicKey, serial, notBefore, notAfter, issuer, ...pointers },
          ...(sid !== undefined && { sid }),
          ...(extensions !== undefined && { extensions }),
        }),
    })
  }

  /**
   * What a worker needs to check certificates of this authority; the CAs alone, for what is revoked stands in rows. An outside root
   * is no anchor here: it vouches for much that is none of ours.
   */
  async trust(): Promise<TrustedAuthority> {
    const pem = ({ certificate }: CertificateIssuer) => encodePem('CERTIFICATE', certificate.der)
    const { all, roots, issuers } = this.#loaded
    const below = (issuer: KeptAuthority) => issuer.origin === 'own'
    return {
      name: 'own',
      anchors: [...roots, ...issuers.filter((issuer) => !below(issuer))].map(pem),
      intermediates: issuers.filter(below).map(pem),
      crls: [],
      isOwn: true,
      importedKeys: all
        .filter(({ origin }) => origin === 'imported')
        .map(({ certificate }) => toHex(keyIdentifier(certificate.spki))),
    }
  }

  get #loaded(): AuthoritySet {
    if (this.#set === undefined) throw new BugError('authority-not-open', 'The CA was not opened.')
    return this.#set
  }

  /**
   * Below the same root a new issuing CA takes over at once: no client has to be told. A new root is prepared and waits for
   * `switch`, because clients that do not know it would refuse our servers.
   */
  async #ensure(first: AuthorityKeyAlgorithm): Promise<void> {
    const { clock } = this.#parts
    const lasting = (ca: Certificate) => ca.notAfter - clock.now() > REPLACE_CA_BEFORE
    if (this.#loaded.activeOrUndefined === undefined) {
      // Nothing can be issued: below a root that clients know, else what is prepared, known to them or not.
      const root = this.#loaded.roots.findLast(({ state }) => state === 'active')
      const known = root === undefined ? this.prepared : undefined
      await this.activate(known ?? (await this.prepareOwn({ algorithm: first }, root)))
    }
    const { active } = this.#loaded
    const isOurs = active.origin === 'own' && active.token === undefined
    if (lasting(active.certificate) || !isOurs || this.prepared !== undefined) return
    const algorithm = active.certificate.publicKey?.asymmetricKeyType === 'rsa' ? 'rsa3072' : 'p256'
    const root = this.#loaded.ownRootOf(active)
    if (root !== undefined && lasting(root.certificate)) {
      await this.activate(await this.prepareOwn({ algorithm }, root))
    } else {
      await this.prepareOwn({ algorithm })
    }
  }

  /** @param root one of ours; absent: a new one is made, too. The result waits for `activate`. */
  async prepareOwn(wish: KeyWish, root?: KeptAuthority): Promise<KeptAuthority> {
    const { sealer, authorities, clock } = this.#parts
    const key = newKey(wish, this.#tokens)
    const state = 'prepared' as const
    const common = { state, origin: 'own' as const, createdAt: clock.now() }
    const made = root === undefined ? await createRoot(this.#parts, wish.algorithm) : undefined
    const above = made ?? root
    if (above === undefined) throw new BugError('root-ca-missing', 'There is no root to sign an issuing CA.')
    const issuing = await createIssuing(this.#parts, above, key, this.pointers(above.certificate))
    const rows = [
      ...(made === undefined
        ? []
        : [authorityRecord({ ...common, ...made, role: 'root', chain: [] }, made.key, sealer)]),
      authorityRecord(
        { ...common, ...issuing, role: 'issuing', chain: [above.certificate] },
        issuing.key,
        sealer,
      ),
    ]
    await authorities.insert(...rows)
    await this.refresh()
    return this.#loaded.find(caKeyId(issuing.certificate))
  }

  /** Makes a prepared issuing CA the one that issues. False where it is not prepared any more. */
  async activate({ keyId, chain }: KeptAuthority): Promise<boolean> {
    const [root] = chain.slice(-1)
    const done = await this.#parts.authorities.activate(keyId, root === undefined ? undefined : caKeyId(root))
    await this.refresh()
    return done
  }
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
