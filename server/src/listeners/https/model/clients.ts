import * as z from 'zod'
import { count, instant } from './common.ts'

export const clientSchema = z
  .object({
    name: z.string(),
    address: z.string().describe('As configured: address, CIDR or DNS name'),
    networks: z.array(z.string()).readonly().describe('What it resolves to now'),
    enabled: z.boolean(),
    vendor: z.string(),
    requireMessageAuthenticator: z.boolean(),
    changingSecret: z.boolean().describe('Two secrets are valid'),
    lastSeenAt: z.exactOptional(instant),
    lastDrop: z
      .exactOptional(z.object({ at: instant, code: z.string(), title: z.string() }))
      .describe('The last packet left without an answer, and why; since the server started'),
    counters: z
      .object({ requests: count, accepts: count, rejects: count, dropped: count })
      .describe('Since the server started'),
  })
  .meta({ id: 'Client' })

export const unknownClientSchema = z
  .object({
    address: z.string(),
    packets: count,
    kinds: z.object({ access: count, accounting: count, other: count }),
    nasIdentifier: z.exactOptional(z.string()).describe('What it calls itself; not proved'),
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'UnknownClient' })

export const dropSchema = z
  .object({
    client: z.exactOptional(z.string()).describe('RADIUS client; absent for a stranger'),
    address: z.string().describe('Where the last of them came from'),
    reason: z.string(),
    title: z.string(),
    sentence: z.string().describe('About the last of them'),
    nextStep: z.string(),
    packets: count,
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'Drop' })

export const resolvedSchema = z.object({
  address: z.string(),
  networks: z.array(z.string()).readonly(),
  problem: z.exactOptional(z.string()).describe('Why there is no answer'),
})
