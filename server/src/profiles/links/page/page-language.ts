import { LANGUAGES, type Language } from '../../../config/schema.ts'
import type { PageTexts } from './texts.ts'
import { DE } from './texts-de.ts'
import { EN } from './texts-en.ts'
import { ES } from './texts-es.ts'
import { RU } from './texts-ru.ts'

export const PAGE_TEXTS: Readonly<Record<Language, PageTexts>> = { en: EN, ru: RU, de: DE, es: ES }

const LONGEST_HEADER = 500

export function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text)
}

/** Of Accept-Language (RFC 9110 section 12.5.4) the one we have that the browser wants most. */
export function acceptedLanguage(header: string | undefined): Language | undefined {
  const wanted = (header ?? '')
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';')
      const quality = parameters
        .map((text) => /^\s*q\s*=\s*([01](\.\d{0,3})?)\s*$/i.exec(text)?.[1])
        .find(Boolean)
      return { language: tag.trim().toLowerCase().split('-')[0], quality: Number(quality ?? 1) }
    })
    .filter(({ language, quality }) => isLanguage(language) && quality > 0)
    // Stable: of equals the first one.
    .sort((one, other) => other.quality - one.quality)
  const best = wanted[0]?.language
  return isLanguage(best) ? best : undefined
}
