import { pemOf } from '../../enrolment/authority/kept-authority.ts'
import { policyUrl } from '../../enrolment/windows/endpoint.ts'
import { policyId } from '../../enrolment/windows/policy-id.ts'
import type { DomainPolicyService } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { optional } from './instant.ts'

export function domainPolicyApi({
  configuration,
  authority,
}: Pick<ApiParts, 'configuration' | 'authority'>): DomainPolicyService {
  return {
    read: async () => {
      const { httpsUrl, windows } = configuration.snapshot.configuration.enrolment
      const isOn = windows.enabled && httpsUrl !== undefined
      const kerberos = isOn && windows.kerberos !== undefined ? policyUrl(httpsUrl, 'kerberos') : undefined
      const password = isOn && windows.password ? policyUrl(httpsUrl, 'password') : undefined
      return {
        policyId: policyId(windows, authority.root),
        friendlyName: windows.friendlyName,
        ...optional('kerberosUrl', kerberos),
        ...optional('passwordUrl', password),
        roots: pemOf(authority.anchors),
        issuing: pemOf(authority.issuers.map(({ certificate }) => certificate)),
      }
    },
  }
}
