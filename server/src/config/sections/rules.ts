import * as z from 'zod'
import { nameSchema } from './name.ts'

/** The names of policy/methods.ts (a test holds the two lists together; the floors keep them apart). */
export const METHOD_NAMES = [
  'pap',
  'chap',
  'mschap',
  'mschapv2',
  'eap-md5',
  'eap-gtc',
  'eap-mschapv2',
  'eap-tls',
  'peap',
  'eap-ttls',
  'mab',
  'proxied',
] as const

const methodList = z
  .array(z.enum(METHOD_NAMES))
  .min(1, 'An empty list allows nothing; leave it out for any method.')

/** Policy rules, in order: the first match wins, no match rejects. */
export const ruleSchema = z.strictObject({
  name: nameSchema.describe('Shown in receipts and explanations'),
  mode: z
    .enum(['enforce', 'shadow'])
    .default('enforce')
    .describe('shadow: evaluated and recorded, never decides'),
  when: z
    .exactOptional(
      z
        .string()
        .refine((text) => text.trim() !== '', 'A blank condition is refused; leave it out for always.'),
    )
    .describe('Condition in CEL; absent = always'),
  methods: z
    .strictObject({
      outer: z
        .exactOptional(methodList)
        .describe('Allowed outer methods; absent = any, but an accept covers mab only where it is listed'),
      inner: z.exactOptional(methodList).describe('Allowed methods inside a tunnel; absent = any'),
    })
    .prefault({})
    .describe('Authentication methods the rule allows'),
  effect: z.enum(['accept', 'reject']).describe('What a match means'),
  profiles: z.array(nameSchema).default([]).describe('Authorization profiles of the accept, in order'),
  maximumSessions: z
    .exactOptional(
      z.strictObject({
        count: z.int().min(1).max(1000).describe('Live sessions; one more login is rejected'),
        per: z
          .enum(['user', 'user-and-client', 'device'])
          .default('user')
          .describe(
            'What is counted: sessions of the user, those through the same client, those of the device',
          ),
      }),
    )
    .describe('Limit on sessions at a time; needs accounting. Absent = none'),
})

export type RuleConfiguration = Readonly<z.output<typeof ruleSchema>>
