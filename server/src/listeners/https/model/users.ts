import * as z from 'zod'
import { PASSWORD_STORAGES } from '../../../config/schema.ts'
import { count, instant, name, password } from './common.ts'

export const userSchema = z
  .object({
    name: z.string(),
    source: z.string(),
    groups: z.array(z.string()).readonly().describe('Direct memberships'),
    passwordStorage: z.exactOptional(z.enum(PASSWORD_STORAGES)).describe('Absent: no password'),
    passwordChangedAt: z.exactOptional(instant),
    mustChangePassword: z.boolean(),
    passwordNeverExpires: z.boolean(),
    disabled: z.boolean(),
    expiresAt: z.exactOptional(instant),
    logonHours: z.exactOptional(z.array(z.string()).readonly()).describe('Absent: always'),
    attributes: z.record(z.string(), z.string()).readonly(),
    failures: count.describe('Wrong passwords since the last good one'),
    lockedUntil: z.exactOptional(instant),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'User' })

const userFields = {
  groups: z.exactOptional(z.array(name)),
  passwordStorage: z.exactOptional(z.enum(PASSWORD_STORAGES)),
  disabled: z.exactOptional(z.boolean()),
  mustChangePassword: z.exactOptional(z.boolean()),
  passwordNeverExpires: z.exactOptional(z.boolean()),
  attributes: z.exactOptional(z.record(z.string().max(100), z.string().max(4096))),
}

export const instantInput = z.iso.datetime({ offset: true })

const logonHours = z.array(z.string().min(1).max(100)).max(50)

export const newUserSchema = z.strictObject({
  name,
  password: z.exactOptional(password).describe('Write-only'),
  ...userFields,
  expiresAt: z.exactOptional(instantInput),
  logonHours: z.exactOptional(logonHours),
})

export const userPatchSchema = z.strictObject({
  ...userFields,
  expiresAt: z.exactOptional(instantInput.nullable()).describe('null: never'),
  logonHours: z.exactOptional(logonHours.nullable()).describe('null: always'),
})

export const newPasswordSchema = z.strictObject({
  password: password.describe('Write-only'),
  storage: z
    .exactOptional(z.enum(PASSWORD_STORAGES))
    .describe("How it is kept; absent: the source's default of now, however the old one was kept"),
  mustChangePassword: z.boolean().default(false),
})

export const groupSchema = z
  .object({
    name: z.string(),
    groups: z.array(z.string()).readonly().describe('Groups that are members'),
    users: count.describe('Users that are direct members'),
  })
  .meta({ id: 'Group' })

export const newGroupSchema = z.strictObject({ name, groups: z.array(name).default([]) })
