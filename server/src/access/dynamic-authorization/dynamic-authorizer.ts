import { toHex } from '@sallyport/bytes'
import type { Snapshot } from '../../config/snapshot.ts'
import type { WorkLimit } from '../../identity/local/work-limit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { SessionRow, SessionStore } from '../session-store.ts'
import type { ActionRequest, ActionResult, SessionControl } from './action.ts'
import type { DynamicAuthorizationStore } from './dynamic-authorization-store.ts'
import { askDevice, type DeviceAnswer, errorCauseName } from './exchange.ts'
import { type PreparedRequest, prepareRequest } from './prepare-request.ts'

export interface DynamicAuthorizerParts {
  readonly snapshot: () => Snapshot
  /** On the reader. */
  readonly sessions: Pick<SessionStore, 'find'>
  /** On the reader. */
  readonly reported: Pick<DynamicAuthorizationStore, 'lastReported'>
  /** On the writer. */
  readonly store: Remote<Pick<DynamicAuthorizationStore, 'begin' | 'finish'>>
  /** How many devices are asked at a time, and how many requests wait. */
  readonly limit: WorkLimit
  /** Addresses this server listens on. */
  readonly listening: readonly string[]
  readonly clock: Clock
  readonly log: Logger
  readonly count: (client: string, action: string, outcome: string) => void
}

/** Tells devices what to do with sessions they have: CoA and Disconnect (RFC 5176). Lives in main: it is no hot path. */
export class DynamicAuthorizer implements SessionControl {
  readonly #parts: DynamicAuthorizerParts
  /** One for each session: a device is not asked two things about it at a time, nor one thing twice. */
  readonly #running = new Map<string, { readonly what: string; readonly result: Promise<ActionResult> }>()

  constructor(parts: DynamicAuthorizerParts) {
    this.#parts = parts
  }

  async act(request: ActionRequest): Promise<ActionResult> {
    const { sessionId } = request
    const what = keyOf(request)
    for (;;) {
      const running = this.#running.get(sessionId)
      if (running === undefined) break
      // Whoever asks for the same thing meanwhile gets the same answer; another thing has to wait.
      if (running.what === what) return await running.result
      await running.result.catch(() => {})
    }
    const result = this.#act(request)
    this.#running.set(sessionId, { what, result })
    try {
      return await result
    } finally {
      this.#running.delete(sessionId)
    }
  }

  async #act(request: ActionRequest): Promise<ActionResult> {
    const { sessions, reported, snapshot } = this.#parts
    const session = await sessions.find(request.sessionId)
    if (session === undefined) {
      return { outcome: 'unsupported', reason: reason('session-unknown', { session: request.sessionId }) }
    }
    const prepared = prepareRequest(
      request,
      session,
      await reported.lastReported(session),
      snapshot(),
      this.#parts.clock.now(),
    )
    const row = await this.#begin(request, session, prepared)
    const answered = prepared.ok ? await this.#send(prepared, request, session) : refusedHere(prepared.reason)
    return await this.#finish(row, request, session, answered)
  }

  #begin(request: ActionRequest, session: SessionRow, prepared: PreparedRequest): Promise<number> {
    return this.#parts.store.begin({
      at: this.#parts.clock.now(),
      session_id: session.id,
      decision_id: session.decision_id,
      client: session.client,
      user_name: session.proved_user ?? session.user_name,
      calling_station_id: session.calling_station_id,
      action: request.action,
      profile: request.profile ?? null,
      asked_by: request.askedBy.by,
      asked_by_name: request.askedBy.name ?? null,
      device: prepared.ok ? `${prepared.device.address} port ${prepared.device.port}` : null,
      request: prepared.ok ? JSON.stringify(prepared.readable) : null,
      outcome: 'sending',
      attempts: 0,
    })
  }

  async #send(
    prepared: PreparedRequest & { ok: true },
    request: ActionRequest,
    session: SessionRow,
  ): Promise<Answered> {
    const { listening } = this.#parts
    try {
      const answer = await this.#parts.limit.run(() => askDevice({ ...prepared, listening }))
      if (answer === undefined) return refusedHere(reason('overloaded', { limit: 'dynamic authorization' }))
      return answered(answer, prepared, request, session)
    } catch (error) {
      this.#parts.log.error({ err: error, client: session.client }, 'A CoA or Disconnect could not be sent.')
      return refusedHere(reason('internal-error', {}))
    }
  }

  async #finish(
    id: number,
    request: ActionRequest,
    session: SessionRow,
    { result, cause, attempts }: Answered,
  ): Promise<ActionResult> {
    const { store, clock, log, count } = this.#parts
    const { outcome, reason: why } = result
    await store.finish(id, {
      outcome,
      error_cause: cause ?? null,
      reason: why === undefined ? null : JSON.stringify(why),
      attempts,
      finished_at: clock.now(),
    })
    count(session.client, request.action, outcome)
    const about = { client: session.client, session: session.id, action: request.action, outcome }
    if (why === undefined)
      log.info(about, `RADIUS client "${session.client}" acknowledged: ${request.action}.`)
    else log.warn({ ...about, code: why.code }, render(why).sentence)
    return { ...result, id }
  }
}

/** The same for two requests that ask for the same. */
function keyOf({ action, profile = '', attributes = [] }: ActionRequest): string {
  const raw = attributes.map((each) => ('octets' in each ? `${each.type}:${toHex(each.octets)}` : ''))
  return [action, profile, ...raw].join(' ')
}

interface Answered {
  readonly result: Omit<ActionResult, 'id'>
  readonly cause?: number | undefined
  readonly attempts: number
}

function refusedHere(why: Reason): Answered {
  return { result: { outcome: 'unsupported', reason: why }, attempts: 0 }
}

/** RFC 5176 section 3.2: the NAK to Authorize-Only that means yes; the device asks us with an Access-Request. */
const REQUEST_INITIATED = 507

function answered(
  answer: DeviceAnswer,
  prepared: PreparedRequest & { ok: true },
  { action }: ActionRequest,
  { client }: SessionRow,
): Answered {
  const { attempts } = answer
  if (answer.kind === 'silence') {
    const { address, port } = prepared.device
    const why = reason('dynamic-authorization-no-answer', {
      ...{ client, address, port, attempts, detail: answer.detail },
    })
    return { result: { outcome: 'no-answer', reason: why }, attempts }
  }
  const { errorCause: cause } = answer
  const named = cause === undefined ? {} : { errorCause: errorCauseName(cause) }
  const isDone = answer.kind === 'ack' || (cause === REQUEST_INITIATED && prepared.isAuthorizeOnly)
  if (isDone) return { result: { outcome: 'acknowledged', ...named }, cause, attempts }
  const why = reason('dynamic-authorization-refused', { client, action, ...named })
  return { result: { outcome: 'refused', ...named, reason: why }, cause, attempts }
}
