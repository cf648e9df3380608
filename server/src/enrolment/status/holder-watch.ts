import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { EnrolmentIdentities } from '../registration/requester.ts'
import type { HeldCertificate, Holder, HolderStore } from './holder-store.ts'
import type { StatusActions } from './status-action.ts'

export interface HolderWatchParts {
  readonly read: HolderStore
  readonly actions: Pick<StatusActions, 'run'>
  /** Accounts of directories; local ones are read. */
  readonly identities: Pick<EnrolmentIdentities, 'byId'>
  readonly rule: () => 'hold' | 'revoke' | 'nothing'
  readonly clock: Clock
  readonly log: Logger
}

type Standing = 'enabled' | 'disabled' | 'gone' | 'unknown'

/** Local accounts that changed, looked at in one go. */
const PAGE = 500
/** Holders looked at in one step of the sweep: a directory is asked about each of its own. */
const SWEEP = 50
const SYSTEM = 'system'

/**
 * Whose account is disabled, whose certificates are held until it is enabled again; whose account is gone, whose
 * certificates are revoked. Local accounts at once; those of directories by a sweep, because a directory tells nobody (live
 * sessions and logins ask it anyway). A directory that does not answer changes nothing.
 */
export class HolderWatch {
  readonly #parts: HolderWatchParts
  /** Local accounts are known up to this revision; what was before the first look is found by the sweep. */
  #seen: number | undefined
  #after = ''
  #running: Promise<void> = Promise.resolve()

  constructor(parts: HolderWatchParts) {
    this.#parts = parts
  }

  /** Resolves once what was begun is done. */
  async idle(): Promise<void> {
    await this.#running
  }

  /** Local accounts changed. Resolves once their certificates follow; never rejects. */
  changed(): Promise<void> {
    return this.#queue(async () => {
      const { read } = this.#parts
      this.#seen ??= await read.revision()
      for (;;) {
        const { ids, revision } = await read.changedAccounts(this.#seen, PAGE)
        for (const id of ids) await this.#look({ id, name: id })
        this.#seen = revision
        if (ids.length < PAGE) return
      }
    })
  }

  /** Looks at the next holders, in a circle. Never rejects. */
  sweep(): Promise<void> {
    return this.#queue(async () => {
      const holders = await this.#parts.read.holders(this.#after, this.#parts.clock.now(), SWEEP)
      for (const holder of holders) await this.#look(holder)
      this.#after = holders.length < SWEEP ? '' : (holders.at(-1)?.id ?? '')
    })
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running.then(work).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'Holders of certificates could not be looked at; trying again.')
    })
    return this.#running
  }

  async #look(holder: Holder): Promise<void> {
    const rule = this.#parts.rule()
    if (rule === 'nothing') return
    const certificates = await this.#parts.read.certificatesOf(holder.id, this.#parts.clock.now())
    if (certificates.length === 0) return
    const standing = await this.#standing(holder)
    if (standing === 'unknown') return
    for (const certificate of certificates) await this.#follow(holder, certificate, standing, rule)
  }

  async #standing({ id, name }: Holder): Promise<Standing> {
    const account = await this.#parts.read.localAccount(id)
    if (account !== undefined) return account
    const answer = await this.#parts.identities.byId(id, name)
    if (answer.kind === 'known') return 'enabled'
    return answer.kind === 'refused' && answer.reason.code === 'account-disabled' ? 'disabled' : 'unknown'
  }

  async #follow(
    { name }: Holder,
    { serial, status, heldFor }: HeldCertificate,
    standing: Exclude<Standing, 'unknown'>,
    rule: 'hold' | 'revoke',
  ): Promise<void> {
    const { actions } = this.#parts
    const cause = `account ${name} is ${standing}`
    const common = { serial, askedBy: SYSTEM, cause }
    if (standing === 'enabled') {
      // What an administrator holds is not released by enabling the account.
      if (status === 'held' && heldFor === 'holder') await actions.run({ ...common, to: 'released' })
    } else if (standing === 'gone' || rule === 'revoke') {
      await actions.run({ ...common, to: 'revoked', reason: 'cessationOfOperation' })
    } else if (status === 'issued') {
      await actions.run({ ...common, to: 'held', heldFor: 'holder' })
    }
  }
}
