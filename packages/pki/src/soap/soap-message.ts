import { ADDRESSING, SECEXT, SOAP } from '../xml/namespaces.ts'
import { parseXml } from '../xml/parse-xml.ts'
import type { XmlElement } from '../xml/xml-element.ts'
import { SoapError } from './soap-error.ts'

/** A request in SOAP 1.2 with WS-Addressing 1.0. */
export interface SoapMessage {
  readonly action: string
  /** What an answer relates to; absent: the client named none. */
  readonly messageId?: string
  readonly body: XmlElement
  /** WS-Security UsernameToken. */
  readonly usernameToken?: UsernameToken
}

export interface UsernameToken {
  readonly username: string
  readonly password: string
}

const PASSWORD_TEXT =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText'
const LONGEST_ID = 256
const LONGEST_CREDENTIAL = 1024

/** @throws XmlError, SoapError */
export function parseSoap(octets: Uint8Array): SoapMessage {
  const envelope = parseXml(octets)
  if (!envelope.is(SOAP, 'Envelope')) throw new SoapError('VersionMismatch', 'not a SOAP 1.2 envelope')
  const header = envelope.only(SOAP, 'Header')
  const body = envelope.only(SOAP, 'Body')
  const [content, ...others] = body?.children ?? []
  if (content === undefined || others.length > 0)
    throw new SoapError('Sender', 'the body must hold exactly one element')
  const action = header?.only(ADDRESSING, 'Action')?.text.trim()
  if (action === undefined || action === '') throw new SoapError('Sender', 'there is no Action')
  const messageId = header?.only(ADDRESSING, 'MessageID')?.text.trim()
  const token = header?.only(SECEXT, 'Security')?.only(SECEXT, 'UsernameToken')
  return {
    action,
    body: content,
    ...(messageId !== undefined && messageId.length <= LONGEST_ID && { messageId }),
    ...(token !== undefined && { usernameToken: readUsernameToken(token) }),
  }
}

/** Web Services Security UsernameToken Profile 1.0: the password as it is, because TLS is around it. */
function readUsernameToken(token: XmlElement): UsernameToken {
  const username = token.only(SECEXT, 'Username')?.text
  const password = token.only(SECEXT, 'Password')
  if (username === undefined || password === undefined)
    throw new SoapError('Sender', 'the UsernameToken lacks a name or a password')
  // The profile's default is the text; a digest would need the clear password on this side.
  if ((password.attributes.get('Type') ?? PASSWORD_TEXT) !== PASSWORD_TEXT)
    throw new SoapError('Sender', 'only a UsernameToken of type PasswordText is taken')
  if (username.length > LONGEST_CREDENTIAL || password.text.length > LONGEST_CREDENTIAL)
    throw new SoapError('Sender', 'the UsernameToken is too long')
  return { username, password: password.text }
}
