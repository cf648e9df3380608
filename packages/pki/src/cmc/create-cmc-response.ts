import { createHash } from 'node:crypto'
import type { Certificate } from '../certificate/certificate.ts'
import { CONTENT_TYPE } from '../cms/cms-oids.ts'
import { type CmsSigner, createSignedData } from '../cms/create-signed-data.ts'
import { element, integer, octetString, oid, sequence, setOf, utf8String } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { CMC, CMC_STATUS } from './cmc-oids.ts'

export type CmcAnswer =
  | { readonly kind: 'issued'; readonly certificate: Certificate; readonly chain: readonly Certificate[] }
  /** @param at milliseconds since the epoch */
  | { readonly kind: 'pending'; readonly requestId: number; readonly at: number }

export interface CmcResponseRequest {
  readonly answer: CmcAnswer
  /** Of the request it answers. */
  readonly bodyPartId: number
  /** For people. */
  readonly status: string
  readonly signer: CmsSigner
}

/** A full CMC response (RFC 5272 section 4.2) as MS-WCCE section 2.2.2.8 wants it: Windows takes no other form. */
export function createCmcResponse({ answer, bodyPartId, status, signer }: CmcResponseRequest): Uint8Array {
  const controls = [control(1, CMC.statusInfo, statusInfo(answer, bodyPartId, status))]
  if (answer.kind === 'issued')
    controls.push(control(2, CMC.addAttributes, issuedHash(answer.certificate, bodyPartId)))
  return createSignedData({
    contentType: CONTENT_TYPE.pkiResponse,
    content: sequence(sequence(...controls), sequence(), sequence()),
    signers: [{ ...signer, identifiedBy: 'issuer-serial' }],
    certificates: answer.kind === 'issued' ? [answer.certificate, ...answer.chain] : [signer.certificate],
  })
}

function control(bodyPartId: number, type: string, value: Uint8Array): Uint8Array {
  return sequence(integer(bodyPartId), oid(type), setOf(value))
}

function statusInfo(answer: CmcAnswer, bodyPartId: number, text: string): Uint8Array {
  const status = answer.kind === 'issued' ? CMC_STATUS.success : CMC_STATUS.pending
  const pending = answer.kind === 'pending' ? [pendInfo(answer.requestId, answer.at)] : []
  return sequence(integer(status), sequence(integer(bodyPartId)), utf8String(text), ...pending)
}

function pendInfo(requestId: number, at: number): Uint8Array {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')
  return sequence(
    octetString(new TextEncoder().encode(String(requestId))),
    element(TAG.generalizedTime, new TextEncoder().encode(digits)),
  )
}

function issuedHash({ der }: Certificate, bodyPartId: number): Uint8Array {
  const digest = octetString(createHash('sha1').update(der).digest())
  return sequence(
    integer(0),
    sequence(integer(bodyPartId)),
    setOf(sequence(oid(CMC.issuedCertificateHash), setOf(digest))),
  )
}
