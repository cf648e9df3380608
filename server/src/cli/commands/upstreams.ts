import type { UpstreamStatus } from '../../listeners/https/services.ts'
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
    const { items } = await withApi(input, (api) => api.get<{ items: UpstreamStatus[] }>('/upstreams'))
    if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
    else if (items.length === 0)
      terminal.print('No upstreams. They are made with apply, in the section upstreams.')
    else
      terminal.print(
        table(
          HEADINGS,
          items.flatMap((upstream) => rowsOf(upstream, terminal)),
        ),
      )
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
