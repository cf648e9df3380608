import { RequestError } from '../kernel/errors.ts'

/** What mostly stands in the way: controls, direction marks, half characters, separators of lines. */
const ODD = /[\p{C}\p{Zl}\p{Zp}]/u

/**
 * A text that a format has no way to carry unchanged. No file is made of it. It may be a secret, and this is told, logged and
 * shown: the text itself does not stand in it.
 */
export class UnwritableText extends RequestError {
  constructor(text: string, format: string) {
    const [odd] = ODD.exec(text) ?? []
    const which = odd === undefined ? `A text of ${text.length} characters` : `A text with ${codePoint(odd)}`
    super('profile-text-unwritable', `${which} cannot stand in ${format}.`, { format })
  }
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
