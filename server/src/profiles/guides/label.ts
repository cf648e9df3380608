import type { Language } from '../../config/schema.ts'

/** What stands on a button, a field or a menu of a system, in each of its languages. */
export interface Label extends Readonly<Record<Language, string>> {
  /**
   * program = read in the translations the program itself ships (the file of labels names it);
   * memory = from memory, so the words may differ.
   */
  readonly confidence: 'program' | 'memory'
}

/** @param words English, Russian, German and Spanish, with ` | ` between them */
export const remembered = (words: string): Label => labelOf(words, 'memory')
/** The same, as the program says it. */
export const seen = (words: string): Label => labelOf(words, 'program')
/** A name that no language translates: VPN, IKEv2. */
export const same = (word: string): Label => ({
  en: word,
  ru: word,
  de: word,
  es: word,
  confidence: 'program',
})

function labelOf(words: string, confidence: Label['confidence']): Label {
  const [en, ru, de, es, ...rest] = words.split(' | ')
  if (en === undefined || ru === undefined || de === undefined || es === undefined || rest.length > 0) {
    throw new Error(`guides: not four languages: ${words}`)
  }
  return { en, ru, de, es, confidence }
}

/** A name no language translates, as far as remembered. */
export const rememberedName = (word: string): Label => ({ ...same(word), confidence: 'memory' })
