import { isIP } from 'node:net'
import * as z from 'zod'
import { SESSION_ACTIONS } from './dynamic-authorization.ts'
import { nameSchema } from './name.ts'

/** An attribute carries at most 253 octets (RFC 2865 section 5). */
const textAttribute = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= 253, 'Longer than the 253 octets of a RADIUS attribute.')

const seconds = z.int().min(1).max(0xffffffff)
const vlan = z.union([z.int().min(1).max(4094), z.string().min(1).max(64)])
const kilobits = z.int().min(1).max(4_000_000)

/** Enough for any switch, and what a downloadable list may make us keep and send. */
const MOST_ACL_LINES = 1000

const acl = z.union([z.array(z.string().min(1)).min(1).max(MOST_ACL_LINES), textAttribute])

/** Authorization profiles: what an Access-Accept carries, in product terms. */
export const profileSchema = z.strictObject({
  name: nameSchema.describe('Rules refer to it'),
  vlan: z.exactOptional(vlan).describe('VLAN, by id or by name'),
  voiceVlan: z.exactOptional(vlan).describe('VLAN of a telephone, by id or by name'),
  acl: z
    .exactOptional(acl)
    .describe(
      'Access list: lines like `permit tcp from self to 10.0.0.0/8 port 443`, or the name of one the device has',
    ),
  filterId: z.exactOptional(textAttribute).describe('Filter-Id, as it is'),
  role: z.exactOptional(textAttribute).describe('Role, user group or group policy of the device'),
  adminRole: z.exactOptional(textAttribute).describe('Role of an administrator of the device'),
  privilegeLevel: z
    .exactOptional(z.int().min(0).max(15))
    .describe('Privilege level of an administrator of the device'),
  bandwidth: z
    .exactOptional(
      z
        .strictObject({
          downKbps: z.exactOptional(kilobits).describe('Towards the user, kilobits a second'),
          upKbps: z.exactOptional(kilobits).describe('From the user, kilobits a second'),
        })
        .refine(
          ({ downKbps, upKbps }) => downKbps !== undefined || upKbps !== undefined,
          'Say downKbps, upKbps or both.',
        ),
    )
    .describe('Most bandwidth'),
  securityGroupTag: z.exactOptional(z.int().min(1).max(0xffff)).describe('Security group tag (SGT)'),
  urlRedirect: z
    .exactOptional(
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('Where a browser is sent'),
        acl: z
          .exactOptional(textAttribute)
          .describe('List on the device that says what is redirected (Cisco)'),
      }),
    )
    .describe('Portal a browser is sent to'),
  sessionTimeoutSeconds: z
    .exactOptional(seconds)
    .describe('Session-Timeout: the device ends the session or authenticates again'),
  terminationAction: z
    .exactOptional(z.enum(['default', 'radius-request']))
    .describe('At the session timeout: end the session, or authenticate again'),
  idleTimeoutSeconds: z.exactOptional(seconds).describe('Idle-Timeout: the device ends an idle session'),
  interimIntervalSeconds: z
    .exactOptional(z.int().min(60).max(0xffffffff))
    .describe('How often the device reports on the session (Acct-Interim-Interval)'),
  framedIpAddress: z
    .exactOptional(z.string().refine((text) => isIP(text) === 4, 'Not an IPv4 address.'))
    .describe('IPv4 address of the user'),
  framedIpv6Address: z.exactOptional(ipv6Address()).describe('IPv6 address of the user'),
  framedIpv6Prefix: z.exactOptional(ipv6Prefix()).describe('IPv6 prefix of the link to the user'),
  delegatedIpv6Prefix: z.exactOptional(ipv6Prefix()).describe("IPv6 prefix for the user's own network"),
  dnsServers: z
    .exactOptional(
      z
        .array(z.string().refine((text) => isIP(text) !== 0 && !text.includes('%'), 'Not an IP address.'))
        .min(1)
        .max(8),
    )
    .describe('DNS servers, IPv4 and IPv6'),
  mppe: z
    .exactOptional(
      z.strictObject({
        encryption: z.enum(['none', 'optional', 'required']).describe('Whether PPP may or must be encrypted'),
        keyBits: z
          .array(z.union([z.literal(40), z.literal(128)]))
          .min(1)
          .default([128])
          .describe('Key lengths that may be used'),
      }),
    )
    .describe('Encryption of PPP (MPPE); without it a login by MS-CHAP requires 128 bits'),
  class: z.exactOptional(textAttribute).describe('Class: comes back in accounting'),
  whenRevoked: z
    .exactOptional(z.enum(SESSION_ACTIONS))
    .describe('What the device is told once the session is no longer allowed; absent = disconnect'),
  attributes: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('Name in the dictionary'),
        value: z.string().min(1).describe('Value as text'),
      }),
    )
    .default([])
    .describe('Any other attribute by name; it takes the place of what the terms above would send'),
})

function ipv6Address() {
  return z.string().refine((text) => isIP(text) === 6 && !text.includes('%'), 'Not an IPv6 address.')
}

function ipv6Prefix() {
  return z.string().refine((text) => {
    const [, address = '', bits] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? []
    return isIP(address) === 6 && Number(bits) <= 128
  }, 'Not an IPv6 prefix like 2001:db8:1::/48.')
}

export type ProfileConfiguration = Readonly<z.output<typeof profileSchema>>
