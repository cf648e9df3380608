import * as z from 'zod'
import { nameSchema } from './name.ts'
import { passwordSchema, type WithOpenSecrets } from './secret.ts'

/** Nothing that ends a header line, begins a second address or a display name. */
const mailAddress = z
  .string()
  .max(254)
  .regex(
    /^[^\s<>()[\],;:"\\@\p{Cc}]{1,64}@[A-Za-z0-9.-]{1,253}$/u,
    'Not an address of the form name@example.org.',
  )

/** Where mail is handed in, and who is written to. */
export const mailSchema = z
  .strictObject({
    name: nameSchema.describe('Of this entry'),
    server: z
      .string()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/, 'Not a host name or address.')
      .describe('Host name or address of the SMTP server'),
    port: z.int().min(1).max(65_535).default(587).describe('Port; 465 is usual for tls, 25 for none'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe(
        'starttls: no mail without it; tls: from the first octet; none: everybody on the way reads it',
      ),
    ca: z
      .exactOptional(z.string().max(65_536))
      .describe('PEM of the CA of the server; absent: the public ones Node.js knows'),
    user: z.exactOptional(z.string().min(1).max(256)).describe('Account at the server'),
    password: z.exactOptional(passwordSchema).describe('Of that account'),
    from: mailAddress.describe('Sender'),
    to: z.array(mailAddress).min(1).max(50).describe('Who is written to'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'user and password belong together.',
  })
  .refine(({ security, password }) => security !== 'none' || password === undefined, {
    path: ['security'],
    message: 'A password is not sent in the clear: starttls or tls.',
  })

export type MailConfiguration = Readonly<WithOpenSecrets<z.output<typeof mailSchema>>>
