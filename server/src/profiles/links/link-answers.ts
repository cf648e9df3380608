import type { Language } from '../../config/schema.ts'
import type { Page } from '../guides/page.ts'
import type { ProfileFile } from '../profile-output.ts'
import type { LinkSystem } from './link-outputs.ts'

/** What somebody showed: the token of a link, or a code that was typed. */
export type ShownSecret = { readonly token: string } | { readonly code: string }

/** What is handed once. */
export interface LinkFile {
  readonly output: string
  /** The system asks for the password of the certificate, so the page shows one first; it comes back with the choice. */
  readonly password?: string
}

/** Steps by hand on one system, with its values; secrets among them are not to be shown. */
export interface LinkGuide {
  readonly output: string
  readonly page: Page
  /** Names of the files of roots, handed as often as they are asked for. */
  readonly roots: readonly string[]
  /** What the steps need and is handed once: the person's certificate, or the page with its pre-shared key. */
  readonly own?: LinkFile
}

/** A connection on a system, by a file or by hand: at least one of them. */
export interface LinkOffer {
  readonly connection: { readonly name: string; readonly title: string }
  readonly system: LinkSystem
  /** Sets everything up. */
  readonly file?: LinkFile
  /** The newest system first. A page shows those of one offer: made when they are asked for. */
  guides(): readonly LinkGuide[]
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

export type HandedFile = { readonly kind: 'file'; readonly file: ProfileFile } | NoFile

export interface LinkChoice {
  readonly connection: string
  readonly output: string
  /** Of the certificate, as the page showed it. */
  readonly password?: string
  /** Of the page; that of the link goes before. */
  readonly language?: Language
}

/** A person who logged in: the token of a link of their own. */
export type LoggedIn =
  | { readonly kind: 'made'; readonly token: string }
  | NoFile
  | { readonly kind: 'nothing' }

/** What the pages ask. */
export interface LinkService {
  open(secret: ShownSecret, from: string): Promise<OpenedLink>
  hand(secret: ShownSecret, choice: LinkChoice, from: string): Promise<HandedFile>
  /** A root the steps of the choice speak of. Roots are public: nothing is used up. */
  root(secret: ShownSecret, choice: LinkChoice, name: string, from: string): Promise<HandedFile>
  ofPerson(name: string, password: Uint8Array, from: string): Promise<LoggedIn>
}
