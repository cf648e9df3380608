import type { UpstreamList, UpstreamStatus } from '../../listeners/https/services.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { type Cell, localTime, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const upstreams: Command = {
  name: 'upstreams',
  summary: 'Show the RADIUS servers requests are passed on to',
  usage: '',
  positionals: [],
  flags: CONNECTION_FLAGS,
  details:
    'Upstreams answer the realms that are passed on, and sources of kind radius. Change them with apply.',
  examples: ['sallyport upstreams'],
  async run(input, terminal) {
    const list = await withApi(input, (api) => api.get<UpstreamList>('/upstreams'))
    const { items, waiting } = list
    if (input.has('json')) terminal.print(JSON.stringify(list, null, 2))
    else if (items.length === 0)
      terminal.print('No upstreams. They are made with apply, in the section upstreams.')
    else {
      const rows = items.flatMap((upstream) => rowsOf(upstream, terminal))
      terminal.print(table(HEADINGS, rows))
      for (const { group, records, oldestAt } of waiting)
        terminal.print(
          `Accounting records waiting for group ${group}: ${records}, the oldest since ${localTime(oldestAt)}.`,
        )
    }
    return EXIT.ok
  },
}

const HEADINGS = [
  'group',
  'upstream',
  'for',
  'address',
  'state',
  'since',
  'last heard',
  'requests',
  'answered',
  'silent',
  'bad',
  'problem',
]

function rowsOf(upstream: UpstreamStatus, terminal: Terminal): Cell[][] {
  return (['authentication', 'accounting'] as const).flatMap((kind) => {
    const port = upstream[kind]
    if (port.state === 'unused' && kind === 'accounting') return []
    return [
      [
        upstream.group,
        upstream.name,
        kind === 'authentication' ? 'logins' : 'accounting',
        `${upstream.host} ${port.port}`,
        stateCell(upstream, port.state, terminal),
        localTime(port.since),
        localTime(port.heardAt),
        String(port.requests),
        String(port.replies),
        String(port.timeouts),
        String(port.invalid),
        port.problem ?? '-',
      ],
    ]
  })
}

function stateCell(
  { enabled }: UpstreamStatus,
  state: UpstreamStatus['authentication']['state'],
  terminal: Terminal,
): Cell {
  if (!enabled) return { text: 'disabled', paint: (text) => terminal.paint('faint', text) }
  if (state === 'dead') return { text: state, paint: (text) => terminal.paint('bad', text) }
  return state
}
