import type { EapMethod, EapMethodFactory, Step } from '../src/method.ts'
import type { MaybePromise } from '../src/verifier.ts'

/** A method that follows a script, and says how often it was closed. */
export class ScriptedMethod implements EapMethod {
  readonly type: number
  readonly heard: Uint8Array[] = []
  closed = 0
  readonly #script: Array<MaybePromise<Step> | (() => MaybePromise<Step>)>

  constructor(type: number, script: ReadonlyArray<MaybePromise<Step> | (() => MaybePromise<Step>)> = []) {
    this.type = type
    this.#script = [...script]
  }

  get factory(): EapMethodFactory {
    return () => this
  }

  begin(): Step {
    return { kind: 'send', data: Uint8Array.of(this.type, 0) }
  }

  respond(data: Uint8Array): MaybePromise<Step> {
    this.heard.push(data)
    const step = this.#script.shift() ?? { kind: 'send', data: Uint8Array.of(this.type, this.heard.length) }
    return typeof step === 'function' ? step() : step
  }

  close(): void {
    this.closed += 1
  }
}

export const DONE: Step = { kind: 'done', result: { method: 'eap-md5', identity: 'alice', proof: 'yes' } }
