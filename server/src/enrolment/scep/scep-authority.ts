import { type Certificate, decodePem, parseCertificate, serialText } from '@sallyport/pki'
import type { Remote } from '../../kernel/rpc.ts'
import type { CertificateAuthority, KeptCertificate } from '../authority.ts'
import type { CertificateRecord, CertificateStore } from '../certificate-store.ts'
import { caKeyId } from '../publication-paths.ts'
import type { SpecialCertificates } from '../special-certificates.ts'

interface Parts {
  readonly authority: CertificateAuthority
  readonly special: Pick<SpecialCertificates, 'scepRas'>
  readonly certificates: Pick<Remote<CertificateStore>, 'find'>
  /** The full CRL of a CA key, as it is published. */
  readonly crl: (keyId: string) => Uint8Array | undefined
}

export interface RegistrationAuthorityKeys extends KeptCertificate {
  readonly issuer: Certificate
}

/** The CA as SCEP sees it. */
export class ScepAuthority {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The registration authority, and the former ones a client may still know. */
  async registrationAuthorities(): Promise<
    readonly [RegistrationAuthorityKeys, ...RegistrationAuthorityKeys[]]
  > {
    const [newest, ...former] = await this.#parts.special.scepRas()
    if (newest === undefined) throw new Error('there is always one')
    return [newest, ...former]
  }

  /** RFC 8894 section 4.2: registration authority, issuing CA, those above it. */
  async certificates(): Promise<readonly Certificate[]> {
    const [{ certificate }] = await this.registrationAuthorities()
    return [certificate, ...this.#parts.authority.chainOf(certificate)]
  }

  /** Section 4.7: the CA that takes over next and those above it; undefined: none is prepared. */
  get next(): readonly Certificate[] | undefined {
    const { prepared } = this.#parts.authority
    return prepared === undefined ? undefined : [prepared.certificate, ...prepared.chain]
  }

  /** The row of a certificate of ours, the same to the octet. */
  async record(certificate: Certificate): Promise<CertificateRecord | undefined> {
    const record = await this.#parts.certificates.find(serialText(certificate.serial))
    return record?.fingerprint === certificate.fingerprint ? record : undefined
  }

  /** By issuer and serial number, as GetCert asks. */
  async find(issuerKey: string, serial: Uint8Array): Promise<Certificate | undefined> {
    const record = await this.#parts.certificates.find(serialText(serial))
    const [der] = typeof record?.pem === 'string' ? decodePem('CERTIFICATE', record.pem) : []
    const certificate = der === undefined ? undefined : parseCertificate(der)
    return certificate?.issuer.key === issuerKey ? certificate : undefined
  }

  /** The current CRL of one of our CAs, DER. */
  crl(issuerKey: string): Uint8Array | undefined {
    const { authority, crl } = this.#parts
    const issuers = authority.issuers.filter(({ certificate }) => certificate.subject.key === issuerKey)
    return issuers.map(({ certificate }) => crl(caKeyId(certificate))).find((der) => der !== undefined)
  }
}
