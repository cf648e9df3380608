import { type GrantActionRecord, subjectKey } from '../../grants/grant-action-row.ts'
import { GrantStore } from '../../grants/grant-store.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { GrantAction, Services } from '../../listeners/https/services.ts'
import { render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function grantApi({
  reader,
  stores,
  clock,
  configuration,
}: Pick<ApiParts, 'reader' | 'stores' | 'clock' | 'configuration'>): Services['grants'] {
  const read = new GrantStore(reader)
  return {
    list: async (query) => {
      const { items, next } = await read.list(query)
      return { items: items.map(actionOf), ...optional('next', next) }
    },
    recheck: async ({ user, group, certificate, all }, askedBy) => {
      const asked = [
        ...(user === undefined ? [] : [['user', user] as const]),
        ...(group === undefined ? [] : [['group', group] as const]),
        ...(certificate === undefined
          ? []
          : [['certificate', certificate.replaceAll(':', '').toLowerCase()] as const]),
        ...(all === true ? [['all', null] as const] : []),
      ]
      const [one, ...others] = asked
      if (one === undefined || others.length > 0) {
        throw new RequestError('request-invalid', 'Name one of user, group, certificate and all.')
      }
      const [fact, key] = one
      await stores.grants.note({
        at: clock.now(),
        fact,
        key,
        cause: `${askedBy} asked${key === null ? '' : ` (${fact} ${subjectKey(key)})`}`,
        asked_by: askedBy,
        config_version: configuration.snapshot.version,
      })
    },
  }
}

function actionOf(record: GrantActionRecord): GrantAction {
  const { id, kind, grantId, lane, action, state, changes, cause, askedBy, attempts } = record
  return {
    ...{ id, kind, grant: grantId, client: lane, action, state, changes, cause, askedBy, attempts },
    ...optional('user', record.subject),
    ...optional('receipt', record.decisionId),
    reason: record.reason.code,
    sentence: render(record.reason).sentence,
    ...(record.result === null
      ? {}
      : {
          result: record.result.code,
          resultSentence: render(record.result).sentence,
          nextStep: render(record.result).nextStep,
        }),
    createdAt: instant(record.createdAt),
    updatedAt: instant(record.updatedAt),
    ...(state === 'waiting' || state === 'acknowledged' ? { nextAt: instant(record.nextAt) } : {}),
  }
}
