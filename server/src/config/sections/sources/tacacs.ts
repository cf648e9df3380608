import * as z from 'zod'
import { nameSchema } from '../name.ts'
import { secretSchema, type WithOpenSecrets } from '../secret.ts'
import { goingOn } from './going-on.ts'

/** Users a TACACS+ server knows (RFC 8907). */
export const tacacsSourceSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.source'),
  kind: z.literal('tacacs').describe('Users a TACACS+ server knows, checked by their password'),
  servers: z.array(z.string().min(1)).min(1).max(16).describe('host or host:port (49), the preferred first'),
  secret: secretSchema.describe('Shared secret'),
  deadlineMilliseconds: z.int().min(100).max(10_000).default(2500).describe('Wait for one login'),
  ...goingOn,
})

export type TacacsSourceConfiguration = Readonly<WithOpenSecrets<z.output<typeof tacacsSourceSchema>>>
