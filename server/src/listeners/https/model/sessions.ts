import * as z from 'zod'
import { addressSearch } from '../../../access/sessions/address-key.ts'
import { SESSION_ACTIONS } from '../../../config/schema.ts'
import { normaliseMac } from '../../../kernel/mac-address.ts'
import { count, instant, listQuerySchema, name } from './common.ts'

export const sessionSchema = z
  .object({
    id: z.string(),
    client: z.string(),
    user: z.exactOptional(z.string()),
    state: z.enum(['live', 'stopped', 'lost']),
    receipt: z.exactOptional(z.string()).describe('The decision that let it in'),
    acctSessionId: z.string(),
    nas: z.exactOptional(z.string()).describe('NAS-Identifier, else the address of the device'),
    userName: z.exactOptional(z.string()).describe('User-Name as the device reports it'),
    framedIpAddress: z.exactOptional(z.string()),
    framedIpv6Prefix: z.exactOptional(z.string()),
    framedIpv6Address: z.exactOptional(z.string()),
    delegatedIpv6Prefix: z.exactOptional(z.string()),
    callingStationId: z.exactOptional(z.string()),
    calledStationId: z.exactOptional(z.string()),
    inputOctets: count,
    outputOctets: count,
    sessionSeconds: count,
    counterWraps: z.exactOptional(count).describe('Times a 32-bit counter passed 2^32'),
    counterResets: z.exactOptional(count).describe('Times the device lost its count'),
    terminateCause: z.exactOptional(z.string()),
    startedAt: instant,
    updatedAt: instant,
    heardAt: z.exactOptional(instant).describe('When the last report arrived'),
    stoppedAt: z.exactOptional(instant),
  })
  .meta({ id: 'Session' })

/** What a device said to a CoA or Disconnect. */
const actionOutcome = {
  outcome: z
    .enum(['acknowledged', 'refused', 'no-answer', 'unsupported'])
    .describe('unsupported: nothing was sent'),
  errorCause: z.exactOptional(z.string()).describe('Error-Cause of the device (RFC 5176 section 3.5)'),
  reason: z.exactOptional(z.string()).describe('Reason code'),
  sentence: z.exactOptional(z.string()).describe('The reason for people'),
  nextStep: z.exactOptional(z.string()),
}

export const sessionActionRequestSchema = z.strictObject({
  action: z.enum([...SESSION_ACTIONS, 'change']),
  profile: z.exactOptional(name).describe('With change: the authorization profile whose attributes it gets'),
})

export const sessionActionResultSchema = z.object({ id: z.exactOptional(z.int()), ...actionOutcome })

export const sessionActionSchema = z
  .object({
    id: z.int(),
    at: instant,
    session: z.string(),
    receipt: z.exactOptional(z.string()).describe('The decision that let the session in'),
    client: z.string(),
    user: z.exactOptional(z.string()),
    callingStationId: z.exactOptional(z.string()),
    action: z.enum([...SESSION_ACTIONS, 'change']),
    profile: z.exactOptional(z.string()),
    askedBy: z.enum(['admin', 'policy', 'grants', 'relay']),
    askedByName: z.exactOptional(z.string()),
    device: z.exactOptional(z.string()).describe('Address and port it went to'),
    request: z.exactOptional(
      z.object({
        packet: z.string(),
        attributes: z.array(z.object({ name: z.string(), value: z.string() })),
      }),
    ),
    ...actionOutcome,
    outcome: z.enum(['sending', ...actionOutcome.outcome.options]),
    attempts: count.describe('Datagrams sent'),
    finishedAt: z.exactOptional(instant),
  })
  .meta({ id: 'SessionAction' })

export const sessionQuerySchema = listQuerySchema.extend({
  state: z.exactOptional(z.enum(['live', 'stopped', 'lost'])),
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
  mac: z
    .exactOptional(
      z
        .string()
        .max(64)
        .refine((text) => normaliseMac(text) !== undefined, 'Not a MAC address.'),
    )
    .describe('Of one device, in any format'),
  station: z.exactOptional(z.string().max(253)).describe('Calling-Station-Id'),
  address: z
    .exactOptional(
      z
        .string()
        .max(64)
        .refine((text) => addressSearch(text) !== undefined, 'Not an IP address or prefix.'),
    )
    .describe('IPv4 or IPv6 address of the session, or a prefix'),
  acctSessionId: z.exactOptional(z.string().max(253)),
  since: z.exactOptional(z.iso.datetime({ offset: true })).describe('Begun then or later'),
})

export const sessionActionQuerySchema = listQuerySchema.omit({ search: true }).extend({
  session: z.exactOptional(z.string().max(100)),
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
})
