import type { GatewayKind } from '../config/schema.ts'
import type { GatewayInput } from './gateway-input.ts'
import type { Finding, ProfileFile } from './profile-output.ts'

/** The settings of one kind of gateway. Pure: no clock, no randomness, no I/O. */
export interface GatewayOutput {
  readonly kind: GatewayKind
  readonly title: string
  /** Why it cannot serve these connections, and what it cannot do of them. */
  findings(input: GatewayInput): readonly Finding[]
  /** Called only where `findings` has no obstacle. */
  make(input: GatewayInput): readonly ProfileFile[]
}
