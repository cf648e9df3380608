import * as z from 'zod'
import { shownText } from '../shown-text.ts'
import { AUTHENTICATION_METHODS, commonFields } from './common.ts'

const EAP_METHODS = AUTHENTICATION_METHODS.filter((method) => method !== 'mschapv2')

const port = {
  authentication: z
    .enum(EAP_METHODS)
    .default('eap-tls')
    .describe('How people or machines prove who they are'),
  identity: z
    .enum(['user', 'machine', 'both'])
    .default('user')
    .describe('Windows and macOS: who logs in; both = the machine until somebody signs in'),
  singleSignOn: z
    .boolean()
    .default(false)
    .describe('Windows: before sign-in, with the name and password of the sign-in'),
} as const

export const wifiSchema = z.strictObject({
  kind: z.literal('wifi').describe('Wi-Fi with 802.1X'),
  ...commonFields,
  ssid: shownText(32)
    .refine((text) => Buffer.byteLength(text) <= 32, 'An SSID has at most 32 octets.')
    .describe('Name of the network'),
  hidden: z.boolean().default(false).describe('It does not announce its name'),
  security: z
    .enum(['wpa2', 'wpa3', 'wpa3-192'])
    .default('wpa2')
    .describe(
      'wpa2 = WPA2-Enterprise, management frames protected where the client can; wpa3-192 needs eap-tls',
    ),
  autoConnect: z.boolean().default(true).describe('Joined by itself'),
  randomMac: z.boolean().default(true).describe('The client may show a made-up MAC address'),
  ...port,
})

export const wiredSchema = z.strictObject({
  kind: z.literal('wired').describe('Ethernet with 802.1X'),
  ...commonFields,
  ...port,
})
