import type { CrlReason } from '@sallyport/pki'
import type { CertificateTemplateConfiguration, Configuration } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { AcmeAccountTable } from '../../store/schema.ts'
import type { CertificateStore } from '../certificate-store.ts'
import type { Registration } from '../registration/registration.ts'
import type { EnrolmentIdentities } from '../registration/requester.ts'
import type { AccountKey } from './account-key.ts'
import type { AcmeStore } from './acme-store.ts'
import type { Links } from './links.ts'
import type { Problem } from './problem.ts'
import type { Validator } from './validation/validator.ts'

/** What ACME stands on. */
export interface AcmeParts {
  readonly store: Remote<AcmeStore>
  readonly read: AcmeStore
  readonly certificates: Pick<CertificateStore, 'find'>
  readonly registration: Registration
  /** The people keys of external accounts are bound to, as they are now. */
  readonly identities: Pick<EnrolmentIdentities, 'byId'>
  /** Resolves once nobody takes the certificate any more; false where it was revoked before. */
  readonly revoke: (serial: string, reason: CrlReason, askedBy: string) => Promise<boolean>
  /** Key identifier and begin of the CA that signs now. */
  readonly issuer: () => { readonly keyIdentifier: Uint8Array; readonly notBefore: number }
  readonly configuration: () => Configuration
  readonly validator: Pick<Validator, 'prove' | 'isFull' | 'close'>
  readonly sealer: Sealer
  readonly clock: Clock
  readonly log: Logger
}

/** A POST as it came. */
export interface AcmeCall {
  readonly template: string
  /** Below the directory: `new-order`, `order/ID/finalize` ... */
  readonly path: string
  /** How the client reaches us: `https://ca.example.org`. */
  readonly base: string
  readonly body: unknown
  /** Address of the client. */
  readonly from: string
}

/** A call whose signature and nonce are good. */
export interface SignedCall {
  readonly links: Links
  readonly template: CertificateTemplateConfiguration
  readonly from: string
  readonly key: AccountKey
  /** Undefined: a POST-as-GET (RFC 8555 section 6.3). */
  readonly payload: Readonly<Record<string, unknown>> | undefined
}

/** A call of an account that may act. */
export interface AccountCall extends SignedCall {
  readonly account: AcmeAccountTable
}

export interface AcmeAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** JSON, or PEM. */
  readonly body?: object | string
}

export type Answer = AcmeAnswer | Problem
