import * as z from 'zod'

/** Text that people are shown: any script, one line, no control characters, no characters that reorder the text around. */
export const shownText = (maximum: number) =>
  z
    .string()
    .min(1)
    .max(maximum)
    .regex(
      /^[^\p{Cc}\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}]*$/u,
      'One line without control characters.',
    )
    .refine((text) => text === text.trim(), 'It neither starts nor ends with a space.')
