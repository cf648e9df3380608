import { GuessLimit } from '../../../enrolment/registration/guess-limit.ts'
import type { AuditStore } from '../../../journal/index.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Remote } from '../../../kernel/rpc.ts'
import type { LinkRecord } from '../../../profiles/links/profile-link-store.ts'

export interface LinkEvent {
  readonly action?: 'link.use' | 'link.create'
  readonly from: string
  readonly outcome: 'done' | 'refused'
  readonly details: Readonly<Record<string, unknown>>
}

interface Parts {
  readonly audit: Pick<Remote<AuditStore>, 'record'>
  readonly clock: Clock
}

/**
 * What became of a link stands in the trail, beside who made it (which the API writes). Refusals of one link are few:
 * whoever has it, used or not, must not be able to fill the trail.
 */
export class LinkTrail {
  readonly #parts: Parts
  readonly #refusals: GuessLimit

  constructor(parts: Parts) {
    this.#parts = parts
    this.#refusals = new GuessLimit(() => parts.clock.monotonic())
  }

  async record(
    { id, user_name: actor, created_by: createdBy }: Pick<LinkRecord, 'id' | 'user_name' | 'created_by'>,
    { action = 'link.use', from: origin, outcome, details: told }: LinkEvent,
  ): Promise<void> {
    if (outcome === 'refused') {
      const key = `link ${id}`
      if (this.#refusals.waitOf(key) > 0) return
      this.#refusals.failed(key)
    }
    const { audit, clock } = this.#parts
    const target = `/api/v1/links/${id}`
    // The person is who it says it is for; whoever made the link could have used it. Its row is deleted one day.
    const details = { ...told, createdBy }
    await audit.record({ at: clock.now(), actor, action, target, outcome, origin, details })
  }
}
