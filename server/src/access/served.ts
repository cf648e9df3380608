import type { EapMethodFactory } from '@sallyport/eap'
import type { AuthenticationOrder } from '../identity/authentication-order.ts'
import type { Policy } from '../policy/index.ts'
import type { ServerCertificateChoice } from './eap/server-certificate-choice.ts'
import type { LocalTime } from './local-time.ts'
import type { AclCatalogue } from './vendors/acl-catalogue.ts'

/** Who users are, and what the rules say of them. */
export interface Judgement {
  /** Of the configuration. */
  readonly version: number
  readonly policy: Policy
  readonly order: AuthenticationOrder
  readonly time: LocalTime
}

/** One configuration version, compiled: what a worker decides with. Immutable; replaced as a whole. */
export interface Served extends Judgement {
  readonly serverCertificates: ServerCertificateChoice
  /** By EAP type. They run in conversations that have an `EapScope`. */
  readonly eapMethods: ReadonlyMap<number, EapMethodFactory>
  /** Access lists that Cisco devices fetch by name. */
  readonly downloads: AclCatalogue
}
