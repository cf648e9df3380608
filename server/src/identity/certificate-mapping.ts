import { parseUserName } from './realms.ts'
import { nameKey } from './user-name.ts'

/** The names a validated client certificate carries, and whose certificate it is. */
export interface CertificateNames {
  /** Other names of type UPN (1.3.6.1.4.1.311.20.2.3) in the subject alternative name. */
  readonly upns: readonly string[]
  /** rfc822Name in the subject alternative name. */
  readonly emails: readonly string[]
  readonly dnsNames: readonly string[]
  /** Issued by our own CA, which checked what it wrote; a foreign CA only vouches for names with a realm. */
  readonly issuedByOwnCa: boolean
  /** Our own CA's record of whom it issued the certificate to, as a user name. */
  readonly recordedUser?: string
}

export type CertificateMapping =
  /** `userName` is for the authentication order: with realm, where the certificate has one. */
  | {
      readonly kind: 'mapped'
      readonly userName: string
      readonly by: 'record' | 'upn' | 'email' | 'dns'
    }
  | { readonly kind: 'unmapped'; readonly why: UnmappedWhy }

export type UnmappedWhy =
  /** No name of a kind that is taken from this issuer. */
  | 'no-name'
  /** Several different names of the kind that counts: which one logs in must not be a matter of order. */
  | 'ambiguous'
  /** The name is no user name at all (two realms, control characters). */
  | 'malformed'
  /** A foreign CA's certificate holds letters that case folding takes for others. */
  | 'look-alike'
  /** A foreign CA's certificate names somebody without saying in which realm. */
  | 'no-realm'

/** A sentence for the administrator. */
export const UNMAPPED: Readonly<Record<UnmappedWhy, string>> = {
  'no-name':
    'the certificate names no user: neither a UPN nor an e-mail address, nor a computer by its DNS name',
  ambiguous: 'the certificate names several users',
  malformed: 'the name in the certificate is no user name',
  'look-alike': 'the name in the certificate holds letters that could be taken for others',
  'no-realm': 'the certificate of a foreign CA names a user without a realm',
}

/**
 * Which user a certificate stands for. The first kind of name that is present decides, alone: our record of the
 * issuance, the UPN, the e-mail address. If it does not fit, the next kind is not
 * tried: a certificate that names a stranger by UPN does not become somebody else by e-mail. Names are compared whole;
 * a DNS name is never a person: it stands for the computer `host/NAME`, as Windows calls itself. The common name counts
 * for nothing: of a device it is what the device is called, and that may be what somebody is called.
 */
export function mapCertificate(names: CertificateNames): CertificateMapping {
  const { issuedByOwnCa, recordedUser, upns, emails, dnsNames } = names
  if (issuedByOwnCa && recordedUser !== undefined) return only([recordedUser], 'record', true)
  if (upns.length > 0) return only(upns, 'upn', issuedByOwnCa)
  if (emails.length > 0) return only(emails, 'email', issuedByOwnCa)
  const computers = dnsNames.filter((name) => /^[^*]+\.[^*]+$/.test(name)).map((name) => `host/${name}`)
  if (computers.length > 0) return only(computers, 'dns', issuedByOwnCa)
  return { kind: 'unmapped', why: 'no-name' }
}

function only(
  candidates: readonly string[],
  by: Extract<CertificateMapping, { kind: 'mapped' }>['by'],
  realmIsOptional: boolean,
): CertificateMapping {
  const [userName, ...others] = new Map(candidates.map((name) => [nameKey(name), name])).values()
  if (userName === undefined) return { kind: 'unmapped', why: 'no-name' }
  // Case folding makes one name of letters that merely look or sound alike (dotless i, ligatures, the Kelvin sign). Our
  // own CA writes the account's own name; what a foreign one writes must say the name, not fold into it.
  if (!realmIsOptional && candidates.some((name) => nameKey(name) !== simpleKey(name))) {
    return { kind: 'unmapped', why: 'look-alike' }
  }
  if (others.length > 0) return { kind: 'unmapped', why: 'ambiguous' }
  const parsed = parseUserName(userName)
  if (!parsed.ok) return { kind: 'unmapped', why: 'malformed' }
  const written = by === 'dns' ? 'host' : 'suffix'
  if (!realmIsOptional && parsed.written?.as !== written) return { kind: 'unmapped', why: 'no-realm' }
  return { kind: 'mapped', userName, by }
}

/** Lower case letter by letter. Final sigma is the one letter with two small forms that everybody writes by position. */
function simpleKey(name: string): string {
  return name.normalize('NFC').toLowerCase().normalize('NFC').replaceAll('ς', 'σ')
}
