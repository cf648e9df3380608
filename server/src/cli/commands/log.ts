import { setTimeout as delay } from 'node:timers/promises'
import type { Page, Receipt } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { localTime, oneLine } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const POLL_MS = 1000
const LARGEST_PAGE = 500

export const log: Command = {
  name: 'log',
  summary: 'Show the latest decisions',
  usage: '[SEARCH] [--follow]',
  positionals: ['search?'],
  flags: {
    follow: { short: 'f', description: 'go on with new ones until Ctrl-C' },
    user: { value: 'NAME', description: 'about one user' },
    client: { value: 'NAME', description: 'from one RADIUS client' },
    outcome: { value: 'WORD', description: 'accept, reject, drop' },
    reason: { value: 'CODE', description: 'with one reason code' },
    limit: { value: 'N', description: 'how many (default 20)' },
    ...CONNECTION_FLAGS,
  },
  details: 'The id at the end of a line goes into: sallyport explain ID',
  examples: ['sallyport log --follow', 'sallyport log --user alice --outcome reject'],
  async run(input, terminal) {
    const query = {
      search: input.positionals[0],
      user: input.text('user'),
      client: input.text('client'),
      outcome: input.text('outcome'),
      reason: input.text('reason'),
    }
    const limit = input.number('limit', 1, 500) ?? 20
    const show = (receipt: Receipt): void =>
      terminal.print(input.has('json') ? JSON.stringify(receipt) : lineOf(receipt, terminal))
    await withApi(input, async (api) => {
      if (!input.has('follow')) {
        const receipts = await latest(api, query, limit)
        for (const receipt of receipts) show(receipt)
        if (receipts.length === 0 && !input.has('json')) terminal.print('No decisions yet.')
        return
      }
      const unseen = new Unseen()
      for (const receipt of unseen.of(await latest(api, query, LARGEST_PAGE)).slice(-limit)) show(receipt)
      for (;;) {
        await delay(POLL_MS)
        for (const receipt of unseen.of(await latest(api, query, LARGEST_PAGE))) show(receipt)
      }
    })
    return EXIT.ok
  },
}

/** Oldest first. */
async function latest(
  api: ApiClient,
  query: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<readonly Receipt[]> {
  const { items } = await api.get<Page<Receipt>>('/receipts', { ...query, limit: String(limit) })
  return items.toReversed()
}

/** What a page holds that the page before did not: receipts of several workers do not arrive in the order of time. */
export class Unseen {
  #seen: ReadonlySet<string> = new Set()

  of<Item extends { readonly id: string }>(page: readonly Item[]): Item[] {
    const unseen = page.filter(({ id }) => !this.#seen.has(id))
    this.#seen = new Set(page.map(({ id }) => id))
    return unseen
  }
}

function lineOf(receipt: Receipt, terminal: Terminal): string {
  const style = receipt.outcome === 'accept' ? 'good' : receipt.outcome === 'reject' ? 'bad' : 'warn'
  const who = [receipt.user ?? '-', receipt.client, receipt.method ?? '-'].map(oneLine)
  const why = oneLine(receipt.sentence ?? receipt.reason ?? '')
  const outcome = terminal.paint(style, receipt.outcome.padEnd(7))
  const id = terminal.paint('faint', receipt.id)
  return `${localTime(receipt.at)}  ${outcome} ${who.join('  ')}  ${why}  ${id}`
}
