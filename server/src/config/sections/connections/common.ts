import { domainToASCII } from 'node:url'
import * as z from 'zod'
import { nameSchema } from '../name.ts'
import { shownText } from '../shown-text.ts'

/** Profiles hold names as they go over the wire: letters beyond ASCII in A-labels (RFC 5890 section 2.3.2.1). */
function notADnsName(input: unknown): string {
  const ascii = typeof input === 'string' ? domainToASCII(input) : ''
  return ascii === '' || ascii === input ? 'Not a DNS name.' : `Not a DNS name: write it as ${ascii}.`
}

export const dnsName = z
  .string()
  .max(253)
  .regex(/^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/, { error: ({ input }) => notADnsName(input) })

/** A DNS name, or one with a leading dot for everything below it. */
export const dnsSuffix = z
  .string()
  .max(253)
  .regex(/^\.?[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/, { error: ({ input }) => notADnsName(input) })

const certificatePem = z
  .string()
  .max(65_536)
  .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'No PEM certificate found.')

/** What a client proves itself by, the weakest last. */
export const AUTHENTICATION_METHODS = [
  'eap-tls',
  'peap-eap-tls',
  'ttls-eap-tls',
  'peap-mschapv2',
  'ttls-mschapv2',
  'ttls-pap',
  'eap-mschapv2',
  'mschapv2',
] as const
export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number]

export const anchorsSchema = z
  .exactOptional(z.array(certificatePem).min(1).max(8))
  .describe('Root certificates in PEM; absent: those of the own CA')

/** Settings that VPN, Wi-Fi and wired connections share. */
export const commonFields = {
  name: nameSchema.describe('Of the connection; commands and links go by it'),
  title: z.exactOptional(shownText(60)).describe('What people see it as; the name by default'),
  enabled: z.boolean().default(true).describe('A disabled connection is not handed out any more'),
  groups: z
    .array(z.string().min(1))
    .default([])
    .describe('Members may fetch it for themselves; empty = only administrators hand it out'),
  serverNames: z
    .array(dnsName)
    .max(8)
    .default([])
    .describe(
      'Names in the certificate of the RADIUS server, which clients insist on; empty = settings.serverName',
    ),
  anchors: anchorsSchema.describe(
    'Roots the RADIUS server is trusted by, in PEM; absent: those of the own CA',
  ),
  certificateTemplate: z
    .exactOptional(nameSchema)
    .describe(
      'Template of the certificate that is handed out with it, where it needs one; people get what its groups may enrol. Absent: the only one the person may enrol, else, by an administrator, `built-in`',
    ),
  anonymousIdentity: z
    .boolean()
    .default(true)
    .describe('PEAP and EAP-TTLS: name outside the tunnel is anonymous@realm, where the client can'),
  rememberCredentials: z.boolean().default(true).describe('The client may keep the password'),
} as const
