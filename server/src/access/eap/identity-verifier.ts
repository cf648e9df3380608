import type {
  CertificateContext,
  ChapProof,
  MaybePromise,
  MschapV1Proof,
  MschapV2Change,
  MschapV2Proof,
  MschapVerdict,
  Verdict,
  Verifier,
} from '@sallyport/eap'
import type { Authentication, AuthenticationOrder, Device } from '../../identity/authentication-order.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { CertificateFacts } from '../../policy/facts.ts'
import type { Reason } from '../../reasons/index.ts'
import { mschapError } from '../mschap-error.ts'
import { whenReady } from '../when-ready.ts'
import type { EapScope } from './eap-methods.ts'

/** What a `Verdict` carries as its `proof`, and a resumable session remembers. */
export interface ProvedIdentity {
  readonly authentication: Authentication
  readonly certificate?: CertificateFacts
  /** By a certificate: DER, leaf first, to be validated again where a tunnel is resumed. */
  readonly chain?: readonly Uint8Array[]
  readonly by: 'password' | 'certificate'
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What a refusing `Verdict` carries as its `cause`. */
export type RefusedIdentity =
  | { readonly authentication: Authentication }
  | { readonly reason: Reason; readonly certificate?: CertificateFacts }

/** What an unavailable `Verdict` carries as its `cause`, where more is known than that a source is down. */
export interface NotNow {
  readonly reason: Reason
  readonly certificate: CertificateFacts
}

/** Validates the path of a client certificate and says which account it stands for. */
export interface CertificateJudge {
  /** @param scope of the conversation: an `EapScope` */
  judge(
    chain: readonly Uint8Array[],
    opensslError: string | undefined,
    scope: unknown,
  ): MaybePromise<CertificateJudgement>
}

export type CertificateJudgement =
  | {
      readonly ok: true
      readonly certificate: CertificateFacts
      readonly userName: string
      /** Id of the only account it may log in, where our own CA wrote it in. */
      readonly holder?: string
    }
  | { readonly ok: false; readonly reason: Reason; readonly certificate?: CertificateFacts }
  /** Nobody can say now, and the configuration wants silence then. */
  | { readonly ok: 'unavailable'; readonly reason: Reason; readonly certificate: CertificateFacts }

/** Answers the questions of EAP methods from the authentication order of one configuration version. */
export class IdentityVerifier implements Verifier {
  readonly #order: AuthenticationOrder
  readonly #certificates: CertificateJudge
  readonly #clock: Clock

  constructor(order: AuthenticationOrder, certificates: CertificateJudge, clock: Clock) {
    this.#order = order
    this.#certificates = certificates
    this.#clock = clock
  }

  password(user: string, password: Uint8Array, scope: unknown): MaybePromise<Verdict> {
    const asked = this.#order.authenticate(user, { form: 'password', password }, deviceOf(scope))
    return whenReady(asked, (authentication) => this.#verdict(authentication, 'password'))
  }

  chap(user: string, proof: ChapProof, scope: unknown): MaybePromise<Verdict> {
    const asked = this.#order.authenticate(user, { form: 'chap', ...proof }, deviceOf(scope))
    return whenReady(asked, (authentication) => this.#verdict(authentication, 'password'))
  }

  mschapv1(user: string, proof: MschapV1Proof, scope: unknown): MaybePromise<MschapVerdict> {
    const asked = this.#order.authenticate(user, { form: 'mschap', ...proof }, deviceOf(scope))
    return whenReady(asked, (authentication) => this.#mschapVerdict(authentication))
  }

  mschapv2(user: string, proof: MschapV2Proof, scope: unknown): MaybePromise<MschapVerdict> {
    const asked = this.#order.authenticate(user, { form: 'mschapv2', ...proof }, deviceOf(scope))
    return whenReady(asked, (authentication) => this.#mschapVerdict(authentication))
  }

  changePassword(user: string, change: MschapV2Change, scope: unknown): MaybePromise<MschapVerdict> {
    const asked = this.#order.changePassword(user, change, deviceOf(scope))
    return whenReady(asked, (authentication) => this.#mschapVerdict(authentication))
  }

  certificate(
    _identity: string,
    chain: readonly Uint8Array[],
    context: CertificateContext,
  ): MaybePromise<Verdict> {
    const judged = this.#certificates.judge(chain, context.opensslError, context.scope)
    return whenReady(judged, (ready) => this.#certified(chain, ready, context.scope))
  }

  #certified(
    chain: readonly Uint8Array[],
    judged: CertificateJudgement,
    scope: unknown,
  ): MaybePromise<Verdict> {
    if (judged.ok === 'unavailable') {
      const { reason, certificate } = judged
      return { ok: 'unavailable', cause: { reason, certificate } satisfies NotNow }
    }
    if (!judged.ok) {
      const { reason, certificate } = judged
      const cause: RefusedIdentity = certificate === undefined ? { reason } : { reason, certificate }
      return { ok: false, failure: { code: 'refused', cause } }
    }
    const { certificate, userName, holder } = judged
    const proof = {
      form: 'certificate',
      fingerprint: certificate.fingerprint,
      names: certificate,
      ...(holder !== undefined && { holder }),
    } as const
    const asked = this.#order.authenticate(userName, proof, deviceOf(scope))
    return whenReady(asked, (authentication) =>
      this.#verdict(authentication, 'certificate', { certificate, chain }),
    )
  }

  /**
   * A resumed tunnel: nothing is proved anew, so the account is looked at again. `user` is what the peer called itself: where
   * it proved a certificate, the certificate says who it is, now as then, and may be revoked meanwhile.
   */
  resumed(user: string, remembered: unknown, scope: unknown): MaybePromise<Verdict> {
    const { by, at, chain, authentication } = remembered as ProvedIdentity // what #verdict put there
    if (chain !== undefined)
      return this.certificate(user, chain, { resumed: true, opensslError: undefined, scope })
    const { outcome } = authentication
    const source = outcome.kind === 'authenticated' ? { source: outcome.user.source } : {}
    return whenReady(this.#order.resolve(user, { by, at, ...source }), (now) =>
      this.#verdict(sameAccount(authentication, now), by, {}, at),
    )
  }

  #verdict(
    authentication: Authentication,
    by: ProvedIdentity['by'],
    proved: Pick<ProvedIdentity, 'certificate' | 'chain'> = {},
    at = this.#clock.now(),
  ): Verdict {
    const { outcome } = authentication
    if (outcome.kind === 'unavailable') return { ok: 'unavailable' }
    if (outcome.kind !== 'authenticated') return { ok: false, failure: refused(authentication) }
    const proof: ProvedIdentity = { authentication, by, at, ...proved }
    return { ok: true, proof }
  }

  #mschapVerdict(authentication: Authentication): MschapVerdict {
    const { outcome } = authentication
    if (outcome.kind === 'unavailable') return { ok: 'unavailable' }
    if (outcome.kind !== 'authenticated') {
      // No second guess within one conversation: the reject comes at once, and each guess costs a whole conversation.
      return { ok: false, failure: refused(authentication), error: { ...mschapError(outcome), retry: false } }
    }
    const { ntHashHash, hashedUserName, mschapv2 } = outcome
    if (mschapv2 !== undefined) {
      const proof: ProvedIdentity = { authentication, by: 'password', at: this.#clock.now() }
      return { ok: true, proof, answered: mschapv2 }
    }
    if (ntHashHash === undefined) {
      // A source that says yes to MS-CHAP and has no keys: without keys there is no mutual proof, so no yes.
      return { ok: false, failure: { code: 'internal' }, error: mschapError({ kind: 'not-found' }) }
    }
    const proof: ProvedIdentity = { authentication, by: 'password', at: this.#clock.now() }
    return {
      ok: true,
      proof,
      ntHashHash,
      ...(hashedUserName === undefined ? {} : { userName: hashedUserName }),
    }
  }
}

/** A name may be given to another account meanwhile, which proved nothing: the one that did is gone. */
function sameAccount({ outcome: before }: Authentication, now: Authentication): Authentication {
  const { outcome } = now
  if (before.kind !== 'authenticated' || outcome.kind !== 'authenticated') return now
  return before.user.id === outcome.user.id ? now : { ...now, outcome: { kind: 'not-found' } }
}

function deviceOf(scope: unknown): Device {
  return (scope as EapScope).device // EapLogin gives every conversation one
}

function refused(authentication: Authentication) {
  const cause: RefusedIdentity = { authentication }
  return { code: 'refused', cause } as const
}
