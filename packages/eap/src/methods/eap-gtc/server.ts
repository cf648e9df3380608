import { fromUtf8 } from '@sallyport/bytes'
import { EapType } from '../../eap-type.ts'
import { whenReady } from '../../maybe-promise.ts'
import type { EapMethod, EapMethodFactory, MethodContext, Step } from '../../method.ts'
import type { MaybePromise, Verifier } from '../../verifier.ts'
import { stepOf } from '../verdict.ts'

export interface GtcServerOptions {
  readonly verifier: Pick<Verifier, 'password'>
  /** What the supplicant shows to the user. Default `Password`. */
  readonly prompt?: string
}

/**
 * EAP-GTC, server side (RFC 3748 section 5.6): the password in clear. Offer it inside a tunnel only. An empty password
 * goes to the verifier like any other, which must refuse it.
 */
export function gtcServer(options: GtcServerOptions): EapMethodFactory {
  return (context) => new GtcServer(options, context)
}

class GtcServer implements EapMethod {
  readonly type = EapType.Gtc
  readonly #options: GtcServerOptions
  readonly #context: MethodContext

  constructor(options: GtcServerOptions, context: MethodContext) {
    this.#options = options
    this.#context = context
  }

  begin(): Step {
    return { kind: 'send', data: fromUtf8(this.#options.prompt ?? 'Password') }
  }

  respond(data: Uint8Array): MaybePromise<Step> {
    const { identity, scope } = this.#context
    return whenReady(this.#options.verifier.password(identity, data, scope), (verdict) =>
      stepOf(verdict, (proof) => ({ method: 'eap-gtc', identity, proof })),
    )
  }

  close(): void {}
}
