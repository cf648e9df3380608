import type { Language } from '../../../config/schema.ts'
import type { LinkSystem } from '../link-outputs.ts'

/** What the pages say. Names that stand in a sentence are filled in by the page. */
export interface PageTexts {
  readonly title: string
  readonly language: string
  readonly connection: string
  readonly device: string
  /** What is made when the button is pressed. */
  readonly once: string
  readonly thisDevice: string
  readonly systems: Readonly<Record<LinkSystem, string>>
  /** `{system}`; the button. */
  readonly download: string
  readonly afterFile: string
  /** What to do with the file, and what the system asks. */
  readonly next: Readonly<Record<LinkSystem, readonly string[]>>
  readonly byHand: string
  readonly whyByHand: string
  readonly byFile: string
  readonly version: string
  readonly fetchOwn: string
  /** `{file}` */
  readonly fetchRoot: string
  readonly password: string
  readonly otherDevice: string
  readonly code: { readonly title: string; readonly label: string; readonly button: string }
  readonly login: {
    readonly title: string
    readonly name: string
    readonly password: string
    readonly button: string
  }
  readonly help: string
  readonly gone: readonly [title: string, text: string]
  /** What to do then: whoever has the file, needs one, or never had one. */
  readonly afterGone: readonly string[]
  /** `{seconds}` */
  readonly wait: readonly [title: string, text: string]
  readonly approval: readonly [title: string, text: string]
  readonly refused: readonly [title: string, text: string]
  readonly wrong: readonly [title: string, text: string]
  readonly nothing: readonly [title: string, text: string]
  readonly unavailable: readonly [title: string, text: string]
  readonly mail: { readonly subject: string; readonly text: string }
}

/** What a language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  ru: 'Русский',
  de: 'Deutsch',
  es: 'Español',
}
