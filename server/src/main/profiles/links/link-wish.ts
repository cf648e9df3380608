import type { Language } from '../../../config/schema.ts'
import type { EnrolmentIdentity } from '../../../enrolment/registration/requester.ts'
import type { LinkSystem } from '../../../profiles/links/link-outputs.ts'
import type { LinkRecord } from '../../../profiles/links/profile-link-store.ts'

export interface LinkWish {
  readonly identity: EnrolmentIdentity
  /** One of them is brought. */
  readonly connections: readonly string[]
  readonly system?: LinkSystem
  readonly language?: Language
  readonly minutes?: number
}

export interface LinkMaker {
  readonly by: LinkRecord['made_by']
  readonly name: string
}

export interface MadeLink {
  readonly record: LinkRecord
  /** Both are shown this once. */
  readonly token: string
  readonly code: string
}
