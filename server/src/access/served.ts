import type { EapMethodFactory } from '@sallyport/eap'
import type { AuthenticationOrder } from '../identity/authentication-order.ts'
import type { RealmTable } from '../identity/realms.ts'
import type { Policy } from '../policy/index.ts'
import type { ServerCertificateChoice } from './eap/server-certificate-choice.ts'
import type { LocalTime } from './local-time.ts'
import type { RealmProxy } from './proxy/realm-proxy.ts'
import type { AclCatalogue } from './vendors/acl-catalogue.ts'

/** Who users are, and what the rules say of them. */
export interface Judgement {
  /** Of the configuration. */
  readonly version: number
  readonly policy: Policy
  readonly order: AuthenticationOrder
  readonly realms: RealmTable
  readonly time: LocalTime
}

/** One configuration version, compiled: what a worker decides with. Immutable; replaced as a whole. */
export interface Served extends Judgement {
  readonly serverCertificates: ServerCertificateChoice
  /** By EAP type. They run in conversations that have an `EapScope`. */
  readonly eapMethods: ReadonlyMap<number, EapMethodFactory>
  /** Realms that other servers answer, by name. */
  readonly proxies: ReadonlyMap<string, RealmProxy>
  /** How long an accept counts as a session before accounting begins. */
  readonly reservationSeconds: number
  /** Access lists that Cisco devices fetch by name. */
  readonly downloads: AclCatalogue
  /** What supplicants see of each server certificate, by its name. */
  readonly presented: ReadonlyMap<string, PresentedCertificate>
}

/** What a supplicant judges us by. */
export interface PresentedCertificate {
  readonly serverName: string
  /** Name of the root CA, which is what a supplicant has to trust. */
  readonly issuer: string
  /** ISO 8601. */
  readonly notBefore: string
  readonly notAfter: string
}
