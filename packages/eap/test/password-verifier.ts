import { hash } from 'node:crypto'
import { concat, fromUtf8, timingSafeEqual, toUtf8 } from '@sallyport/bytes'
import {
  decryptNewPassword,
  hashNtPasswordHash,
  ntPasswordHash,
  verifyMschapV1,
  verifyMschapV2,
} from '@sallyport/mschap'
import type { EapFailure } from '../src/failure.ts'
import type { MschapError, MschapVerdict, Verdict, Verifier } from '../src/verifier.ts'

const REFUSED: EapFailure = { code: 'refused' }
const WRONG: MschapError = { code: 691, retry: true, message: 'Wrong name or password' }

/** Knows one user and his password. Test settings change what it says after the proof has held. */
export class PasswordVerifier implements Verifier {
  readonly user: string
  clear: string
  /** Said instead of yes: a disabled account, an expired password. */
  error: MschapError | undefined
  wrong = WRONG
  unavailable = false
  readonly asked: string[] = []
  /** Of the conversations that asked. */
  readonly scopes: unknown[] = []

  constructor(user: string, password: string) {
    this.user = user
    this.clear = password
  }

  password(user: string, password: Uint8Array, scope: unknown): Verdict {
    this.scopes.push(scope)
    return this.#verdict(user, password.length > 0 && toUtf8(password) === this.clear)
  }

  chap(user: string, proof: Parameters<Verifier['chap']>[1], scope: unknown): Verdict {
    this.scopes.push(scope)
    const text = concat(Uint8Array.of(proof.id), fromUtf8(this.clear), proof.challenge)
    return this.#verdict(user, timingSafeEqual(hash('md5', text, 'buffer'), proof.response))
  }

  mschapv1(user: string, proof: Parameters<Verifier['mschapv1']>[1], scope: unknown): MschapVerdict {
    this.scopes.push(scope)
    return this.#mschapVerdict(user, verifyMschapV1(ntPasswordHash(this.clear), proof) ? user : undefined)
  }

  mschapv2(user: string, proof: Parameters<Verifier['mschapv2']>[1], scope: unknown): MschapVerdict {
    this.scopes.push(scope)
    return this.#mschapVerdict(user, verifyMschapV2(ntPasswordHash(this.clear), proof))
  }

  changePassword(
    user: string,
    change: Parameters<Verifier['changePassword']>[1],
    scope: unknown,
  ): MschapVerdict {
    this.scopes.push(scope)
    const password = decryptNewPassword(ntPasswordHash(this.clear), change)
    if (password === undefined) return { ok: false, failure: REFUSED, error: this.wrong }
    if (password.length < 8) {
      return { ok: false, failure: REFUSED, error: { code: 709, retry: true, message: 'Too short' } }
    }
    const name = verifyMschapV2(ntPasswordHash(password), change)
    if (name === undefined) return { ok: false, failure: REFUSED, error: this.wrong }
    this.clear = password
    this.error = undefined
    return this.#mschapVerdict(user, name)
  }

  certificate(): Verdict {
    return { ok: false, failure: REFUSED }
  }

  resumed(user: string): Verdict {
    return this.#verdict(user, true)
  }

  #verdict(user: string, holds: boolean): Verdict {
    this.asked.push(user)
    if (this.unavailable) return { ok: 'unavailable' }
    return holds && this.#knows(user)
      ? { ok: true, proof: { user: this.user } }
      : { ok: false, failure: REFUSED }
  }

  #mschapVerdict(user: string, name: string | undefined): MschapVerdict {
    this.asked.push(user)
    if (this.unavailable) return { ok: 'unavailable' }
    if (name === undefined || !this.#knows(user)) return { ok: false, failure: REFUSED, error: this.wrong }
    if (this.error !== undefined) return { ok: false, failure: REFUSED, error: this.error }
    const ntHashHash = hashNtPasswordHash(ntPasswordHash(this.clear))
    return { ok: true, proof: { user: this.user }, ntHashHash, userName: name }
  }

  #knows(user: string): boolean {
    return user.slice(user.indexOf('\\') + 1) === this.user
  }
}
