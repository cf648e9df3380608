import type { CertificateNameFacts } from '../../../policy/facts.ts'
import type { AuthenticationOutcome } from '../../source.ts'
import type { CertificateBinding } from '../account-lookup.ts'
import {
  type AltSecurityIdentity,
  isSameName,
  parseAltSecurityIdentity,
  withoutLeadingZeros,
} from './alt-security-identity.ts'

/**
 * Why a certificate that names an account is not this account's; undefined: it is (KB5014754, MS-PKCA). A SID in the
 * certificate decides alone, in either mode. Names can be given away again or written by somebody else, so without a SID an
 * entry of altSecurityIdentities must name this very certificate or its key; only `compatible` takes the name for it.
 */
export function certificateFault(
  certificate: CertificateNameFacts | undefined,
  { mode, sid, altSecurityIdentities }: CertificateBinding,
): AuthenticationOutcome | undefined {
  if (certificate?.sid !== undefined) {
    const isOwn = certificate.sid.toUpperCase() === sid.toUpperCase()
    return isOwn ? undefined : { kind: 'certificate-of-other', sid: certificate.sid, accountSid: sid }
  }
  const entries = altSecurityIdentities.flatMap((text) => parseAltSecurityIdentity(text) ?? [])
  if (certificate !== undefined && entries.some((entry) => isNamedBy(entry, certificate))) return undefined
  if (mode === 'compatible') return undefined
  return { kind: 'certificate-unbound', tried: tried(altSecurityIdentities.length, entries) }
}

/** By a strong form alone. */
function isNamedBy(entry: AltSecurityIdentity, certificate: CertificateNameFacts): boolean {
  switch (entry.form) {
    case 'issuer-serial':
      return (
        entry.serial === withoutLeadingZeros(certificate.serial) &&
        isSameName(entry.issuer, certificate.issuer)
      )
    case 'key-identifier':
      return entry.hex === certificate.subjectKeyId
    case 'key-hash':
      // Of the key by Microsoft's text, of the certificate by its examples: either names this key alone.
      return entry.hex === certificate.publicKeySha1 || entry.hex === certificate.thumbprint
    default:
      return false
  }
}

function tried(all: number, entries: readonly AltSecurityIdentity[]): readonly string[] {
  const strong = entries.filter(({ form }) => STRONG.has(form)).length
  const weak = entries.length - strong
  return [
    'it holds no SID',
    all === 0
      ? 'the account has no altSecurityIdentities'
      : `of ${all} altSecurityIdentities ${strong} are strong and none is about it${weak > 0 ? `, ${weak} weak` : ''}`,
  ]
}

const STRONG: ReadonlySet<AltSecurityIdentity['form']> = new Set([
  'issuer-serial',
  'key-identifier',
  'key-hash',
])
