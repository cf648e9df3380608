import * as z from 'zod'
import { instant, listQuerySchema } from './common.ts'

export const receiptSchema = z
  .object({
    id: z.string(),
    at: instant,
    client: z.string(),
    user: z.exactOptional(z.string()),
    outcome: z.string(),
    reason: z.exactOptional(z.string()),
    sentence: z.exactOptional(z.string()).describe('The reason for people'),
    method: z.exactOptional(z.string()),
    rule: z.exactOptional(z.string()),
    callingStationId: z.exactOptional(z.string()),
    configVersion: z.int().min(0),
  })
  .meta({ id: 'Receipt' })

/** The stored receipt whole: facts with their origin, steps, reply. Receipts hold no secrets by construction. */
export const receiptDetailSchema = receiptSchema.extend({ body: z.record(z.string(), z.unknown()) })

export const explanationSchema = z
  .object({
    id: z.string(),
    outcome: z.string(),
    sentence: z.string().describe('What happened'),
    reason: z.string().describe('Reason code'),
    nextStep: z.exactOptional(z.string()).describe('What whoever must fix it does next'),
    text: z.string().describe('The whole explanation, for a terminal'),
    changes: z
      .array(z.string())
      .readonly()
      .describe('What is different from the last accept of the same account, and some rule reads'),
    otherChanges: z.array(z.string()).readonly().describe('What is different, but no rule reads'),
    trace: z
      .exactOptional(z.unknown())
      .describe('Each rule tried, the sub-condition that failed, the values seen'),
  })
  .meta({ id: 'Explanation' })

export const loginsUnderWayQuerySchema = z.object({
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
  station: z.exactOptional(z.string().max(253)).describe('Calling-Station-Id; a MAC address in any spelling'),
})

export const loginUnderWaySchema = z
  .object({
    client: z.string(),
    user: z.exactOptional(z.string()).describe('As the device says; nobody has proved it'),
    station: z.exactOptional(z.string()),
    method: z.exactOptional(z.string()),
    seconds: z.int().min(0).describe('Since it began'),
    silentSeconds: z.int().min(0).describe('Since the last word of the device'),
    last: z.string().describe('What the device did last, or was told'),
  })
  .meta({ id: 'LoginUnderWay' })

export const receiptQuerySchema = listQuerySchema.extend({
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
  outcome: z.exactOptional(z.enum(['accept', 'reject', 'drop'])),
  reason: z.exactOptional(z.string().max(100)).describe('A reason code; an unknown one is refused'),
  station: z.exactOptional(z.string().max(253)).describe('Calling-Station-Id; a MAC address in any spelling'),
})
