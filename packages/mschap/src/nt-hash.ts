import { md4 } from './md4.ts'

/** NtPasswordHash (RFC 2759 section 8.3): MD4 of the password in UTF-16, little endian. 16 octets. */
export function ntPasswordHash(password: string): Uint8Array<ArrayBuffer> {
  const unicode = utf16le(password)
  const hash = md4(unicode)
  unicode.fill(0)
  return hash
}

/** HashNtPasswordHash (RFC 2759 section 8.4): MD4 of the NT hash, what keys and the authenticator response rest on. */
export function hashNtPasswordHash(ntHash: Uint8Array): Uint8Array<ArrayBuffer> {
  return md4(ntHash)
}

export function utf16le(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(2 * text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    octets[2 * i] = unit
    octets[2 * i + 1] = unit >>> 8
  }
  return octets
}
