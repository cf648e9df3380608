import * as z from 'zod'

/** No half character (no file can carry one), no separator of lines or paragraphs, nothing that reorders the text around. */
export const ORDINARY = /^[^\p{Cs}\p{Zl}\p{Zp}\u{202a}-\u{202e}\u{2066}-\u{2069}]*$/u

/** Text that people are shown: any script, one line, no control characters, no characters that reorder the text around. */
export const shownText = (maximum: number) =>
  z
    .string()
    .min(1)
    .max(maximum)
    .regex(/^\P{Cc}*$/u, 'One line without control characters.')
    .regex(ORDINARY, 'Half a character, a line separator, or one that turns the reading direction.')
    .refine((text) => text === text.trim(), 'It neither starts nor ends with a space.')

/** An address people or their programs open. Browsers read over a line break in one; files do not. */
export const webUrl = shownText(500)
  .regex(/^\S*$/u, 'An address holds no space.')
  .refine(
    (text) => URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol),
    'Not a URL of the form https://name/path.',
  )
