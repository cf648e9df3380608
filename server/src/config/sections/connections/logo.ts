import * as z from 'zod'

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const MOST_OCTETS = 96 * 1024

/** A picture a page may show without asking anybody for it. */
export const base64Png = z
  .string()
  .max(Math.ceil((MOST_OCTETS * 4) / 3) + 4)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'Not base64.')
  .refine(
    (text) => Buffer.from(text, 'base64').subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE),
    'Not a PNG.',
  )
