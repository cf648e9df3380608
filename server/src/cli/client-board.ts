import type { ClientBoard } from '../listeners/https/services.ts'
import type { ApiClient } from './api-client.ts'
import type { Input } from './input.ts'
import { type Cell, localTime, table } from './table.ts'
import type { Terminal } from './terminal.ts'

const STATES = { strict: 'strict', ready: 'ready', 'not-ready': 'not ready', unseen: 'not seen' } as const
const STYLES = { strict: 'good', ready: 'strong', 'not-ready': 'warn', unseen: 'faint' } as const

/** `clients blastradius`: who sends Message-Authenticator; with --enforce or --ready it is demanded. */
export async function messageAuthenticatorBoard(
  input: Input,
  terminal: Terminal,
  api: ApiClient,
): Promise<string> {
  const rules = {
    requests: input.number('requests', 1, 1_000_000) ?? 100,
    days: input.number('days', 0, 365) ?? 7,
  }
  const named = input.text('enforce')
  if (named !== undefined || input.has('ready')) {
    const clients = named === undefined ? [] : named.split(',').map((name) => name.trim())
    const request = { clients, ready: named === undefined, force: input.has('force'), ...rules }
    const done = await api.send<{ clients: readonly string[]; version: number }>(
      'POST',
      '/clients/message-authenticator/enforce',
      request,
    )
    if (done.clients.length === 0) {
      const why = named === undefined ? 'No client is ready' : 'It is demanded of them already'
      return `${why}; nothing was changed.`
    }
    const undo = `To go back: npx sallyport rollback ${done.version - 1}`
    return `Message-Authenticator is demanded of ${done.clients.join(', ')} (version ${done.version}). ${undo}`
  }
  const query = { requests: String(rules.requests), days: String(rules.days) }
  const { items } = await api.get<{ items: ClientBoard[] }>('/clients/message-authenticator', query)
  if (input.has('json')) return JSON.stringify(items, null, 2)
  return boardText(items, terminal)
}

function boardText(items: readonly ClientBoard[], terminal: Terminal): string {
  const rows = items.map((item): Cell[] => [
    item.client,
    { text: STATES[item.state], paint: (text) => terminal.paint(STYLES[item.state], text) },
    String(item.addresses.length),
    String(item.signed),
    String(item.unsigned),
    localTime(item.lastUnsignedAt),
    item.obstacles[0] ?? '',
  ])
  const headings = ['client', 'state', 'addresses', 'with', 'without', 'last without', 'why not']
  const ready = items.filter(({ state }) => state === 'ready')
  const lines = [
    table(headings, rows),
    'Access-Requests with and without Message-Authenticator. Without it an attacker on the way forges accepts (CVE-2024-3596).',
  ]
  if (ready.length > 0) lines.push(`${ready.length} ready: npx sallyport clients blastradius --ready`)
  return lines.join('\n')
}
