import type { Configuration, ConnectionConfiguration } from '../../config/schema.ts'
import { policyUrl } from '../../enrolment/windows/endpoint.ts'
import type { ProfileCertificate, WindowsEnrolment } from '../../profiles/profile-input.ts'

/** A certificate that should be there: Windows is told where it can ask for it, where the connection names its template. */
export function withWindowsEnrolment(
  certificate: ProfileCertificate | undefined,
  configuration: Pick<Configuration, 'enrolment'>,
  connection: Pick<ConnectionConfiguration, 'certificateTemplate'>,
): ProfileCertificate | undefined {
  if (certificate?.kind !== 'installed') return certificate
  const windowsEnrolment = enrolmentOf(configuration, connection)
  return windowsEnrolment === undefined ? certificate : { ...certificate, windowsEnrolment }
}

function enrolmentOf(
  { enrolment: { httpsUrl, windows } }: Pick<Configuration, 'enrolment'>,
  { certificateTemplate: template }: Pick<ConnectionConfiguration, 'certificateTemplate'>,
): WindowsEnrolment | undefined {
  if (httpsUrl === undefined || template === undefined || !windows.enabled) return undefined
  if (windows.kerberos === undefined && !windows.password) return undefined
  const authentication = windows.kerberos === undefined ? 'password' : 'kerberos'
  return { policyUrl: policyUrl(httpsUrl, authentication), template, authentication }
}
