import { fromUtf8, toUtf8 } from '@sallyport/bytes'
import { malformed } from './pki-error.ts'

/** RFC 7468 text encoding, one block. */
export function encodePem(label: PemLabel, der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** All blocks with this label, in order; text around and between them is ignored, as OpenSSL does. */
export function decodePem(label: PemLabel, text: string): Uint8Array[] {
  const pattern = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`, 'g')
  return [...text.matchAll(pattern)].map(([, body]) => {
    try {
      return Uint8Array.fromBase64(body as string) // the group is mandatory
    } catch {
      throw malformed(`${label} in PEM: not base64`)
    }
  })
}

/** DER as it is, or the first PEM block with this label. */
export function derOrPem(label: PemLabel, octets: Uint8Array | string): Uint8Array {
  const text = typeof octets === 'string' ? octets : octets[0] === 0x2d ? toUtf8(octets) : undefined
  if (text === undefined) return typeof octets === 'string' ? fromUtf8(octets) : octets
  const [first] = decodePem(label, text)
  if (first === undefined) throw malformed(`no ${label} in the PEM text`)
  return first
}

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'X509 CRL' | 'PRIVATE KEY' | 'PUBLIC KEY'
