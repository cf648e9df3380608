import * as z from 'zod'
import { GATEWAY_KINDS } from '../../../config/schema.ts'
import { profileFindingSchema } from './connections.ts'

export const gatewaySchema = z
  .object({
    name: z.string(),
    kind: z.enum(GATEWAY_KINDS),
    title: z.string().describe('What it is'),
    client: z.string().describe('RADIUS client it asks as'),
    connections: z.array(z.string()).describe('Connections it serves'),
    possible: z.boolean().describe('Whether its settings can be written'),
    findings: z.array(profileFindingSchema),
  })
  .meta({ id: 'Gateway' })

export const gatewayCheckLineSchema = z
  .object({
    item: z.string().describe('What was looked at: `secret`, `accounting` ...'),
    state: z.enum(['ok', 'warning', 'problem']),
    text: z.string(),
    nextStep: z.exactOptional(z.string()),
  })
  .meta({ id: 'GatewayCheckLine' })
