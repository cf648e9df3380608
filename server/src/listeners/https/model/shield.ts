import * as z from 'zod'
import { count, instant } from './common.ts'

const shieldedDeviceSchema = z
  .object({
    device: z.string().describe('Calling-Station-Id; a MAC address as twelve hexadecimal digits'),
    client: z.exactOptional(z.string()).describe('The RADIUS client it came through last'),
    failures: count.describe('Wrong passwords since its last right one'),
    lastFailureAt: z.exactOptional(instant),
    heldUntil: z.exactOptional(instant).describe('Absent: it may try'),
    stopped: count.describe('Logins answered without asking the directory'),
    lastStoppedAt: z.exactOptional(instant),
    lastSuccessAt: z.exactOptional(instant),
  })
  .meta({ id: 'ShieldedDevice' })

export const shieldedAccountSchema = z
  .object({
    user: z.string(),
    source: z.string(),
    failures: count.describe('Wrong passwords the directory counts'),
    lockoutThreshold: count,
    left: count.describe('Wrong passwords until the directory locks the account'),
    until: instant.describe('When the directory forgets them, if no more come'),
    devices: z.array(shieldedDeviceSchema).readonly(),
  })
  .meta({ id: 'ShieldedAccount' })

export const shieldReleaseSchema = z
  .strictObject({
    user: z.string().min(1).max(253),
    source: z.exactOptional(z.string().min(1).max(253)),
    device: z
      .exactOptional(z.string().min(1).max(64))
      .describe('One device alone; a MAC address in any format'),
  })
  .meta({ id: 'ShieldRelease' })
