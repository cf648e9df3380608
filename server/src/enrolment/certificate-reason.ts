import { certificateNames, EKU, type PathProblem } from '@sallyport/pki'
import { type Reason, reason } from '../reasons/index.ts'

/** A path problem in the words of the reason table, with the values of the certificate in question. */
export function certificateReason(problem: PathProblem, at: number): Reason {
  const now = new Date(at).toISOString()
  const { offender, detail } = problem
  if (offender === undefined) {
    if (problem.reason === 'malformed') return reason('certificate-malformed', { detail })
    return reason('certificate-invalid', { detail })
  }
  const { subject, issuer, serial, notBefore, notAfter, extendedKeyUsages } = certificateNames(offender)
  switch (problem.reason) {
    case 'malformed':
      return reason('certificate-malformed', { detail })
    case 'untrusted-ca':
      return reason('certificate-untrusted-ca', { subject, issuer })
    case 'chain-incomplete':
      return reason('certificate-chain-incomplete', { subject, issuer })
    case 'signature-invalid':
      return reason('certificate-signature-invalid', { subject })
    case 'expired':
      return reason('certificate-expired', { subject, notAfter, now })
    case 'not-yet-valid':
      return reason('certificate-not-yet-valid', { subject, notBefore, now })
    case 'revoked': {
      const { revocation } = problem
      const revokedAt = revocation === undefined ? undefined : new Date(revocation.revokedAt).toISOString()
      return reason('certificate-revoked', { subject, serial, revokedAt, why: revocation?.reason })
    }
    case 'crl-missing':
    case 'crl-expired':
    case 'crl-not-yet-valid':
    case 'crl-signature-invalid':
    case 'crl-unsupported':
      return reason('certificate-revocation-unknown', { subject, issuer })
    case 'wrong-eku':
      return reason('certificate-wrong-purpose', {
        subject,
        wanted: EKU.clientAuth,
        found: extendedKeyUsages,
      })
    case 'not-a-ca':
      return reason('certificate-issuer-not-a-ca', { subject, issuer: subject })
    case 'path-too-long':
      return reason('certificate-path-too-long', { subject })
    case 'name-constraint':
      return reason('certificate-name-not-permitted', { subject, name: detail })
    case 'policy':
      return reason('certificate-policy-not-accepted', { subject })
    case 'critical-extension':
      return reason('certificate-critical-extension-unknown', { subject, extension: detail })
    case 'weak-key':
    case 'weak-signature':
      return reason('certificate-weak', { subject, detail })
    case 'wrong-key-usage':
    case 'too-complex':
      return reason('certificate-invalid', { subject, detail })
  }
}
