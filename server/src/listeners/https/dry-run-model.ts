import * as z from 'zod'
import { METHODS } from '../../policy/index.ts'

/** What the API says and hears of dry runs; see model.ts. */
const name = z.string().min(1).max(253)
const method = z.enum(METHODS.filter((each) => each !== 'mab'))
const attributeText = z.object({ name: z.string(), value: z.string() })

export const dryReplyRequestSchema = z.strictObject({
  profiles: z.array(name).max(50).describe('In order: the first that sets a term wins'),
  user: name.default('user').describe('The name in User-Name'),
})

export const dryReplySchema = z
  .object({
    outcome: z.enum(['accept', 'reject']),
    reason: z.string(),
    sentence: z.string(),
    nextStep: z.string(),
    attributes: z
      .array(attributeText)
      .readonly()
      .describe(
        'In the order of the packet, behind Message-Authenticator; without what only a login adds (keys, EAP)',
      ),
    octets: z.int().min(0).describe('Length of the packet'),
    text: z.string().describe('All of it, for a terminal'),
  })
  .meta({ id: 'DryReply' })

export const policyTrialRequestSchema = z.strictObject({
  client: name.describe('RADIUS client the login would come through'),
  user: name.describe('As the user would write it, realm and all'),
  method: method.default('peap').describe('Outer method'),
  inner: z.exactOptional(method).describe('Method inside a tunnel; default eap-mschapv2'),
  groups: z
    .exactOptional(z.array(name).max(100))
    .describe('In place of those the user has; then the user need not exist'),
  address: z.exactOptional(z.ipv4().or(z.ipv6())).describe("Source address; default the client's"),
  attributes: z
    .array(z.strictObject({ name, value: z.string().min(1).max(253) }))
    .max(50)
    .default([])
    .describe('Attributes of the request'),
})

export const policyTrialSchema = dryReplySchema
  .extend({
    user: z.string(),
    realm: z.string(),
    groups: z.array(z.string()).readonly(),
    rule: z.exactOptional(z.string()),
    profiles: z.array(z.string()).readonly(),
    trace: z.unknown().describe('Each rule tried, the sub-condition that failed, the values seen'),
  })
  .meta({ id: 'PolicyTrial' })
