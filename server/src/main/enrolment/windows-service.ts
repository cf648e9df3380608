import type { CertificateTemplateConfiguration, Configuration } from '../../config/schema.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { CertificateStore } from '../../enrolment/certificate-store.ts'
import type { Registration } from '../../enrolment/registration/registration.ts'
import type { EnrolmentIdentities } from '../../enrolment/registration/requester.ts'
import { WindowsService } from '../../enrolment/windows/windows-service.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'

export interface WindowsServiceParts {
  readonly registration: Registration
  readonly identities: EnrolmentIdentities
  readonly authority: CertificateAuthority
  readonly certificates: Pick<CertificateStore, 'find'>
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  readonly settings: () => Configuration['enrolment']
  readonly clock: Clock
  readonly log: Logger
}

/** MS-XCEP and MS-WSTEP over the parts of this server. */
export function windowsService(parts: WindowsServiceParts): WindowsService {
  const { authority, certificates, settings } = parts
  return new WindowsService({
    ...parts,
    own: {
      issuers: () => authority.issuers.map(({ certificate }) => certificate),
      find: (serial) => certificates.find(serial),
    },
    settings: () => settings().windows,
    url: () => settings().httpsUrl,
  })
}
