import { fromHex, toHex } from '@sallyport/bytes'
import { type Crl, decodePem, keyIdentifier, nameText } from '@sallyport/pki'
import type { CertificateFacts } from '../policy/facts.ts'
import { type Reason, reason } from '../reasons/index.ts'
import type { CertificateRecord, CertificateStore } from './certificate-store.ts'
import {
  ClientCertificateCheck,
  type CompiledAuthority,
  compileAuthority,
} from './client-certificate-check.ts'
import type { ClientTrust } from './trust.ts'

type Standing =
  | { readonly kind: 'good'; readonly holder?: string }
  | { readonly kind: 'refused' | 'unknown'; readonly reason: Reason }
  | { readonly kind: 'unplaced' }

/**
 * Says of a certificate that logged somebody in whether it still would. Of the own CA's the certificate is at hand and
 * its path is validated again; of a foreign one only names and numbers are known: its dates, its issuer, the CRLs.
 */
export class CertificateStandings {
  readonly #store: Pick<CertificateStore, 'find'>
  readonly #fetched: () => readonly Crl[]
  readonly #check = new ClientCertificateCheck({ version: 0, authorities: [] })
  #authorities: readonly CompiledAuthority[] = []
  #issuers: ReadonlySet<string> = new Set()

  /** @param fetched the CRLs that were fetched */
  constructor(store: Pick<CertificateStore, 'find'>, fetched: () => readonly Crl[] = () => []) {
    this.#store = store
    this.#fetched = fetched
  }

  replaceTrust(trust: ClientTrust): void {
    this.#check.replaceTrust(trust)
    this.#authorities = trust.authorities.map(compileAuthority)
    this.#issuers = new Set(
      this.#authorities.flatMap(({ anchors, intermediates }) =>
        [...anchors, ...intermediates].map(({ subject }) => nameText(subject)),
      ),
    )
  }

  async standing(certificate: CertificateFacts, now: number): Promise<Standing> {
    let record: CertificateRecord | undefined
    try {
      record = await this.#store.find(certificate.serial)
    } catch (error) {
      const { subject, issuer } = certificate
      const detail = error instanceof Error ? error.message : String(error)
      return {
        kind: 'unknown',
        reason: reason('certificate-records-unavailable', { subject, issuer, detail }),
      }
    }
    if (record?.fingerprint === certificate.fingerprint && record.pem !== null) {
      const { subject, serial } = certificate
      if (record.status === 'revoked' || record.status === 'held') {
        // The row, not the CRL: it is there before the CRL that lists it.
        const revokedAt = new Date(record.revoked_at ?? now).toISOString()
        const why = record.revocation_reason ?? undefined
        return { kind: 'refused', reason: reason('certificate-revoked', { subject, serial, revokedAt, why }) }
      }
      return this.#own(record.pem, now)
    }
    return this.#foreign(certificate, now)
  }

  #own(pem: string, now: number): Standing {
    const [leaf] = decodePem('CERTIFICATE', pem)
    if (leaf === undefined) return { kind: 'unplaced' }
    const outcome = this.#check.check([leaf], now)
    if (outcome.ok)
      return { kind: 'good', ...(outcome.holder === undefined ? {} : { holder: outcome.holder }) }
    // A CRL that is missing or too old says nothing about the certificate.
    const isUnknown = outcome.reason.code === 'certificate-revocation-unknown'
    return { kind: isUnknown ? 'unknown' : 'refused', reason: outcome.reason }
  }

  #foreign(certificate: CertificateFacts, now: number): Standing {
    const { subject, issuer, serial, notAfter } = certificate
    if (now > Date.parse(notAfter)) {
      return { kind: 'refused', reason: reason('certificate-expired', { subject, notAfter }) }
    }
    if (this.#isUnrecorded(certificate)) {
      return { kind: 'refused', reason: reason('certificate-unrecorded', { subject, issuer, serial }) }
    }
    for (const crl of [...this.#authorities.flatMap(({ crls }) => crls), ...this.#fetched()]) {
      // Numbered by the content octets, which may begin with a zero that the text leaves out.
      const entry = crl.revoked.get(fromHex(serial)) ?? crl.revoked.get(fromHex(`00${serial}`))
      if (entry === undefined || entry.reason === 'removeFromCRL') continue
      if (nameText(crl.issuer) !== issuer) continue
      const revokedAt = new Date(entry.revokedAt).toISOString()
      const values = { subject, serial, revokedAt, why: entry.reason }
      return { kind: 'refused', reason: reason('certificate-revoked', values) }
    }
    return this.#issuers.has(issuer) ? { kind: 'good' } : { kind: 'unplaced' }
  }

  /** No record of it was found: whether there would have to be one. Where it cannot be told, there need not. */
  #isUnrecorded({ authority, issuer }: CertificateFacts): boolean {
    const own = this.#authorities.find(({ name, isOwn }) => isOwn === true && name === authority)
    if (own?.keys === undefined) return false
    const { imported } = own.keys
    if (imported.size === 0) return true
    // Of the CAs above it only the name of the first is known.
    const named = [...own.anchors, ...own.intermediates].filter(({ subject }) => nameText(subject) === issuer)
    return named.length > 0 && named.every(({ spki }) => !imported.has(toHex(keyIdentifier(spki))))
  }
}
