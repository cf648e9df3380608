import * as z from 'zod'
import { nameSchema } from '../name.ts'
import { goingOn } from './going-on.ts'

export const radiusSourceSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.source'),
  kind: z.literal('radius').describe('Users other RADIUS servers know, checked by their password'),
  group: nameSchema.describe('Group of upstreams that is asked'),
  userName: z
    .enum(['whole', 'bare'])
    .default('whole')
    .describe('whole: the name as it was typed; bare: without its realm'),
  ...goingOn,
})

export type RadiusSourceConfiguration = Readonly<z.output<typeof radiusSourceSchema>>
