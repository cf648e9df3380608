import * as z from 'zod'
import { PASSWORD_STORAGES } from '../../password-storage.ts'
import { nameSchema } from '../name.ts'
import { goingOn } from './going-on.ts'

export const localSourceSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.source'),
  kind: z.literal('local').describe('Users kept by Sallyport itself'),
  passwordStorage: z
    .enum(PASSWORD_STORAGES)
    .default('argon2id')
    .describe(
      'For passwords set from now on: MS-CHAP needs nt-hash or reversible, CHAP and EAP-MD5 need reversible',
    ),
  lockout: z
    .strictObject({
      threshold: z.int().min(0).max(1000).default(10).describe('Failures until the account locks; 0 = never'),
      durationMinutes: z.int().min(1).default(15).describe('How long it stays locked'),
      resetAfterMinutes: z.int().min(1).default(15).describe('Failures older than this are forgotten'),
    })
    .prefault({})
    .describe('Lock-out after wrong passwords'),
  ...goingOn,
  passwordMaximumAgeDays: z.int().min(0).default(0).describe('0 = passwords do not age'),
})

export type LocalSourceConfiguration = Readonly<z.output<typeof localSourceSchema>>
