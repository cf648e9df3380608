import { setTimeout as delay } from 'node:timers/promises'
import type { Page, Receipt } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, Columns, localTime } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { showDrops } from './log-dropped.ts'

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
    station: { value: 'MAC', description: 'of one device (Calling-Station-Id)' },
    dropped: { description: 'packets that got no answer before a login began, and why' },
    limit: { value: 'N', description: 'how many (default 20)' },
    ...CONNECTION_FLAGS,
  },
  details: 'The id at the end of a line goes into: npx sallyport explain ID',
  examples: [
    'sallyport log --follow',
    'sallyport log --user alice --outcome reject',
    'sallyport log --dropped --client vpn-1',
  ],
  async run(input, terminal) {
    if (input.has('dropped')) return await showDrops(input, terminal)
    const query = {
      search: input.positionals[0],
      user: input.text('user'),
      client: input.text('client'),
      outcome: input.choice('outcome', OUTCOMES),
      reason: input.text('reason'),
      station: input.text('station'),
    }
    const limit = input.number('limit', 1, 500) ?? 20
    await withApi(input, async (api) => {
      if (!input.has('follow')) {
        const receipts = await latest(api, query, limit)
        if (receipts.length > 0 || input.has('json')) show(receipts, input, terminal)
        else {
          const isFiltered = Object.values(query).some((value) => value !== undefined)
          terminal.print(isFiltered ? 'No decisions match.' : 'No decisions yet.')
          terminal.print('A packet that is dropped leaves none: npx sallyport log --dropped')
        }
        return
      }
      const unseen = new Unseen()
      const first = unseen.of(await latest(api, query, LARGEST_PAGE)).slice(-limit)
      const print = show(first, input, terminal)
      for (;;) {
        await delay(POLL_MS)
        for (const receipt of unseen.of(await latest(api, query, LARGEST_PAGE))) print(receipt)
      }
    })
    return EXIT.ok
  },
}

const OUTCOMES = ['accept', 'reject', 'drop'] as const

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

/** Prints the first receipts, and gives what prints one more. */
function show(receipts: readonly Receipt[], input: Input, terminal: Terminal): (receipt: Receipt) => void {
  if (input.has('json')) {
    const print = (receipt: Receipt): void => terminal.print(JSON.stringify(receipt))
    receipts.forEach(print)
    return print
  }
  const rows = receipts.map((receipt) => rowOf(receipt, terminal))
  const room = terminal.columns ?? Number.POSITIVE_INFINITY
  const columns = new Columns(HEADINGS, rows, { elastic: HEADINGS.indexOf('why'), room })
  terminal.print([columns.heading, ...rows.map((row) => columns.row(row))].join('\n'))
  return (receipt) => terminal.print(columns.row(rowOf(receipt, terminal)))
}

const HEADINGS = ['time', 'outcome', 'user', 'client', 'method', 'why', 'id']

function rowOf(receipt: Receipt, terminal: Terminal): Cell[] {
  const style = receipt.outcome === 'accept' ? 'good' : receipt.outcome === 'reject' ? 'bad' : 'warn'
  return [
    localTime(receipt.at),
    { text: receipt.outcome, paint: (text) => terminal.paint(style, text) },
    receipt.user ?? '-',
    receipt.client,
    receipt.method ?? '-',
    receipt.sentence ?? receipt.reason ?? '',
    { text: receipt.id, paint: (text) => terminal.paint('faint', text) },
  ]
}
