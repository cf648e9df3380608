import { randomBytes } from 'node:crypto'
import { fromUtf8, Writer } from '@sallyport/bytes'
import { EapType } from '../../eap-type.ts'
import { whenReady } from '../../maybe-promise.ts'
import type { EapMethod, EapMethodFactory, MethodContext, Step } from '../../method.ts'
import type { MaybePromise, Verifier } from '../../verifier.ts'
import { stepOf } from '../verdict.ts'
import { parseMd5Value } from './value.ts'

export interface Md5ServerOptions {
  readonly verifier: Pick<Verifier, 'chap'>
  /** Name of this server in the challenge. Default `sallyport`. */
  readonly serverName?: string
  readonly randomBytes?: (length: number) => Uint8Array
}

/**
 * EAP-MD5-Challenge, server side (RFC 3748 section 5.4): CHAP in EAP. It derives no keys and does not prove the server;
 * good for wired ports and the inside of a tunnel at most.
 */
export function md5Server(options: Md5ServerOptions): EapMethodFactory {
  return (context) => new Md5Server(options, context)
}

class Md5Server implements EapMethod {
  readonly type = EapType.Md5Challenge
  readonly #options: Md5ServerOptions
  readonly #context: MethodContext
  readonly #challenge: Uint8Array
  /** Identifier of the challenge: part of what the peer hashes (RFC 1994 section 4.1). */
  #id = 0

  constructor(options: Md5ServerOptions, context: MethodContext) {
    this.#options = options
    this.#context = context
    this.#challenge = (options.randomBytes ?? randomBytes)(16)
  }

  begin(): Step {
    this.#id = this.#context.identifier()
    const name = fromUtf8(this.#options.serverName ?? 'sallyport')
    const data = new Writer(1 + this.#challenge.length + name.length)
    return { kind: 'send', data: data.u8(this.#challenge.length).bytes(this.#challenge).bytes(name).finish() }
  }

  respond(data: Uint8Array): MaybePromise<Step> {
    const response = parseMd5Value(data)
    if (response?.length !== 16) {
      return { kind: 'ignore', reason: { code: 'malformed-packet', detail: { what: 'md5-response' } } }
    }
    const { identity, scope } = this.#context
    const proof = { id: this.#id, challenge: this.#challenge, response }
    return whenReady(this.#options.verifier.chap(identity, proof, scope), (verdict) =>
      stepOf(verdict, (proof) => ({ method: 'eap-md5', identity, proof })),
    )
  }

  close(): void {}
}
