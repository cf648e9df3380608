import type { SourceStatus } from '../../listeners/https/services.ts'
import { about, alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const sources: Command = {
  name: 'sources',
  summary: 'Show whether directories and other identity sources answer, and whom an outage hits',
  usage: '[list | refresh NAME]',
  positionals: ['action?', 'name?'],
  flags: {
    user: { value: 'NAME', description: 'with refresh: this user alone, without realm' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'While a source is down its logins get no answer, and RADIUS clients may turn to another server: they are',
    'named. refresh has a directory asked anew, at logins and for live sessions, whatever it said before.',
  ].join('\n'),
  examples: ['sallyport sources', 'sallyport sources refresh ad --user alice'],
  run: byAction('sources', {
    list: alone(list),
    refresh: about('NAME', refresh),
  }),
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: SourceStatus[] }>('/sources'))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0)
    terminal.print('All users are kept here. Directories are added with apply, in the section sources.')
  else {
    terminal.print(
      table(
        HEADINGS,
        items.map((item) => row(item, terminal)),
      ),
    )
    for (const line of items.flatMap(lines)) terminal.print(line)
  }
  return EXIT.ok
}

async function refresh(input: Input, terminal: Terminal, name: string): Promise<ExitCode> {
  const user = input.text('user')
  const path = `/sources/${encodeURIComponent(name)}/refresh`
  await withApi(input, (api) => api.send('POST', path, user === undefined ? {} : { user }))
  const whom = user === undefined ? 'everybody' : `"${oneLine(user)}"`
  terminal.print(`"${oneLine(name)}" is asked about ${whom} anew, and live sessions are decided again.`)
  return EXIT.ok
}

const HEADINGS = [
  'source',
  'kind',
  'state',
  'since',
  'last heard',
  'answered',
  'not',
  'silent logins',
  'known',
  'changes seen',
]

function row(item: SourceStatus, terminal: Terminal): Cell[] {
  const { name, kind, state, since, heardAt, answers, unanswered, silentLogins, offlineLogins } = item
  return [
    name,
    kind,
    state === 'down' ? { text: state, paint: (text) => terminal.paint('bad', text) } : state,
    localTime(since),
    localTime(heardAt),
    ...[answers, unanswered, silentLogins, offlineLogins].map(String),
    changesSeen(item, terminal),
  ]
}

/** Until when. */
function changesSeen({ changes }: SourceStatus, terminal: Terminal): Cell {
  if (changes === undefined) return ''
  switch (changes.state) {
    case 'watching':
      return localTime(changes.askedAt)
    case 'failed':
      return { text: 'no', paint: (text) => terminal.paint('bad', text) }
    default:
      return changes.state
  }
}

function lines({ name, state, lastError, clients, threads, changes }: SourceStatus): string[] {
  const open = threads.flatMap(({ thread, servers }) =>
    servers
      .filter(({ breaker }) => breaker !== 'closed')
      .map(
        ({ server, breaker, lastError: why }) => `${thread} ${server} ${breaker}${why ? ` (${why})` : ''}`,
      ),
  )
  const hit = clients.map(({ client, silentLogins }) => `${client} (${silentLogins})`)
  return [
    ...(state === 'down' && lastError !== undefined
      ? [`${name} is down: ${lastError.why}${asked(lastError.servers)}`]
      : []),
    ...(changes?.why === undefined ? [] : [changes.why]),
    ...(open.length > 0 ? [`${name}, servers left alone for now: ${open.join('; ')}`] : []),
    ...(hit.length > 0
      ? [
          `${name}, RADIUS clients that ${state === 'down' ? 'may turn' : 'in the last outage may have turned'} to another server: ${hit.join(', ')}`,
        ]
      : []),
  ].map(oneLine)
}

function asked(servers: readonly string[]): string {
  return servers.length === 0 ? '' : ` (asked: ${servers.join(', ')})`
}
