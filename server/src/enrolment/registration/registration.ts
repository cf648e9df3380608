import type { Certificate } from '@sallyport/pki'
import type { CertificateTemplateConfiguration, EnrolmentProtocol } from '../../config/schema.ts'
import type { Reason } from '../../reasons/index.ts'
import type { EnrolmentIdentity, Requester } from './requester.ts'

/** A request for a certificate, whatever protocol brought it. */
export interface EnrolmentRequest {
  readonly protocol: EnrolmentProtocol
  /** Name of the template; absent: the only one this requester may enrol by this protocol, else it is refused. */
  readonly template?: string
  readonly requester: Requester
  /** PKCS #10, DER. Only its key counts, and with `names: requested` its names. */
  readonly request: Uint8Array
  /**
   * The certificate that is renewed. The protocol proved possession of its key and nothing else: the registration
   * authority checks that it is ours, valid and unrevoked, of the same template and holder.
   */
  readonly renews?: Certificate
  /**
   * The same transaction of the same requester gets the same answer: a retry makes no second certificate. Absent: the
   * same octets of `request` are the same transaction.
   */
  readonly transaction?: string
  /** Less than the template allows. */
  readonly days?: number
}

export type EnrolmentOutcome =
  | {
      readonly kind: 'issued'
      /** Of the request. */
      readonly id: number
      readonly certificate: Certificate
      /** Issuing CA first, root last, DER. */
      readonly chain: readonly Certificate[]
    }
  | { readonly kind: 'pending'; readonly id: number; readonly retryAfterSeconds: number }
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Nobody could say (directory down, store full): try again. Never an issue, never a final no. */
  | { readonly kind: 'unavailable'; readonly reason: Reason }

/** The registration authority (RFC 4210 3.1.1.3): decides what the CA signs. One for all protocols. */
export interface Registration {
  /** Never rejects for what a client can send. */
  request(request: EnrolmentRequest): Promise<EnrolmentOutcome>
  /** What became of a request; undefined: there is none of this id, or it is not this requester's. */
  result(id: number, requester: Requester): Promise<EnrolmentOutcome | undefined>
  /** What this account may enrol by this protocol now. */
  templatesFor(
    identity: EnrolmentIdentity,
    protocol: EnrolmentProtocol,
  ): readonly CertificateTemplateConfiguration[]
}
