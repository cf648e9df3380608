import {
  AcctSessionId,
  CallingStationId,
  NasIdentifier,
  NasIPv6Address,
  NasIpAddress,
  NasPort,
} from '@sallyport/radius/attributes'
import { formatMac } from '../../kernel/mac-address.ts'
import { storable } from '../../kernel/storable.ts'
import { NO_AUTHORIZATION } from '../../policy/authorization.ts'
import type { Decision } from '../../policy/index.ts'
import type { SessionLimit } from '../../policy/rule.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import { nameKey, stationKeyOf } from './session-keys.ts'
import type { CountedSession, Reserved, SessionLimitOwner } from './session-limits.ts'

/** The owner of the counters is a thread of this process: who waits longer waits for nothing. */
const PATIENCE_MILLISECONDS = 2_000
/** Sessions a reason names. */
const MOST_NAMED = 5

/** What became of an accept that had to be counted. Silence: nobody could count, and unknown is never an accept. */
export type Checked = { readonly decision: Decision } | { readonly silence: Reason }

/** A worker's side of limits on sessions: asked after the rules said accept, and only where the rule has a limit. */
export class SessionLimitCheck {
  readonly #owner: SessionLimitOwner
  readonly #patience: number

  constructor(owner: SessionLimitOwner, patienceMilliseconds = PATIENCE_MILLISECONDS) {
    this.#owner = owner
    this.#patience = patienceMilliseconds
  }

  /** Never rejects. */
  async check(
    request: AccessRequest,
    login: { readonly user: string; readonly decisionId: string; readonly holdSeconds: number },
    decision: Decision,
    limit: SessionLimit,
  ): Promise<Checked> {
    const { packet, client, source } = request
    const { user, decisionId, holdSeconds } = login
    const rule = decision.rule ?? ''
    const callingStationId = packet.get(CallingStationId)
    if (limit.per === 'device' && callingStationId === undefined) {
      return { decision: refuse(decision, reason('session-not-countable', { rule, client: client.name })) }
    }
    const station = callingStationId === undefined ? null : stationKeyOf(callingStationId)
    const reserved = await this.#ask({
      limit,
      decisionId,
      account: nameKey(user),
      client: client.name,
      station,
      acctSessionId: storable(packet.get(AcctSessionId) ?? '') || null,
      nas: storable(
        packet.get(NasIdentifier) ?? packet.get(NasIpAddress) ?? packet.get(NasIPv6Address) ?? source.address,
      ),
      nasPort: packet.get(NasPort) ?? null,
      holdMilliseconds: holdSeconds * 1000,
    })
    if (reserved.kind === 'granted') return { decision }
    if (reserved.kind === 'unknown') return { silence: reason('session-count-unknown', { rule, user }) }
    const { counted } = reserved
    const values = {
      rule,
      user,
      limit: limit.count,
      per: limit.per,
      live: counted.length,
      sessions: named(counted),
    }
    return { decision: refuse(decision, reason('session-limit-reached', values)) }
  }

  /** The accept it was for could not be sent. */
  release(decisionId: string): void {
    this.#owner.release(decisionId).catch(() => {}) // it ends by itself
  }

  async #ask(request: Parameters<SessionLimitOwner['reserve']>[0]): Promise<Reserved> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Reserved>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'unknown' }), this.#patience)
    })
    try {
      return await Promise.race([this.#owner.reserve(request), late])
    } catch {
      // The store thread or its database does not answer.
      return { kind: 'unknown' }
    } finally {
      clearTimeout(timer)
    }
  }
}

function refuse(decision: Decision, why: Reason): Decision {
  return { ...decision, kind: 'reject', reason: why, profiles: [], obligations: NO_AUTHORIZATION }
}

function named(counted: readonly CountedSession[]): string[] {
  const names = counted.slice(0, MOST_NAMED).map(({ client, station, acctSessionId, since }) => {
    const from =
      station === null ? '' : ` from ${/^[0-9a-f]{12}$/.test(station) ? formatMac(station) : station}`
    const what = acctSessionId === undefined ? 'accepted just now' : `session ${acctSessionId}`
    return `${what} through ${client}${from} since ${new Date(since).toISOString()}`
  })
  return counted.length > MOST_NAMED ? [...names, `${counted.length - MOST_NAMED} more`] : names
}
