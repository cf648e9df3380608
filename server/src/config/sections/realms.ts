import * as z from 'zod'
import { nameSchema } from './name.ts'

const attributeName = z.string().min(1).describe('Name in the dictionary, or Attr-26.9.1')
const attributeValue = z.strictObject({
  name: attributeName,
  value: z.string().min(1).describe('Value as text'),
})

/** What is changed in a packet that passes through, in this order. */
const rewriteSchema = z.strictObject({
  remove: z.array(attributeName).default([]).describe('Attributes that are left out'),
  set: z.array(attributeValue).default([]).describe('Attributes that replace all of their name'),
  add: z.array(attributeValue).default([]).describe('Attributes that are added'),
})

const proxySchema = z.strictObject({
  group: nameSchema.describe('Remote RADIUS server group: what upstreams name as their group'),
  stripRealm: z
    .boolean()
    .default(false)
    .describe('Send the user name without its realm; never with EAP, whose identity cannot be changed'),
  accounting: z.boolean().default(true).describe('Pass accounting of these users on as well'),
  request: rewriteSchema.prefault({}).describe('Changes of what is sent to the upstream'),
  reply: rewriteSchema
    .extend({
      allow: z
        .array(attributeName)
        .default([])
        .describe('Attributes of an accept that reach the device beside those of the login itself; * = all'),
    })
    .prefault({})
    .describe('Changes of what comes back'),
})

/** Realms: which sources are asked for a user name, in which order, or which servers are asked instead. */
export const realmSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.realm'),
  default: z.boolean().default(false).describe('Takes user names without a realm; never an unknown realm'),
  suffixes: z.array(z.string().min(1)).default([]).describe('example.org takes user@example.org'),
  prefixes: z.array(z.string().min(1)).default([]).describe('EXAMPLE takes EXAMPLE\\user'),
  patterns: z
    .array(z.string().min(1).max(500))
    .default([])
    .describe('Regular expressions for the whole name, tried where no suffix or prefix fits'),
  sources: z
    .array(nameSchema)
    .default([])
    .describe('Authentication order: names of identity sources; a realm has these or proxy'),
  proxy: z
    .exactOptional(proxySchema)
    .describe('Pass whole conversations on to a group of upstreams instead of checking them here'),
})

export type RealmConfiguration = Readonly<z.output<typeof realmSchema>>
export type ProxyConfiguration = Readonly<z.output<typeof proxySchema>>
