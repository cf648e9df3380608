import * as z from 'zod'
import { nameSchema } from './name.ts'

const oid = z.string().regex(/^[0-2](\.\d{1,15})+$/, 'Not an OID.')

/** What a template starts from: its extended key usages, key usage and names, where it sets none itself. */
export const TEMPLATE_BASES = [
  'user',
  'computer',
  'device',
  'radius-server',
  'vpn-gateway',
  'radsec',
  'web-server',
] as const
export type TemplateBase = (typeof TEMPLATE_BASES)[number]

/** Parts of the subjectAltName the server builds; each is left out where the account has no such value. */
export const TEMPLATE_NAMES = ['upn', 'email', 'dns', 'sid-uri', 'account-uri', 'device-uri'] as const

/** Ways to ask for a certificate. */
export const ENROLMENT_PROTOCOLS = ['scep', 'est', 'acme', 'wstep', 'request', 'pkcs12'] as const
export type TemplateName = (typeof TEMPLATE_NAMES)[number]

export type EnrolmentProtocol = (typeof ENROLMENT_PROTOCOLS)[number]

export const KEY_ALGORITHMS = ['p256', 'p384', 'p521', 'rsa', 'ed25519'] as const

/** Certificate templates: what may be issued, with which names, to whom. */
export const certificateTemplateSchema = z.strictObject({
  name: nameSchema.describe('What clients ask for it by'),
  base: z.enum(TEMPLATE_BASES).default('user').describe('What it is for; decides whatever is not set here'),
  oid: z
    .exactOptional(oid)
    .describe(
      'What Windows knows it by; only to go on with a template of AD CS, else it is made of the name',
    ),
  extendedKeyUsages: z
    .exactOptional(z.array(oid).min(1).max(16))
    .describe('OIDs instead of those of the base'),
  validityDays: z.int().min(1).max(1825).default(365).describe('How long a certificate is valid'),
  renewalDays: z
    .int()
    .min(0)
    .max(365)
    .default(42)
    .describe('Renewed within so many days before the end; less than validityDays'),
  keys: z
    .strictObject({
      algorithms: z
        .array(z.enum(KEY_ALGORITHMS))
        .min(1)
        .default(['p256', 'p384', 'rsa'])
        .describe('Kinds of keys that are certified'),
      minimumRsaBits: z.int().min(2048).max(8192).default(2048).describe('Shorter RSA keys are refused'),
      reuse: z
        .boolean()
        .default(false)
        .describe('A renewal may keep its key; otherwise a key is certified once'),
      attestation: z
        .enum(['none', 'required'])
        .default('none')
        .describe('required = only a key that its device attests (ACME device-attest-01)'),
    })
    .prefault({})
    .describe('Keys that are certified'),
  names: z
    .enum(['account', 'proved', 'requested'])
    .default('account')
    .describe(
      'account = the server builds them from the account; proved = those the protocol proved (ACME) or a challenge names; requested = those of the request, after approval',
    ),
  allowedNames: z
    .array(z.string().min(1).max(253))
    .default([])
    .describe(
      'With proved and requested: names it may hold, such as vpn.example.org, *.lab.example.org (any below it), 10.0.0.0/8 or *@example.org (e-mail addresses and UPNs); empty = none',
    ),
  commonName: z
    .exactOptional(z.enum(['name', 'upn', 'display-name', 'email', 'dns', 'device-id']))
    .describe('Common name of the subject, instead of that of the base'),
  subjectAltNames: z
    .exactOptional(z.array(z.enum(TEMPLATE_NAMES)).min(1))
    .describe('Names the server builds, instead of those of the base; what an account lacks is left out'),
  sidExtension: z
    .boolean()
    .default(true)
    .describe('The security identifier of an Active Directory account (KB5014754), never from the request'),
  enrol: z
    .strictObject({
      groups: z.array(z.string().min(1)).default([]).describe('Members may enrol; empty = nobody may'),
      sources: z.array(nameSchema).default([]).describe('Only accounts of these sources; empty = of any'),
      auto: z.boolean().default(true).describe('Clients enrol and renew by themselves'),
    })
    .prefault({})
    .describe('Who may enrol'),
  protocols: z
    .array(z.enum(ENROLMENT_PROTOCOLS))
    .min(1)
    .default([...ENROLMENT_PROTOCOLS])
    .describe('How it may be asked for'),
  approval: z
    .enum(['none', 'required'])
    .default('none')
    .describe('required = an administrator approves each first request; renewals need none'),
  perHolder: z
    .int()
    .min(1)
    .max(1000)
    .default(5)
    .describe('Valid certificates of this template one account or device may hold'),
  supersedes: z.array(nameSchema).default([]).describe('Templates whose certificates it replaces'),
  revision: z.int().min(1).default(1).describe('Raise it and clients that enrol by themselves ask again'),
})

export type CertificateTemplateConfiguration = Readonly<z.output<typeof certificateTemplateSchema>>
