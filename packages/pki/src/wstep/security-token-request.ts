import { SoapError } from '../soap/soap-error.ts'
import { AUTHORIZATION, SECEXT, TRUST, WSTEP } from '../xml/namespaces.ts'
import type { XmlElement } from '../xml/xml-element.ts'

export const RST_ACTION = `${WSTEP}/RST/wstep`
export const KET_ACTION = `${TRUST}/RST/KET`
export const X509V3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3'

/** MS-WSTEP section 3.1.4.1: what is asked. */
export type SecurityTokenRequest =
  | {
      readonly kind: 'issue'
      /** The token: PKCS #10, PKCS #7 or CMC. */
      readonly token: Uint8Array
      /** ContextItems by name. */
      readonly context: readonly (readonly [name: string, value: string])[]
    }
  | { readonly kind: 'query'; readonly requestId: number }
  /** Key exchange token, for archiving private keys. */
  | { readonly kind: 'key-exchange' }

const REQUEST_TYPES: Readonly<Record<string, SecurityTokenRequest['kind']>> = {
  [`${TRUST}/Issue`]: 'issue',
  [`${WSTEP}/QueryTokenStatus`]: 'query',
  [`${TRUST}/KET`]: 'key-exchange',
}
const MOST_ITEMS = 64

/** @throws SoapError */
export function readSecurityTokenRequest(body: XmlElement): SecurityTokenRequest {
  if (!body.is(TRUST, 'RequestSecurityToken'))
    throw new SoapError('Sender', 'the body is not RequestSecurityToken')
  const type = body.only(TRUST, 'RequestType')?.text.trim() ?? ''
  const kind = Object.hasOwn(REQUEST_TYPES, type) ? REQUEST_TYPES[type] : undefined
  if (kind === undefined) throw new SoapError('Sender', 'this request type is not known')
  if (body.only(TRUST, 'TokenType')?.text.trim() !== X509V3)
    throw new SoapError('Sender', 'only tokens of type X509v3 are issued')
  switch (kind) {
    case 'issue':
      return { kind, token: readToken(body), context: readContext(body) }
    case 'query':
      return { kind, requestId: readRequestId(body) }
    case 'key-exchange':
      return { kind }
  }
}

function readToken(body: XmlElement): Uint8Array {
  const token = body.only(SECEXT, 'BinarySecurityToken')
  if (token === undefined) throw new SoapError('Sender', 'there is no BinarySecurityToken, or more than one')
  // Windows breaks lines, and writes the carriage return as a reference.
  const text = token.text.replace(/[ \t\r\n]+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    throw new SoapError('Sender', 'the BinarySecurityToken is not base64')
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

function readRequestId(body: XmlElement): number {
  const text = body.only(WSTEP, 'RequestID')?.text.trim() ?? ''
  if (!/^[0-9]{1,9}$/.test(text)) throw new SoapError('Sender', 'RequestID is not a number')
  return Number(text)
}

function readContext(body: XmlElement): (readonly [string, string])[] {
  const items = body
    .all(AUTHORIZATION, 'AdditionalContext')
    .flatMap((context) => context.all(AUTHORIZATION, 'ContextItem'))
  if (items.length > MOST_ITEMS) throw new SoapError('Sender', `more than ${MOST_ITEMS} context items`)
  return items.map((item) => [
    item.attributes.get('Name') ?? '',
    (item.only(AUTHORIZATION, 'Value')?.text ?? '').trim(),
  ])
}
