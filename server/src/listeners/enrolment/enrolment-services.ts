import type { OrganizationConfiguration } from '../../config/schema.ts'
import type { AcmeServer } from '../../enrolment/acme/acme-server.ts'
import type { EstService } from '../../enrolment/est/est-service.ts'
import type { ScepService } from '../../enrolment/scep/scep-service.ts'
import type { WindowsService } from '../../enrolment/windows/windows-service.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { LinkService } from '../../profiles/links/link-answers.ts'
import type { PublicationService } from './publication-routes.ts'

/**
 * What the enrolment doors need from the rest of the house; each protocol adds its own service. `main.ts` gives the real
 * ones.
 */
export interface EnrolmentServices {
  readonly log: Logger
  readonly publication: PublicationService
  readonly est: EstService
  /** `enrolment.httpsUrl`: how clients reach the HTTPS door. */
  readonly httpsUrl: () => string | undefined
  readonly acme: AcmeServer
  readonly scep: Pick<
    ScepService,
    'isEnabled' | 'capabilities' | 'caCertificates' | 'nextCaCertificates' | 'operate'
  >
  /** Pages for people. */
  readonly connect: {
    readonly links: LinkService
    /** Of links: without `enabled` there are no pages, without `selfService` nobody logs in at them. */
    readonly settings: () => { readonly enabled: boolean; readonly selfService: boolean }
    readonly organization: () => OrganizationConfiguration
    readonly httpsUrl: () => string | undefined
  }
  readonly windows: Pick<WindowsService, 'authorityName' | 'offers' | 'answer'>
}
