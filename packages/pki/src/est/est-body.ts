import { malformed } from '../pki-error.ts'

/**
 * A body of EST: base64 of DER whatever Content-Transfer-Encoding says, white space anywhere (RFC 8951 section 3).
 *
 * @throws PkiError 'malformed'
 */
export function readEstBody(octets: Uint8Array): Uint8Array {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
    .toString('latin1')
    .replace(/[ \t\r\n]+/g, '')
  if (text === '') throw malformed('empty body')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw malformed('body is not base64')
  return new Uint8Array(Buffer.from(text, 'base64'))
}

/** In one line: clients in the field stop at a line end, and none needs one (RFC 8951 section 3). */
export function writeEstBody(der: Uint8Array): string {
  return Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64')
}
