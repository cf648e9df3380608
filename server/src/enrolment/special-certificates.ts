import {
  type Certificate,
  type CertificateIssuer,
  type CertificateTemplate,
  distinguishedName,
  type Extension,
  generateKeyPairFor,
  hasIssued,
  type KeyAlgorithm,
  MESSAGE_SIGNER,
  OCSP_SIGNER,
  ocspNoCheck,
  SCEP_REGISTRATION_AUTHORITY,
} from '@sallyport/pki'
import { BugError } from '../kernel/errors.ts'
import {
  type AuthorityParts,
  type CertificateAuthority,
  DAY,
  type KeptCertificate,
  openCertificate,
} from './authority.ts'
import { caKeyId } from './publication-paths.ts'

/** A certificate of the product itself that signs messages, with its key and what stands above it. */
export interface SpecialCertificate extends KeptCertificate {
  /** The CA that issued it. */
  readonly issuer: Certificate
}

interface Wanted {
  /** Column `kind`; a certificate of another issuer has another one. */
  readonly kind: string
  readonly commonName: string
  readonly algorithm: KeyAlgorithm
  readonly template: CertificateTemplate
  readonly extensions: readonly Extension[]
  readonly days: number
  readonly renewBeforeDays: number
  readonly issuer: CertificateIssuer
  readonly withoutPointers: boolean
}

/**
 * What signs in the CA's name without being the CA: the registration authority of SCEP, an OCSP responder for each
 * issuing CA, and the signer of profiles. Made when first asked for and renewed in time; ask again for every use, the answer is kept in memory.
 */
export class SpecialCertificates {
  readonly #authority: CertificateAuthority
  readonly #parts: AuthorityParts
  readonly #kept = new Map<string, readonly SpecialCertificate[]>()
  /** By kind: what the last try could not renew. */
  readonly #failed = new Map<string, Wanted>()
  readonly #renewing = new Map<string, Promise<readonly SpecialCertificate[]>>()

  constructor(authority: CertificateAuthority, parts: AuthorityParts) {
    this.#authority = authority
    this.#parts = parts
  }

  /** RFC 8894 section 3.5: RSA, because clients encrypt to it. Below the current issuing CA. */
  async scepRa(): Promise<SpecialCertificate> {
    return first(await this.scepRas())
  }

  /** As `scepRa`, then the former ones that have not ended: clients keep the one they were given for a while. */
  async scepRas(): Promise<readonly SpecialCertificate[]> {
    return await this.#ensure({
      kind: 'scep-ra',
      commonName: 'Sallyport SCEP RA',
      algorithm: 'rsa2048',
      template: SCEP_REGISTRATION_AUTHORITY,
      extensions: [],
      days: 365,
      renewBeforeDays: 42,
      issuer: this.#authority.currentIssuer,
      withoutPointers: false,
    })
  }

  /**
   * RFC 6960 section 4.2.2.2: issued by the very key it answers for; two weeks, because nobody can revoke it.
   *
   * @param issuer one of `CertificateAuthority.issuers`
   */
  async ocspSigner(issuer: CertificateIssuer): Promise<SpecialCertificate> {
    return first(
      await this.#ensure({
        kind: `ocsp-signer/${caKeyId(issuer.certificate)}`,
        commonName: 'Sallyport OCSP responder',
        algorithm: 'p256',
        template: OCSP_SIGNER,
        extensions: [ocspNoCheck()],
        days: 14,
        renewBeforeDays: 7,
        issuer,
        withoutPointers: true,
      }),
    )
  }

  /** Signs what people install. RSA, because every system reads it; a year, for it is looked at on installation alone. */
  async profileSigner(): Promise<SpecialCertificate> {
    return first(
      await this.#ensure({
        kind: 'profile-signer',
        commonName: 'Sallyport profile signer',
        algorithm: 'rsa2048',
        template: MESSAGE_SIGNER,
        extensions: [],
        days: 365,
        renewBeforeDays: 42,
        issuer: this.#authority.currentIssuer,
        withoutPointers: false,
      }),
    )
  }

  /** Those whose renewal fails and is a day late or more. What ends with its issuer is the issuer's affair. */
  overdue(): { readonly name: string; readonly certificate: Certificate }[] {
    const now = this.#parts.clock.now()
    return [...this.#failed.values()].flatMap((wanted) => {
      const certificate = this.#kept.get(wanted.kind)?.[0]?.certificate
      if (certificate === undefined || certificate.notAfter >= wanted.issuer.certificate.notAfter) return []
      const isLate = certificate.notAfter - now <= (wanted.renewBeforeDays - 1) * DAY
      return isLate ? [{ name: wanted.commonName, certificate }] : []
    })
  }

  /** The newest first; the first one is good for a while. Many asking at once make one certificate. */
  async #ensure(wanted: Wanted): Promise<readonly SpecialCertificate[]> {
    const kept = this.#kept.get(wanted.kind)
    if (this.#lasts(kept?.[0], wanted)) return kept ?? []
    const running = this.#renewing.get(wanted.kind) ?? this.#renew(wanted)
    this.#renewing.set(wanted.kind, running)
    try {
      const renewed = await running
      this.#failed.delete(wanted.kind)
      return renewed
    } catch (error) {
      this.#failed.set(wanted.kind, wanted)
      throw error
    } finally {
      this.#renewing.delete(wanted.kind)
    }
  }

  async #renew(wanted: Wanted): Promise<readonly SpecialCertificate[]> {
    const { store, sealer, clock } = this.#parts
    const stored = (await store.issuedOfKind(wanted.kind))
      .filter((record) => record.not_after > clock.now())
      .map((record) => this.#withIssuer(openCertificate(record, sealer)))
      .reverse()
    const usable = stored.filter((special) => special !== undefined)
    const all = this.#lasts(usable[0], wanted) ? usable : [await this.#issue(wanted), ...usable]
    this.#kept.set(wanted.kind, all)
    return all
  }

  /** One of a CA that is no longer kept cannot be shown with its chain. */
  #withIssuer(kept: KeptCertificate): SpecialCertificate | undefined {
    const issuer = this.#authority.issuers.find(({ certificate }) => hasIssued(certificate, kept.certificate))
    return issuer === undefined ? undefined : { ...kept, issuer: issuer.certificate }
  }

  async #issue(wanted: Wanted): Promise<SpecialCertificate> {
    const { kind, template, extensions, days, issuer, withoutPointers } = wanted
    const { publicKey, privateKey } = generateKeyPairFor(wanted.algorithm)
    const certificate = await this.#authority.issue({
      ...{ kind, template, extensions, days, issuer, withoutPointers, publicKey, privateKey },
      subject: distinguishedName(['O', 'Sallyport'], ['CN', wanted.commonName]),
      san: [],
    })
    return { certificate, privateKey, issuer: issuer.certificate }
  }

  #lasts(special: SpecialCertificate | undefined, { issuer, renewBeforeDays }: Wanted): boolean {
    if (special === undefined || special.issuer.fingerprint !== issuer.certificate.fingerprint) return false
    const { notAfter } = special.certificate
    const left = notAfter - this.#parts.clock.now()
    // What ends with its issuer cannot be made to last longer.
    return left > renewBeforeDays * DAY || (left > 0 && notAfter >= issuer.certificate.notAfter)
  }
}

function first(specials: readonly SpecialCertificate[]): SpecialCertificate {
  const [newest] = specials
  if (newest === undefined) throw new BugError('special-certificate-missing', 'No certificate was made.')
  return newest
}
