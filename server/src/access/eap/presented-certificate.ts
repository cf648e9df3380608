import type { TlsCertificate } from '@sallyport/eap'
import { certificateNames, decodePem, parseCertificate } from '@sallyport/pki'
import { type Reason, reason } from '../../reasons/index.ts'
import type { PresentedCertificate } from '../served.ts'

/** What a supplicant sees of the first of our certificates: all bear the same name and come from the same CA. */
export function presentedCertificate(
  certificates: readonly TlsCertificate[],
): PresentedCertificate | undefined {
  const chain = decodePem('CERTIFICATE', certificates[0]?.chain ?? '').map((der) =>
    certificateNames(parseCertificate(der)),
  )
  const [leaf, last] = [chain[0], chain.at(-1)]
  if (leaf === undefined || last === undefined) return undefined
  const { subject, dnsNames, notBefore, notAfter } = leaf
  return { serverName: dnsNames[0] ?? subject, issuer: last.issuer, notBefore, notAfter }
}

/**
 * A TLS alert of the supplicant is about the certificate we showed: the reason names it. What the supplicant calls expired
 * is compared with our own clock, which tells a certificate that has ended from a clock that is wrong.
 */
export function withPresented(
  why: Reason,
  presented: PresentedCertificate | undefined,
  about: { readonly now: number },
): Reason {
  if (!why.code.startsWith('tls-alert-') || presented === undefined) return why
  const now = new Date(about.now).toISOString()
  const { serverName, issuer, notBefore, notAfter } = presented
  if (why.code === 'tls-alert-certificate-expired' && !(now >= notBefore && now <= notAfter)) {
    return reason('server-certificate-expired', { ...presented, now })
  }
  const values = { ...why.values, serverName, issuer, notBefore, notAfter, now }
  // Every alert takes the same values; the compiler does not join the union.
  return { code: why.code, values } as Reason
}
