import {
  type DynamicAuthorizationRow,
  DynamicAuthorizationStore,
} from '../../access/dynamic-authorization/dynamic-authorization-store.ts'
import { errorCauseName } from '../../access/dynamic-authorization/exchange.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Services, SessionAction } from '../../listeners/https/services.ts'
import { type Reason, render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function sessionActionApi({
  control,
  reader,
}: Pick<ApiParts, 'control' | 'reader'>): Services['sessionActions'] {
  const store = new DynamicAuthorizationStore(reader)
  return {
    act: async (sessionId, request, admin) => {
      const result = await control.act({ sessionId, ...request, askedBy: { by: 'admin', name: admin } })
      if (result.reason?.code === 'session-unknown') {
        throw new RequestError('not-found', `There is no session ${sessionId}.`)
      }
      const { outcome, errorCause, id } = result
      return { outcome, ...optional('id', id), ...optional('errorCause', errorCause), ...told(result.reason) }
    },
    list: async (query) => {
      const { rows, next } = await store.list(query)
      return { items: rows.map(actionOf), ...optional('next', next) }
    },
  }
}

function told(why: Reason | undefined) {
  if (why === undefined) return {}
  const { sentence, nextStep } = render(why)
  return { reason: why.code, sentence, nextStep }
}

function actionOf(row: DynamicAuthorizationRow): SessionAction {
  return {
    id: row.id,
    at: instant(row.at),
    session: row.session_id,
    client: row.client,
    action: row.action,
    askedBy: row.asked_by,
    outcome: row.outcome,
    attempts: row.attempts,
    ...optional('receipt', row.decision_id),
    ...optional('user', row.user_name),
    ...optional('callingStationId', row.calling_station_id),
    ...optional('profile', row.profile),
    ...optional('askedByName', row.asked_by_name),
    ...optional('device', row.device),
    // Both were written by the authorizer in the form they are read in.
    ...(row.request === null
      ? {}
      : { request: JSON.parse(row.request) as NonNullable<SessionAction['request']> }),
    ...told(row.reason === null ? undefined : (JSON.parse(row.reason) as Reason)),
    ...optional('errorCause', row.error_cause === null ? null : errorCauseName(row.error_cause)),
    ...optional('finishedAt', row.finished_at === null ? null : instant(row.finished_at)),
  }
}
