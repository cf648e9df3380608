import * as z from 'zod'

/** Shorter is guessed offline from one captured packet; RFC 2865 section 3 asks for at least 16 octets. */
export const MINIMUM_SECRET_LENGTH = 8
export const RECOMMENDED_SECRET_LENGTH = 16

/** A secret as a document writes it: in the clear, made by the server, or a reference to the one already stored. */
export type SecretInput = string | { generate: true } | { ref: string }

export const secretSchema = z.union([
  z
    .string()
    .refine((text) => text.trim() !== '', 'A blank secret is refused: it would mean "open".')
    .refine(
      (text) => text.trim() === '' || text.length >= MINIMUM_SECRET_LENGTH,
      `A secret needs at least ${MINIMUM_SECRET_LENGTH} characters.`,
    ),
  z.strictObject({
    generate: z.literal(true).describe('Make a random secret where none is stored yet'),
  }),
  z.strictObject({ ref: z.string().min(1).describe('Keep the stored secret of this name') }),
])

/** The password of an account somewhere else, as a document writes it: it has whatever length that place asks for. */
export const passwordSchema = z.union([
  z
    .string()
    .refine((text) => text.trim() !== '', 'A blank password is refused: directories take it for none.'),
  z.strictObject({ ref: z.string().min(1).describe('Keep the stored password of this name') }),
])

/** A private key as a document writes it: PKCS #8, PKCS #1 or SEC 1 in PEM, not encrypted, or the one already stored. */
export const privateKeySchema = z.union([
  z
    .string()
    .refine((text) => /-----BEGIN (RSA |EC )?PRIVATE KEY-----/.test(text), 'No private key in PEM found.')
    .refine(
      (text) => !text.includes('ENCRYPTED'),
      'The key is encrypted: decrypt it first (openssl pkey). The server seals it before it is stored.',
    ),
  z.strictObject({ ref: z.string().min(1).describe('Keep the stored key of this name') }),
])

/** An object of the document with its secrets opened to plain text. */
export type WithOpenSecrets<T> = {
  [K in keyof T]: [{ ref: string }] extends [T[K]]
    ? // A table of texts is no secret, though one of them may be called ref.
      [T[K]] extends [Readonly<Record<string, string>>]
      ? T[K]
      : string
    : T[K]
}
