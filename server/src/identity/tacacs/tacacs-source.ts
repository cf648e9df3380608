import { fromUtf8 } from '@sallyport/bytes'
import {
  type AuthenticationStart,
  chapStart,
  type Login,
  MOST_FIELD_OCTETS,
  papStart,
} from '@sallyport/tacacs'
import type { TacacsSourceConfiguration } from '../../config/schema.ts'
import type { Asked, AuthenticationOutcome, IdentitySource, Proof, ProofForm } from '../source.ts'
import { TACACS_FORMS } from '../source-forms.ts'
import { parseServer } from './server-address.ts'
import { ServerList } from './server-list.ts'

/** One octet of identifier and 16 of response share the field with the challenge. */
const MOST_CHALLENGE_OCTETS = MOST_FIELD_OCTETS - 17

/**
 * Users that a TACACS+ server knows (RFC 8907): PAP and CHAP are passed on to it. A FAIL cannot tell an unknown user from
 * a wrong password, so it is a wrong password, and goes on where `onWrongPassword` says so. It has no `resolve`: the
 * account cannot be looked at without a proof.
 */
export class TacacsSource implements IdentitySource {
  readonly name: string
  readonly kind = 'tacacs'
  readonly forms: ReadonlySet<ProofForm> = TACACS_FORMS
  readonly #deadlineMilliseconds: number
  readonly #servers: ServerList
  readonly #monotonic: () => number

  /** @param monotonic milliseconds */
  constructor(settings: TacacsSourceConfiguration, monotonic: () => number) {
    this.name = settings.name
    this.#deadlineMilliseconds = settings.deadlineMilliseconds
    this.#monotonic = monotonic
    // What is no address was refused when the configuration was applied.
    const addresses = settings.servers.flatMap((text) => parseServer(text) ?? [])
    this.#servers = new ServerList(addresses, fromUtf8(settings.secret), monotonic)
  }

  async authenticate(user: string, proof: Proof, asked: Asked): Promise<AuthenticationOutcome> {
    // RFC 8907 section 3.6: UTF-8. Names are at most 253 octets long when they come here.
    const login: Login = {
      user: fromUtf8(user),
      port: fromUtf8('sallyport'),
      remoteAddress: fromUtf8(asked.station ?? '').subarray(0, MOST_FIELD_OCTETS),
    }
    switch (proof.form) {
      case 'password':
        if (proof.password.length === 0) return { kind: 'empty-password' }
        // No server can have it: it could never be sent there.
        if (proof.password.length > MOST_FIELD_OCTETS) return { kind: 'wrong-password' }
        return await this.#ask(user, proof.form, papStart(login, proof.password))
      case 'chap':
        if (proof.challenge.length > MOST_CHALLENGE_OCTETS) break
        return await this.#ask(user, proof.form, chapStart(login, proof))
    }
    return { kind: 'form-unsupported', form: proof.form }
  }

  async #ask(name: string, form: ProofForm, start: AuthenticationStart): Promise<AuthenticationOutcome> {
    const began = this.#monotonic()
    const word = await this.#servers.ask(start, this.#deadlineMilliseconds)
    switch (word.kind) {
      case 'pass': {
        const user = { id: `${this.name}/${name}`, name, source: this.name, groups: [], attributes: {} }
        return { kind: 'authenticated', user, isProvedOnce: true }
      }
      case 'fail':
        return { kind: 'wrong-password' }
      case 'restart':
        return { kind: 'form-unsupported', form }
      case 'none': {
        const waitedMilliseconds = Math.round(this.#monotonic() - began)
        return { kind: 'unavailable', why: word.why, servers: word.asked, waitedMilliseconds }
      }
    }
  }
}
