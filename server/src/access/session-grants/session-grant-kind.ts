import type {
  CarriedOut,
  Fact,
  GrantAction,
  GrantKind,
  GrantOrder,
  GrantPage,
  GrantPageQuery,
  Verdict,
} from '../../grants/grant-kind.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { SessionActor, SessionActorAction, SessionActResult } from './session-actor.ts'
import type { SessionGrant } from './session-grant.ts'
import type { SessionGrantStore } from './session-grant-store.ts'
import type { SessionJudge } from './session-judge.ts'

/** Network sessions as grants: what accounting says is live, decided again and told to the RADIUS client. */
export class SessionGrantKind implements GrantKind<SessionGrant> {
  readonly name = 'session'
  readonly #store: SessionGrantStore
  readonly #judge: SessionJudge
  readonly #actor: SessionActor

  constructor(store: SessionGrantStore, judge: SessionJudge, actor: SessionActor) {
    this.#store = store
    this.#judge = judge
    this.#actor = actor
  }

  list(fact: Fact, page: GrantPageQuery): Promise<GrantPage<SessionGrant>> {
    return this.#store.list(fact, page)
  }

  find(id: string): Promise<SessionGrant | undefined> {
    return this.#store.find(id)
  }

  async decideAgain(session: SessionGrant): Promise<Verdict> {
    const verdict = await this.#judge.decideAgain(session)
    if (session.receipt === undefined || !('changes' in verdict)) return verdict
    // A device that authenticated again rests on the newer decision, also where accounting still names the old one.
    const newer = await this.#store.acceptSince(session, session.receipt)
    return newer === undefined ? verdict : this.#judge.decideReceipt(newer)
  }

  /**
   * As the profile wants it at first; where that is refused, cannot be done or did not help, by Disconnect, after which a
   * device that may still come in authenticates again.
   */
  async carryOut(session: SessionGrant, { action, why, attempt }: GrantOrder): Promise<CarriedOut> {
    const { lane: client } = session
    const gentle = await this.#gentle(session, action)
    if (gentle !== 'disconnect' && attempt === 1) {
      const asked = await this.#act(session, gentle, why)
      if (asked.outcome === 'acknowledged') return { result: 'acknowledged' }
      if (asked.outcome === 'no-answer') return { result: 'retry', why: noAnswer(client, asked) }
    }
    const ended = await this.#act(session, 'disconnect', why)
    switch (ended.outcome) {
      case 'acknowledged':
        return { result: 'acknowledged' }
      case 'no-answer':
        return { result: 'retry', why: noAnswer(client, ended) }
      case 'refused':
        return { result: 'retry', why: reason('grant-refused', { client, detail: detailOf(ended) }) }
      case 'unsupported':
        return {
          result: 'impossible',
          why: reason('grant-unsupported', { client, detail: detailOf(ended) }),
        }
    }
  }

  async #gentle({ receipt }: SessionGrant, action: GrantAction): Promise<SessionActorAction> {
    if (action === 'change') return 'reauthenticate'
    const given = receipt === undefined ? undefined : await this.#judge.given(receipt)
    return given?.whenRevoked ?? 'disconnect'
  }

  #act({ id }: SessionGrant, action: SessionActorAction, { code }: Reason): Promise<SessionActResult> {
    return this.#actor.act({ sessionId: id, action, askedBy: { by: 'grants', name: code } })
  }
}

function noAnswer(client: string, result: SessionActResult): Reason {
  return reason('grant-no-answer', { client, detail: detailOf(result) })
}

/** Without its full stop: it stands inside a sentence. */
function detailOf({ errorCause, reason: why }: SessionActResult): string | undefined {
  return errorCause ?? (why === undefined ? undefined : render(why).sentence.replace(/\.$/, ''))
}
