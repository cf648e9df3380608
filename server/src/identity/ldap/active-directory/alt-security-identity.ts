import { parseDn, type RelativeName } from '@sallyport/ldap'

/**
 * One value of altSecurityIdentities that speaks of X.509 certificates (KB5014754). `X509:<I>...<SR>...`, `<SKI>` and `<SHA1-PUKEY>` name one
 * certificate or key and are strong; `<I>...<S>...`, `<S>` and `<RFC822>` name what another certificate could carry as well.
 */
export type AltSecurityIdentity =
  /** `serial`: lower-case hex as the certificate has it; in the directory its octets stand in reverse. */
  | { readonly form: 'issuer-serial'; readonly issuer: string; readonly serial: string }
  | { readonly form: 'key-identifier'; readonly hex: string }
  | { readonly form: 'key-hash'; readonly hex: string }
  | { readonly form: 'issuer-subject'; readonly issuer: string; readonly subject: string }
  | { readonly form: 'subject'; readonly subject: string }
  | { readonly form: 'email'; readonly address: string }

const PART = /<([A-Z0-9-]+)>([^<]*)/gi

/** Undefined: another kind (Kerberos), or not written as Active Directory reads it. */
export function parseAltSecurityIdentity(text: string): AltSecurityIdentity | undefined {
  const prefix = /^X509:(?=<)/i.exec(text)
  if (prefix === null) return undefined
  const rest = text.slice(prefix[0].length)
  const parts = [...rest.matchAll(PART)]
  if (parts.map(([whole]) => whole).join('') !== rest) return undefined
  const values = parts.map(([, , value = '']) => value.trim())
  const [first = '', second = ''] = values
  switch (parts.map(([, tag = '']) => tag.toUpperCase()).join(' ')) {
    case 'I SR': {
      const serial = reversedHex(second)
      return first === '' || serial === undefined
        ? undefined
        : { form: 'issuer-serial', issuer: first, serial }
    }
    case 'SKI':
      return isHex(first) ? { form: 'key-identifier', hex: first.toLowerCase() } : undefined
    case 'SHA1-PUKEY':
      return isHex(first) && first.length === 40 ? { form: 'key-hash', hex: first.toLowerCase() } : undefined
    case 'I S':
      return first === '' || second === ''
        ? undefined
        : { form: 'issuer-subject', issuer: first, subject: second }
    case 'S':
      return first === '' ? undefined : { form: 'subject', subject: first }
    case 'RFC822':
      return first === '' ? undefined : { form: 'email', address: first }
    default:
      return undefined
  }
}

function isHex(text: string): boolean {
  return text !== '' && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text)
}

function reversedHex(text: string): string | undefined {
  if (!isHex(text)) return undefined
  const octets = text.toLowerCase().match(/../g) ?? []
  return withoutLeadingZeros(octets.toReversed().join(''))
}

/** A serial number with its highest bit set has a zero octet in front in DER, which tools show or leave out. */
export function withoutLeadingZeros(hex: string): string {
  return hex.replace(/^(?:00)+(?=..)/, '')
}

/**
 * Whether a name in the directory, root first (`DC=org,DC=example,CN=Example CA`), is a certificate's, RFC 4514 text with
 * the root last.
 */
export function isSameName(inDirectory: string, inCertificate: string): boolean {
  const [one, other] = [comparable(inDirectory), comparable(inCertificate)?.toReversed()]
  return one !== undefined && other !== undefined && one.length > 0 && one.join('\n') === other.join('\n')
}

/** Windows' short names where they are not those of RFC 4514. */
const ALIASES: Readonly<Record<string, string>> = { s: 'st', e: '1.2.840.113549.1.9.1' }

function comparable(dn: string): readonly string[] | undefined {
  try {
    return parseDn(dn).map(partText)
  } catch {
    return undefined
  }
}

function partText(part: RelativeName): string {
  return part
    .map(({ type, value }) => {
      const text = value.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
      return JSON.stringify([ALIASES[type] ?? type, text])
    })
    .sort()
    .join('+')
}
