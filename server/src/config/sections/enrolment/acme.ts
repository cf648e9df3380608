import { BlockList, isIP } from 'node:net'
import * as z from 'zod'
import { nameSchema } from '../name.ts'

const network = z.string().refine((text) => {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix ?? '')) return false
  return Number(prefix) <= (family === 4 ? 32 : 128)
}, 'Not a network such as 10.0.0.0/8 or fd00::/8.')

const resolver = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$/.test(text),
    'Not an address, with or without a port.',
  )

/** ACME (RFC 8555): who may have an account, and how names are proved. */
export const acmeSchema = z.strictObject({
  enabled: z.boolean().default(false).describe('Answer ACME clients at /acme/TEMPLATE/directory'),
  openTemplates: z
    .array(nameSchema)
    .default([])
    .describe(
      'Templates whose directory gives accounts to everybody; for all others a key of `sallyport acme keys create` is needed',
    ),
  termsOfService: z.exactOptional(z.url()).describe('Shown to clients, which must agree'),
  orderHours: z.int().min(1).max(168).default(24).describe('How long names of an order may wait for proof'),
  attestationRoots: z
    .string()
    .default('')
    .describe(
      'PEM: roots of device makers (Apple Enterprise Attestation Root CA, TPM makers) for device-attest-01',
    ),
  validation: z
    .strictObject({
      httpPort: z.int().min(1).max(65535).default(80).describe('Where http-01 asks'),
      tlsPort: z.int().min(1).max(65535).default(443).describe('Where tls-alpn-01 asks'),
      resolvers: z
        .array(resolver)
        .max(4)
        .default([])
        .describe('DNS servers names are looked up at; empty = those of this machine'),
      networks: z
        .array(network)
        .max(64)
        .default([])
        .describe(
          'Only addresses of these networks are connected to; empty = all but this machine, the link, metadata services and multicast',
        ),
      caaIssuer: z
        .exactOptional(z.string().min(1).max(253))
        .describe(
          'Name CAA records (RFC 8659) must allow, where a domain has any; absent = CAA is not looked at',
        ),
      timeoutSeconds: z.int().min(1).max(60).default(10).describe('For one try of one name'),
    })
    .prefault({})
    .describe('How names are proved'),
})

export type AcmeConfiguration = Readonly<z.output<typeof acmeSchema>>

/** The networks as Node checks addresses against them. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of networks) {
    const [address = '', prefix = ''] = text.split('/')
    list.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
