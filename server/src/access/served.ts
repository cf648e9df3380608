import type { EapMethodFactory } from '@sallyport/eap'
import type { AuthenticationOrder } from '../identity/authentication-order.ts'
import type { Policy } from '../policy/index.ts'
import type { LocalTime } from './local-time.ts'

/** One configuration version, compiled: what a worker decides with. Immutable; replaced as a whole. */
export interface Served {
  readonly version: number
  readonly policy: Policy
  readonly order: AuthenticationOrder
  readonly time: LocalTime
  /** By EAP type. */
  readonly eapMethods: ReadonlyMap<number, EapMethodFactory>
}
