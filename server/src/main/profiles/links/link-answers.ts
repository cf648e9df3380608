import type { Language } from '../../../config/schema.ts'
import type { EnrolmentIdentity } from '../../../enrolment/registration/requester.ts'
import type { LinkSystem } from '../../../profiles/links/link-outputs.ts'
import type { LinkRecord } from '../../../profiles/links/profile-link-store.ts'
import type { ProfileFile } from '../../../profiles/profile-output.ts'

/** What somebody showed: the token of a link, or a code that was typed. */
export type ShownSecret = { readonly token: string } | { readonly code: string }

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

/** One button of a page. */
export interface LinkOffer {
  readonly connection: { readonly name: string; readonly title: string }
  readonly system: LinkSystem
  readonly output: string
  /** The system asks for the password of the certificate, so the page shows one first. */
  readonly passwordTyped: boolean
}

/** What the page says where there is no file. Unknown, used and ended are one answer. */
export type NoFile =
  | { readonly kind: 'gone' }
  | { readonly kind: 'wait'; readonly seconds: number }
  /** An administrator must approve; nothing was used up. */
  | { readonly kind: 'approval' }
  /** The account, or the configuration, stands against it; the log says what. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable' }

export type OpenedLink =
  | {
      readonly kind: 'open'
      readonly person: string
      readonly language?: Language
      readonly offers: readonly LinkOffer[]
    }
  | NoFile

export type HandedFile = { readonly kind: 'files'; readonly files: readonly ProfileFile[] } | NoFile

export interface LinkChoice {
  readonly connection: string
  readonly output: string
  /** Of the certificate, as the page showed it. */
  readonly password?: string
}
