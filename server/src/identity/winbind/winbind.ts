import { fromHex } from '@sallyport/bytes'
import type { Clock } from '../../kernel/clock.ts'
import type { DirectoryState } from '../ldap/directory.ts'
import { Breaker } from './breaker.ts'
import { HelperPool } from './helper-pool.ts'
import type { HelperAnswer, HelperCommand } from './helper-process.ts'
import { type Field, fieldOf, isAskable } from './helper-protocol.ts'
import { type NtStatus, ntStatusOf } from './nt-status.ts'

export interface WinbindSettings {
  readonly command: HelperCommand
  readonly processes: number
  readonly deadlineMilliseconds: number
}

/** Whose proof it is: the account as its directory writes it, and its domain where it is not the machine's own. */
export interface WinbindAccount {
  readonly name: string
  readonly domain: string | undefined
}

/** An answer to a challenge of 8 octets; `ntResponse` is 24 octets. */
export interface NtProof {
  readonly challenge: Uint8Array
  readonly ntResponse: Uint8Array
}

/** RFC 2759 sections 8.9 and 8.12: 516 and 16 octets. */
export interface NewPassword {
  readonly encryptedPassword: Uint8Array
  readonly encryptedHash: Uint8Array
}

export type WinbindAnswer<Right> =
  | ({ readonly kind: 'right' } & Right)
  /** A domain controller refused it. */
  | { readonly kind: 'refused'; readonly status: NtStatus }
  /** No domain controller said anything about the account. */
  | { readonly kind: 'unavailable'; readonly why: string }

/** What a source asks of winbind. */
export interface WinbindQuestions {
  /** `userSessionKey`: MD4 of the NT hash, 16 octets. */
  check(
    account: WinbindAccount,
    proof: NtProof,
  ): Promise<WinbindAnswer<{ readonly userSessionKey: Uint8Array }>>
  changePassword(account: WinbindAccount, change: NewPassword): Promise<WinbindAnswer<object>>
}

/** A colon is not allowed in names of accounts (MS-SAMR section 3.1.1.6): a probe burns nobody's attempts. */
const NOBODY = 'sallyport:probe'
const PROBE: readonly Field[] = [
  ['Username', NOBODY],
  ['LANMAN-Challenge', new Uint8Array(8)],
  ['NT-Response', new Uint8Array(24)],
]
/** Names of the answer's fields, and what among its words is about this machine or its domain and about no user. */
interface Dialogue {
  readonly verdict: string
  readonly error: string
  readonly aboutNoUser: ReadonlySet<NtStatus>
}
const CHECK: Dialogue = {
  verdict: 'Authenticated',
  error: 'Authentication-Error',
  aboutNoUser: new Set(['NT_STATUS_ACCESS_DENIED', 'NT_STATUS_NTLM_BLOCKED']),
}
const CHANGE: Dialogue = {
  verdict: 'Password-Change',
  error: 'Password-Change-Error',
  aboutNoUser: new Set(['NT_STATUS_NTLM_BLOCKED']),
}
const NO_ANSWER = 'Reading winbind reply failed!'
const LONGEST_WHY = 200

/** Winbind of Samba on this machine, asked through ntlm_auth. */
export class Winbind implements WinbindQuestions {
  readonly #checks: HelperPool
  readonly #changes: HelperPool
  readonly #breaker: Breaker
  readonly #program: string
  #lastError: string | undefined

  constructor(settings: WinbindSettings, { monotonic }: Pick<Clock, 'monotonic'>) {
    const { command, processes, deadlineMilliseconds } = settings
    const pool = (protocol: string, count: number): HelperPool =>
      new HelperPool({
        command: {
          ...command,
          args: [...command.args, `--helper-protocol=${protocol}`, '--allow-mschapv2'],
        },
        processes: count,
        deadlineMilliseconds,
        monotonic,
      })
    this.#program = command.program
    this.#checks = pool('ntlm-server-1', processes)
    // Passwords are changed by one person now and then.
    this.#changes = pool('ntlm-change-password-1', 1)
    this.#breaker = new Breaker(
      () => this.#probe(),
      () => this.#checks.refuseWaiting(this.#lastError ?? NO_ANSWER),
    )
  }

  /** Winbind is one server to its users, which looks for domain controllers itself. */
  get state(): DirectoryState {
    const { state } = this.#breaker
    const lastError = this.#lastError
    return {
      servers: [{ server: this.#program, breaker: state, ...(lastError !== undefined && { lastError }) }],
    }
  }

  /** Process ids of the helpers. */
  get pids(): readonly number[] {
    return [...this.#checks.pids, ...this.#changes.pids]
  }

  async check(
    { name, domain }: WinbindAccount,
    { challenge, ntResponse }: NtProof,
  ): Promise<WinbindAnswer<{ readonly userSessionKey: Uint8Array }>> {
    const answer = await this.#ask(this.#checks, CHECK, [
      ['Username', name],
      ...(domain === undefined ? [] : [['NT-Domain', domain] as const]),
      ['LANMAN-Challenge', challenge],
      ['NT-Response', ntResponse],
      ['Request-User-Session-Key', 'Yes'],
    ])
    if (answer.kind !== 'right') return answer
    const key = fieldOf(answer.lines, 'User-Session-Key')
    if (key === undefined || !/^[0-9A-F]{32}$/i.test(key))
      return { kind: 'unavailable', why: 'winbind accepts the password and tells no session key' }
    return { kind: 'right', userSessionKey: fromHex(key) }
  }

  changePassword({ name, domain }: WinbindAccount, change: NewPassword): Promise<WinbindAnswer<object>> {
    return this.#ask(this.#changes, CHANGE, [
      ['username', name],
      ...(domain === undefined ? [] : [['nt-domain', domain] as const]),
      ['new-nt-password-blob', change.encryptedPassword],
      ['old-nt-hash-blob', change.encryptedHash],
    ])
  }

  close(): void {
    this.#breaker.close()
    this.#checks.close()
    this.#changes.close()
  }

  async #ask(
    pool: HelperPool,
    dialogue: Dialogue,
    fields: readonly Field[],
  ): Promise<WinbindAnswer<{ readonly lines: readonly string[] }>> {
    if (fields.some(([, value]) => typeof value === 'string' && !isAskable(value)))
      return { kind: 'refused', status: 'NT_STATUS_NO_SUCH_USER' }
    if (this.#breaker.state !== 'closed') return { kind: 'unavailable', why: this.#lastError ?? NO_ANSWER }
    const heard = await pool.ask(fields)
    // That says nothing about winbind.
    if (heard.kind === 'crowded') return { kind: 'unavailable', why: heard.why }
    const answer = read(heard, dialogue)
    if (answer.kind === 'unavailable') {
      this.#lastError = answer.why
      this.#breaker.failed()
    } else this.#breaker.succeeded()
    return answer
  }

  async #probe(): Promise<boolean> {
    const heard = await this.#checks.ask(PROBE)
    const answer: WinbindAnswer<object> =
      heard.kind === 'crowded' ? { ...heard, kind: 'unavailable' } : read(heard, CHECK)
    if (answer.kind === 'unavailable') this.#lastError = answer.why
    return answer.kind !== 'unavailable'
  }
}

/** Only a known word about the user is an answer: anything else may be winbind's own trouble. */
function read(
  answer: Exclude<HelperAnswer, { kind: 'crowded' }>,
  { verdict, error, aboutNoUser }: Dialogue,
): WinbindAnswer<{ readonly lines: readonly string[] }> {
  if (answer.kind === 'unavailable') return answer
  const { lines } = answer
  if (fieldOf(lines, verdict) === 'Yes') return { kind: 'right', lines }
  const words = fieldOf(lines, error)
  if (fieldOf(lines, verdict) !== 'No' || words === undefined)
    return { kind: 'unavailable', why: 'ntlm_auth says neither yes nor why not' }
  const status = ntStatusOf(words)
  if (status !== undefined && !aboutNoUser.has(status)) return { kind: 'refused', status }
  return { kind: 'unavailable', why: explain(status, words) }
}

function explain(status: NtStatus | undefined, words: string): string {
  switch (status) {
    case 'NT_STATUS_NTLM_BLOCKED':
      return 'the domain controller blocks NTLM (of Samba: ntlm auth = mschapv2-and-ntlmv2-only is needed)'
    case 'NT_STATUS_ACCESS_DENIED':
      return 'the domain controller does not trust this machine any more: join the domain again'
    default:
      if (words.trim() === NO_ANSWER)
        return 'winbind cannot be asked: it is not running, or this user is not in the group winbindd_priv'
      return `winbind: ${words.trim().slice(0, LONGEST_WHY)}`
  }
}
