import type { GatewayKind, TunnelType } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import type { GatewayOutput } from '../gateway-output.ts'
import type { Finding } from '../profile-output.ts'
import { notTried } from './common-findings.ts'
import { secretFile, TYPED_SECRET } from './device-text.ts'
import { nftablesFile } from './nftables.ts'
import { type Check, readMeFile } from './read-me.ts'
import { secretFindings } from './shared-secret.ts'
import { tunnelFindings } from './vpn-connections.ts'

/** A field of a page, and what goes into it. */
export type PageField = readonly [page: string, field: string, value: string]

/** A device that is set up by its web pages: a list of fields instead of a file it could read. */
export interface SteppedGateway {
  readonly kind: GatewayKind
  readonly title: string
  readonly tunnels: readonly TunnelType[]
  readonly sureness: string
  readonly fields: (input: GatewayInput) => readonly PageField[]
  readonly steps: (input: GatewayInput) => readonly string[]
  readonly cards: (input: GatewayInput) => readonly string[]
  readonly checks: readonly Check[]
  readonly findings?: (input: GatewayInput) => readonly Finding[]
}

export function steppedGateway(device: SteppedGateway): GatewayOutput {
  const { kind, title, tunnels, sureness, steps, cards, checks } = device
  return {
    kind,
    title,
    findings: (input) => [
      ...tunnelFindings(input, title, tunnels),
      ...secretFindings(input, TYPED_SECRET),
      ...(device.findings?.(input) ?? []),
      notTried(title),
    ],
    make: (input) => [
      // A value stands behind the first ` = ` up to the end of the line, as it is typed.
      secretFile(
        'fields.txt',
        device.fields(input).map(([page, field, value]) => `${page} > ${field} = ${value}`),
      ),
      nftablesFile(input, 'server'),
      readMeFile(input, {
        ...{ title, sureness, checks, cards: cards(input) },
        steps: [
          'Fill in what fields.txt lists, page by page; it holds secrets, so delete it afterwards.',
          ...steps(input),
        ],
      }),
    ],
  }
}
