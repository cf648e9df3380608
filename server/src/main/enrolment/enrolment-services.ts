import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { Registration } from '../../enrolment/registration/registration.ts'
import type { EnrolmentIdentities } from '../../enrolment/registration/requester.ts'
import type { SpecialCertificates } from '../../enrolment/special-certificates.ts'
import type { Logging } from '../../kernel/logging.ts'
import type { EnrolmentServices } from '../../listeners/enrolment/enrolment-services.ts'
import type { PublicationService } from '../../listeners/enrolment/publication-routes.ts'

export interface EnrolmentParts {
  readonly logging: Logging
  readonly authority: CertificateAuthority
  readonly publication: PublicationService
  readonly specialCertificates: SpecialCertificates
  readonly identities: EnrolmentIdentities
  /** Every protocol asks it, and nothing else issues. */
  readonly registration: Registration
}

/** The enrolment doors' view of the house. */
export function enrolmentServices({ logging, publication }: EnrolmentParts): EnrolmentServices {
  return { log: logging.for('pki'), publication }
}
