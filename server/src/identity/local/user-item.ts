import * as z from 'zod'
import { PASSWORD_STORAGES } from '../../config/password-storage.ts'
import { PASSWORD_FAULTS, passwordFault } from './password.ts'
import { groupNameProblem, logonHoursProblem, userNameProblem } from './user-rules.ts'

/** A check whose complaint is a sentence of its own. */
function without<T>(problem: (value: T) => string | undefined) {
  return (context: { readonly value: T; readonly issues: z.core.$ZodRawIssue[] }) => {
    const message = problem(context.value)
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value })
  }
}

const passwordProblem = (password: string): string | undefined => {
  const fault = passwordFault(password)
  return fault === undefined ? undefined : PASSWORD_FAULTS[fault]
}

const groupNameSchema = z.string().check(without(groupNameProblem))

/** One member of `users:` in the document. */
export const userItemSchema = z.strictObject({
  name: z.string().check(without(userNameProblem)).describe('Without realm'),
  source: z.exactOptional(z.string().min(1)).describe('Needed where there are several local sources'),
  password: z
    .exactOptional(z.string().check(without(passwordProblem)))
    .describe('Write-only: kept where it is the one set already; never exported'),
  passwordStorage: z
    .exactOptional(z.enum(PASSWORD_STORAGES))
    .describe(
      'How the password is kept; absent: one given here as the source says now, any other as it is kept already',
    ),
  groups: z.array(groupNameSchema).default([]).describe('Direct memberships'),
  disabled: z.boolean().default(false),
  expiresAt: z
    .exactOptional(z.iso.datetime({ offset: true }))
    .describe('From this moment nothing lets the account in'),
  mustChangePassword: z.boolean().default(false).describe('At the next login; only MS-CHAPv2 can change it'),
  passwordNeverExpires: z.boolean().default(false).describe("Exempt from the source's maximum age"),
  logonHours: z
    .exactOptional(z.array(z.string()).check(without(logonHoursProblem)))
    .describe('Mon-Fri 07:00-19:00, in the time zone of the settings; absent: always, empty: never'),
  attributes: z.record(z.string().min(1), z.string()).default({}).describe('Conditions read user.attributes'),
})

export type UserItem = z.output<typeof userItemSchema>

/** One member of `groups:` in the document. */
export const groupItemSchema = z.strictObject({
  name: groupNameSchema,
  members: z.array(groupNameSchema).default([]).describe('Nested groups'),
})

export type GroupItem = z.output<typeof groupItemSchema>
