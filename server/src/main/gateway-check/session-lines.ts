import { type Reason, render } from '../../reasons/index.ts'
import { ago, type CheckLine, latest, ok, problem, times, warning } from './check-line.ts'
import type { GatewaySeen } from './seen.ts'

/** How long accounting may follow its login: it is sent once the tunnel stands. */
const START_SECONDS = 10

/** Accounting takes reports closer than this for one, so no interval is kept of them. */
const LEAST_TOLD_SECONDS = 60

export function sessionLines(seen: GatewaySeen): readonly CheckLine[] {
  return [accountingLine(seen), ...interimLine(seen), coaLine(seen)]
}

function accountingLine({ sessions, logins, input, now }: GatewaySeen): CheckLine {
  const { accountingPort } = input.gateway
  const accepted = logins.find(({ outcome }) => outcome === 'accept')
  const [last] = sessions
  const nextStep = `Switch accounting on at the gateway, to UDP ${String(accountingPort)}, with the same secret; look at the packet filter of that port.`
  const isMissed = accepted !== undefined && now - accepted.at > START_SECONDS * 1000
  if (last === undefined) {
    if (isMissed) {
      return problem(
        'accounting',
        `No accounting, though a login was accepted ${ago(accepted.at, now)}: sessions are not known, and cannot be ended.`,
        nextStep,
      )
    }
    return warning(
      'accounting',
      'No accounting was seen yet.',
      `Log in through it and wait ${String(START_SECONDS)} s. ${nextStep}`,
    )
  }
  const started = latest(sessions.map(({ started_at }) => started_at))
  const heard = latest(sessions.map(({ heard_at }) => heard_at))
  const stopped = latest(sessions.map(({ stopped_at }) => stopped_at ?? 0))
  const text = `Last start ${ago(started, now)}, last report ${ago(heard, now)}, last stop ${stopped === 0 ? 'never' : ago(stopped, now)}.`
  if (isMissed && heard < accepted.at) {
    return problem(
      'accounting',
      `${text} None since the login that was accepted ${ago(accepted.at, now)}.`,
      nextStep,
    )
  }
  return ok('accounting', text)
}

/** Whether live sessions are reported as often as they should be. */
function interimLine({ sessions, input, now }: GatewaySeen): CheckLine[] {
  const { interimSeconds } = input.gateway
  const live = sessions.filter(({ state }) => state === 'live')
  const nextStep = `Set the interval of accounting on the gateway to ${String(interimSeconds)} s: a session that is not reported counts as lost.`
  const overdue = live.find(
    ({ heard_at, started_at }) => now - Math.max(heard_at, started_at) > 2 * interimSeconds * 1000,
  )
  if (overdue !== undefined) {
    return [
      problem(
        'interim',
        `A live session was last reported ${ago(overdue.heard_at, now)}; every ${String(interimSeconds)} s is wanted.`,
        nextStep,
      ),
    ]
  }
  const intervals = sessions.flatMap(({ interim_seconds }) =>
    interim_seconds === null ? [] : [interim_seconds],
  )
  const [longest] = intervals.length === 0 ? [] : [latest(intervals)]
  if (longest === undefined) {
    const reported = live.find(({ session_seconds }) => session_seconds > 0)
    if (reported !== undefined)
      return [ok('interim', `A live session was reported ${ago(reported.heard_at, now)}.`)]
    return sessions.some(({ session_seconds }) => session_seconds > 2 * interimSeconds) &&
      interimSeconds >= LEAST_TOLD_SECONDS
      ? [warning('interim', 'Sessions come and go without a report between.', nextStep)]
      : []
  }
  if (longest > 1.5 * interimSeconds) {
    return [
      warning(
        'interim',
        `Reports come every ${String(longest)} s; every ${String(interimSeconds)} s is wanted.`,
        nextStep,
      ),
    ]
  }
  return [ok('interim', `Reports come every ${String(longest)} s or more often.`)]
}

function coaLine({ changes, input, now }: GatewaySeen): CheckLine {
  const { dynamicAuthorization, client } = input
  if (dynamicAuthorization === undefined) {
    return warning(
      'coa',
      `CoA and Disconnect are switched off for client ${client.name}: whoever is revoked stays connected.`,
      'Set dynamicAuthorization.enabled: true.',
    )
  }
  const signed = `signed with ${client.dynamicAuthorizationSecret === undefined ? 'the shared secret' : 'the CoA secret'}, to UDP ${String(dynamicAuthorization.port)}`
  const last = changes.find(({ outcome }) => outcome !== 'sending')
  if (last === undefined) {
    return warning(
      'coa',
      `None was ever sent (${signed}).`,
      'Try it on a session of your own: sallyport sessions disconnect --user NAME.',
    )
  }
  const what = `${last.action === 'disconnect' ? 'Disconnect' : 'CoA'} ${ago(last.at, now)} to ${last.device ?? 'nobody'}, ${signed}`
  if (last.outcome === 'acknowledged') return ok('coa', `${what}: acknowledged.`)
  // Written by the authorizer as a Reason.
  const why = last.reason === null ? undefined : render(JSON.parse(last.reason) as Reason)
  const nextStep = why?.nextStep ?? 'sallyport sessions shows what was sent.'
  if (last.outcome === 'no-answer') {
    const port = String(dynamicAuthorization.port)
    return problem(
      'coa',
      `${what}: no answer, sent ${times(last.attempts)}.`,
      `A wrong secret is silence, too. Look whether the gateway listens on UDP ${port} for this server, with the same secret, and at its packet filter.`,
    )
  }
  if (last.outcome === 'refused')
    return warning('coa', `${what}: refused. ${why?.sentence ?? ''}`.trim(), nextStep)
  return warning('coa', `${what}: nothing was sent. ${why?.sentence ?? ''}`.trim(), nextStep)
}
