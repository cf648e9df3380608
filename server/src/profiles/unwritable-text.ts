import { RequestError } from '../kernel/errors.ts'

/** A text that a format has no way to carry unchanged. No file is made of it. */
export class UnwritableText extends RequestError {
  constructor(text: string, format: string) {
    super('profile-text-unwritable', `${JSON.stringify(text.toWellFormed())} cannot stand in ${format}.`, {
      text: text.toWellFormed(),
      format,
    })
  }
}
