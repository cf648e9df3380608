import * as z from 'zod'
import { ROLES } from '../../../admins/role.ts'
import { instant, name, password } from './common.ts'

export const roleSchema = z.enum(ROLES)

export const adminSchema = z
  .object({ name, role: roleSchema, disabled: z.boolean(), createdAt: instant })
  .meta({ id: 'Admin' })

export const newAdminSchema = z.strictObject({ name, password, role: roleSchema })

export const adminPatchSchema = z.strictObject({
  password: z.exactOptional(password),
  role: z.exactOptional(roleSchema),
  disabled: z.exactOptional(z.boolean()),
})

export const tokenSchema = z
  .object({
    id: z.string().describe('Naming part: the token begins with it'),
    name: z.string(),
    admin: z.string().describe('The account it speaks for'),
    role: roleSchema,
    createdAt: instant,
    expiresAt: z.exactOptional(instant),
    lastUsedAt: z.exactOptional(instant),
  })
  .meta({ id: 'Token' })

export const newTokenSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('What it is for'),
  role: roleSchema,
  expiresInDays: z.int().min(1).max(3650).default(365),
})

export const madeTokenSchema = tokenSchema.extend({ token: z.string().describe('Shown this once') })

export const loginSchema = z.strictObject({
  name,
  password,
  cookie: z
    .boolean()
    .default(false)
    .describe('For browsers: the token comes as an HttpOnly cookie and is not in the body'),
})

export const loggedInSchema = z.object({
  name: z.string(),
  role: roleSchema,
  expiresAt: instant,
  token: z.exactOptional(z.string()),
  csrfToken: z.exactOptional(z.string()).describe('With a cookie: send it as x-csrf-token with every change'),
})

export const meSchema = z.object({
  name: z.string(),
  role: roleSchema,
  via: z.enum(['login', 'api', 'local']),
  csrfToken: z.exactOptional(z.string()),
})

export const ownPasswordSchema = z.strictObject({ current: password, next: password })
