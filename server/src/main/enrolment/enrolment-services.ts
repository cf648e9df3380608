import type { ConfigurationService } from '../../config/apply.ts'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { AcmeServer } from '../../enrolment/acme/acme-server.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { CertificateStore } from '../../enrolment/certificate-store.ts'
import { OwnChallenges } from '../../enrolment/challenges/challenge-proof.ts'
import { EstService } from '../../enrolment/est/est-service.ts'
import type { Registration } from '../../enrolment/registration/registration.ts'
import type { EnrolmentIdentities } from '../../enrolment/registration/requester.ts'
import type { SpecialCertificates } from '../../enrolment/special-certificates.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger, Logging } from '../../kernel/logging.ts'
import type { EnrolmentServices } from '../../listeners/enrolment/enrolment-services.ts'
import type { PublicationService } from '../../listeners/enrolment/publication-routes.ts'
import type { LinkService } from '../../profiles/links/link-answers.ts'
import type { RemoteStores } from '../store-thread.ts'
import { scepService } from './scep.ts'
import { windowsService } from './windows-service.ts'

export interface EnrolmentParts {
  readonly logging: Logging
  readonly authority: CertificateAuthority
  readonly publication: PublicationService
  readonly specialCertificates: SpecialCertificates
  readonly identities: EnrolmentIdentities
  /** Every protocol asks it, and nothing else issues. */
  readonly registration: Registration
  readonly certificates: Pick<CertificateStore, 'find'>
  readonly configuration: Pick<ConfigurationService, 'snapshot'>
  readonly stores: Pick<RemoteStores, 'challenges' | 'scepTransactions'>
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  readonly clock: Clock
  readonly acme: AcmeServer
  readonly links: LinkService
}

/** The enrolment doors' view of the house. */
export function enrolmentServices(parts: EnrolmentParts): EnrolmentServices {
  const log = parts.logging.for('pki')
  const { publication, acme, configuration, links } = parts
  return {
    ...{ log, publication, acme },
    est: estService(parts, log),
    scep: scepService(parts),
    httpsUrl: () => configuration.snapshot.configuration.enrolment.httpsUrl,
    connect: {
      links,
      settings: () => configuration.snapshot.configuration.enrolment.links,
      organization: () => configuration.snapshot.configuration.organization,
      httpsUrl: () => configuration.snapshot.configuration.enrolment.httpsUrl,
    },
    windows: windowsService({
      ...parts,
      settings: () => configuration.snapshot.configuration.enrolment,
      log,
    }),
  }
}

function estService(parts: EnrolmentParts, log: Logger): EstService {
  const { authority, registration, identities, certificates, configuration, stores, clock } = parts
  const issuers = () => authority.issuers.map(({ certificate }) => certificate)
  return new EstService({
    ...{ registration, identities, clock, log },
    own: { issuers, find: (serial) => certificates.find(serial) },
    challenges: new OwnChallenges({ challenges: stores.challenges, identities, clock }),
    caCertificates: () => authority.caCertificates,
    settings: () => configuration.snapshot.configuration.enrolment.est,
    templates: parts.templates,
  })
}
