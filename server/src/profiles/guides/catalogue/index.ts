import type { Language } from '../../../config/schema.ts'
import { DE } from './de.ts'
import { EN } from './en.ts'
import { ES } from './es.ts'
import { RU } from './ru.ts'

/** Every language says everything: it does not compile while a key is missing or too many. */
export type Catalogue = Readonly<Record<keyof typeof EN, string>>

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: EN, ru: RU, de: DE, es: ES }
