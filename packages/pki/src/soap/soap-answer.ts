import { ADDRESSING, SECEXT, SOAP, WSTEP, XSI } from '../xml/namespaces.ts'
import { tag, type XmlText } from '../xml/write-xml.ts'

const FAULT_ACTION = 'http://www.w3.org/2005/08/addressing/soap/fault'

export interface SoapFault {
  readonly code: 'Sender' | 'Receiver' | 'VersionMismatch'
  /** `FailedAuthentication` of WS-Security, `InvalidRequest` of WS-Trust, `EnrollmentFailure` ... */
  readonly subcode: { readonly namespace: string; readonly name: string }
  /** For people. */
  readonly text: string
  /** MS-WSTEP: CertificateEnrollmentWSDetail. */
  readonly detail?: EnrolmentDetail
}

export interface EnrolmentDetail {
  /** As an unsigned number: 0x80094012. */
  readonly hresult: number
  readonly isInvalidRequest: boolean
  readonly requestId?: number
}

export const FAILED_AUTHENTICATION = { namespace: SECEXT, name: 'FailedAuthentication' } as const

/** @param relatesTo the request's MessageID */
export function soapAnswer(action: string, relatesTo: string | undefined, content: XmlText): string {
  const envelope = tag(
    's:Envelope',
    { 'xmlns:s': SOAP, 'xmlns:a': ADDRESSING },
    tag(
      's:Header',
      {},
      tag('a:Action', { 's:mustUnderstand': '1' }, action),
      relatesTo === undefined ? [] : tag('a:RelatesTo', {}, relatesTo),
    ),
    tag('s:Body', {}, content),
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n${envelope.text}`
}

export function soapFault(fault: SoapFault, relatesTo: string | undefined): string {
  const { code, subcode, text, detail } = fault
  return soapAnswer(
    FAULT_ACTION,
    relatesTo,
    tag(
      's:Fault',
      {},
      tag(
        's:Code',
        {},
        tag('s:Value', {}, `s:${code}`),
        tag('s:Subcode', {}, tag('s:Value', { 'xmlns:f': subcode.namespace }, `f:${subcode.name}`)),
      ),
      tag('s:Reason', {}, tag('s:Text', { 'xml:lang': 'en-US' }, text)),
      detail === undefined ? [] : tag('s:Detail', {}, enrolmentDetail(detail)),
    ),
  )
}

function enrolmentDetail({ hresult, isInvalidRequest, requestId }: EnrolmentDetail): XmlText {
  return tag(
    'CertificateEnrollmentWSDetail',
    { xmlns: WSTEP, 'xmlns:xsi': XSI },
    tag('BinaryResponse', { 'xsi:nil': 'true' }),
    // An xs:int: failures are negative.
    tag('ErrorCode', {}, hresult | 0),
    tag('InvalidRequest', {}, isInvalidRequest),
    requestId === undefined ? tag('RequestID', { 'xsi:nil': 'true' }) : tag('RequestID', {}, requestId),
  )
}
