import { certificateNames } from '@sallyport/pki'
import type { ProfileInput } from '../profile-input.ts'

/**
 * The name strongSwan says with a certificate. It must stand in it, and a UPN counts as an e-mail address; undefined =
 * its subject.
 */
export function certificateIdentity({ certificate, person }: ProfileInput): string | undefined {
  const wanted = person?.upn ?? person?.userName
  if (certificate?.kind !== 'pkcs12') return wanted
  const { upns, emails } = certificateNames(certificate.certificate)
  const names = [...upns, ...emails]
  return names.find((name) => name === wanted || name === person?.userName) ?? names[0]
}
