import * as z from 'zod'
import { PASSWORD_STORAGES } from '../password-storage.ts'
import { nameSchema } from './name.ts'

const localSourceSchema = z.strictObject({
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
  passwordMaximumAgeDays: z.int().min(0).default(0).describe('0 = passwords do not age'),
})

const radiusSourceSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.source'),
  kind: z.literal('radius').describe('Users other RADIUS servers know, checked by their password'),
  group: nameSchema.describe('Group of upstreams that is asked'),
  userName: z
    .enum(['whole', 'bare'])
    .default('whole')
    .describe('whole: the name as it was typed; bare: without its realm'),
  onReject: z
    .enum(['stop', 'next'])
    .default('stop')
    .describe('next: a reject goes on to the next source, because it may mean an unknown user'),
})

/** Identity sources: where users are checked. */
export const sourceSchema = z.discriminatedUnion('kind', [localSourceSchema, radiusSourceSchema])

export type SourceConfiguration = Readonly<z.output<typeof sourceSchema>>
export type RadiusSourceConfiguration = Readonly<z.output<typeof radiusSourceSchema>>
export type LocalSourceConfiguration = Readonly<z.output<typeof localSourceSchema>>
