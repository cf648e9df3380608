import * as z from 'zod'
import { nameSchema } from './name.ts'

/** Realms: which sources are asked for a user name, in which order. */
export const realmSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.realm'),
  default: z.boolean().default(false).describe('Takes user names without a realm; never an unknown realm'),
  suffixes: z.array(z.string().min(1)).default([]).describe('example.org takes user@example.org'),
  prefixes: z.array(z.string().min(1)).default([]).describe('EXAMPLE takes EXAMPLE\\user'),
  sources: z.array(nameSchema).min(1).describe('Authentication order: names of identity sources'),
})

export type RealmConfiguration = Readonly<z.output<typeof realmSchema>>
