import { type Receipt, ReceiptStore } from '../../journal/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { ClientErrorService, Drop } from '../../listeners/https/services.ts'
import { findClientError } from '../../profiles/client-errors/find-client-error.ts'
import { judgeClientError } from '../../profiles/client-errors/judge-client-error.ts'
import type { SeenLogin } from '../../profiles/client-errors/seen-logins.ts'
import { render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { optional } from './instant.ts'

const MINUTE_MS = 60_000
const MOST_LOGINS = 10
const MOST_DROPS = 5

/** What the code means that a client shows, joined with what this server saw of the person. */
export function clientErrorApi(
  { reader, clock }: Pick<ApiParts, 'reader'> & { readonly clock: Pick<Clock, 'now'> },
  drops: () => Promise<readonly Drop[]>,
): ClientErrorService {
  const receipts = new ReceiptStore(reader)
  /** Receipts go by the name that was proved, mostly without realm: whoever asks may have either. */
  const loginsOf = async (user: string, since: number): Promise<SeenLogin[]> => {
    const pages = await Promise.all(
      spellings(user).map((name) => receipts.search({ user: name, since, limit: MOST_LOGINS })),
    )
    return pages
      .flatMap(({ items }) => items.map(loginOf))
      .sort((a, b) => b.at - a.at)
      .slice(0, MOST_LOGINS)
  }
  return {
    explain: async (code, { user, minutes }) => {
      const error = findClientError(code)
      if (error === undefined) {
        const message = `"${code}" is no code in the table of client errors (docs/client-errors.md).`
        throw new RequestError('client-error-unknown', message, { code })
      }
      if (user === undefined) return { ...error, sentences: [], nextSteps: [] }
      const now = clock.now()
      const since = now - minutes * MINUTE_MS
      const late = (await drops()).filter(({ lastSeenAt }) => Date.parse(lastSeenAt) >= since)
      const { receipt, ...judgement } = judgeClientError(error, {
        ...{ user, minutes, now },
        logins: await loginsOf(user, since),
        drops: late.slice(0, MOST_DROPS),
      })
      return { ...error, ...judgement, ...optional('receipt', receipt) }
    },
  }
}

/** As typed, and without realm or domain. */
function spellings(user: string): string[] {
  const [, bare = user] = /^(?:.*\\)?([^@\\]+)(?:@.*)?$/.exec(user) ?? []
  return [...new Set([user, bare])]
}

function loginOf({ id, at, network, outcome, reason }: Receipt): SeenLogin {
  const { sentence, nextStep } = render(reason)
  return { id, at, client: network.client, outcome, sentence, ...optional('nextStep', nextStep) }
}
