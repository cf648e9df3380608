import type { CertificateExtensions } from '../certificate/certificate-extensions.ts'
import { EKU } from '../oids.ts'

export type Purpose = 'client-auth' | 'server-auth' | 'ocsp-signing' | 'any'

const USAGE: Readonly<Record<Exclude<Purpose, 'any'>, string>> = {
  'client-auth': EKU.clientAuth,
  'server-auth': EKU.serverAuth,
  'ocsp-signing': EKU.ocspSigning,
}

/**
 * Why the extended key usage does not fit, in words, or undefined. RFC 5280 section 4.2.1.12 lets a certificate
 * without the extension do anything; `lenient` follows it, and takes anyExtendedKeyUsage. A CA is asked leniently, as
 * OpenSSL and Windows do: what it lists limits those below it.
 */
export function purposeViolation(
  purpose: Purpose,
  { extendedKeyUsage }: { readonly extendedKeyUsage?: CertificateExtensions['extendedKeyUsage'] | undefined },
  lenient: boolean,
): string | undefined {
  if (extendedKeyUsage?.length === 0) return 'empty list of extended key usages'
  if (purpose === 'any') return undefined
  const wanted = USAGE[purpose]
  if (extendedKeyUsage === undefined) return lenient ? undefined : `no extended key usage, wanted ${wanted}`
  if (extendedKeyUsage.includes(wanted)) return undefined
  if (lenient && extendedKeyUsage.includes(EKU.any)) return undefined
  return `extended key usages ${extendedKeyUsage.join(', ')}, wanted ${wanted}`
}
