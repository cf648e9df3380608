import { soapAnswer } from '../soap/soap-answer.ts'
import { SECEXT, TRUST, WSTEP } from '../xml/namespaces.ts'
import { tag, type XmlText } from '../xml/write-xml.ts'
import { X509V3 } from './security-token-request.ts'

const RSTRC_ACTION = `${WSTEP}/RSTRC/wstep`

export interface TokenResponse {
  readonly requestId: number
  /** For people: `Issued`. */
  readonly message: string
  /** Full CMC response, DER. */
  readonly cmc: Uint8Array
  /** The certificate, DER; or where to ask for it later. */
  readonly token: { readonly certificate: Uint8Array } | { readonly reference: string }
}

/** The collection that answers a request (MS-WSTEP section 3.1.4.1.1.2): always one response. */
export function writeTokenResponse(response: TokenResponse, relatesTo: string | undefined): string {
  const { requestId, message, cmc, token } = response
  return soapAnswer(
    RSTRC_ACTION,
    relatesTo,
    tag(
      'RequestSecurityTokenResponseCollection',
      { xmlns: TRUST },
      tag(
        'RequestSecurityTokenResponse',
        {},
        tag('TokenType', {}, X509V3),
        tag('DispositionMessage', { xmlns: WSTEP, 'xml:lang': 'en-US' }, message),
        binaryToken(`${SECEXT}#PKCS7`, cmc),
        tag(
          'RequestedSecurityToken',
          {},
          'certificate' in token ? binaryToken(X509V3, token.certificate) : reference(token.reference),
        ),
        tag('RequestID', { xmlns: WSTEP }, requestId),
      ),
    ),
  )
}

function binaryToken(type: string, octets: Uint8Array): XmlText {
  return tag(
    'BinarySecurityToken',
    { xmlns: SECEXT, ValueType: type, EncodingType: `${SECEXT}#base64binary` },
    Buffer.from(octets).toString('base64'),
  )
}

function reference(uri: string): XmlText {
  return tag('SecurityTokenReference', { xmlns: SECEXT }, tag('Reference', { URI: uri }))
}
