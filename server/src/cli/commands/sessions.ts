import type { Page, Session } from '../../listeners/https/services.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { actOnSessions, closeSessions, listActions, SESSION_ACTION_WORDS } from '../session-actions.ts'
import { duration, localTime, octetCount, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const sessions: Command = {
  name: 'sessions',
  summary: 'Show who is connected now, and end it',
  usage: '[list|actions|disconnect|reauthenticate|bounce|change|close] [ID|SEARCH]',
  positionals: ['action?', 'argument?'],
  flags: {
    all: { description: 'ended sessions too' },
    user: { value: 'NAME', description: 'of one user' },
    client: { value: 'NAME', description: 'of one RADIUS client' },
    mac: { value: 'MAC', description: 'of one device, in any format' },
    address: { value: 'ADDRESS', description: 'at an IPv4 or IPv6 address, or in a prefix' },
    session: { value: 'ID', description: 'with one Acct-Session-Id' },
    state: { value: 'WORD', description: 'live, stopped, lost' },
    since: { value: 'TIME', description: 'begun then or later: 2h, 3d, or 2026-01-05' },
    profile: { value: 'NAME', description: 'with change: the authorization profile the session gets' },
    limit: { value: 'N', description: 'how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'disconnect, reauthenticate, bounce (the port) and change are told to the device by CoA or',
    'Disconnect (RFC 5176), and say what it answered.',
    'close ends a session in our directory alone: for a device that is gone and sent no Stop.',
    'Name the session by its ID, or all live ones by --user, --mac or --address. actions lists the past ones.',
  ].join('\n'),
  examples: [
    'sallyport sessions',
    'sallyport sessions --user alice --all',
    'sallyport sessions disconnect --user alice',
    'sallyport sessions close --mac 02-00-00-00-00-07',
    'sallyport sessions actions',
  ],
  async run(input, terminal) {
    const [word = 'list', argument] = input.positionals
    const action = Object.hasOwn(SESSION_ACTION_WORDS, word) ? SESSION_ACTION_WORDS[word] : undefined
    if (action !== undefined) return await actOnSessions(input, terminal, action)
    if (word === 'close') return await closeSessions(input, terminal)
    if (word === 'actions') return await listActions(input, terminal)
    if (word === 'list') return await list(input, terminal, argument)
    if (argument !== undefined) throw usageError(`"${argument}" is one argument too many.`)
    return await list(input, terminal, word)
  },
}

async function list(input: Input, terminal: Terminal, search: string | undefined): Promise<ExitCode> {
  const query = {
    search,
    user: input.text('user'),
    client: input.text('client'),
    mac: input.text('mac'),
    address: input.text('address'),
    acctSessionId: input.text('session'),
    since: sinceFrom(input),
    state: stateFrom(input),
    limit: String(input.number('limit', 1, 500) ?? 50),
  }
  const page = await withApi(input, (api) => api.get<Page<Session>>('/sessions', query))
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('No sessions.')
  else {
    const rows = page.items.map((session) => [
      session.user ?? '-',
      session.client,
      session.framedIpAddress ?? session.framedIpv6Address ?? session.framedIpv6Prefix ?? '-',
      session.callingStationId ?? '-',
      localTime(session.startedAt),
      duration(session.sessionSeconds),
      `${octetCount(session.inputOctets)} / ${octetCount(session.outputOctets)}`,
      session.state,
      session.id,
    ])
    const headings = ['user', 'client', 'address', 'from', 'since', 'lasted', 'in / out', 'state', 'id']
    terminal.print(table(headings, rows))
  }
  return EXIT.ok
}

const STATES = ['live', 'stopped', 'lost']

function stateFrom(input: Input): string | undefined {
  const state = input.text('state')
  if (state === undefined) return input.has('all') ? undefined : 'live'
  if (STATES.includes(state)) return state
  throw usageError(`--state takes ${STATES.join(', ')}, not "${state}".`)
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `2h` ago, or a date or time as ISO 8601 writes it. */
function sinceFrom(input: Input): string | undefined {
  const text = input.text('since')
  if (text === undefined) return undefined
  const [, number, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const at = unit === undefined ? Date.parse(text) : Date.now() - Number(number) * (UNITS[unit] ?? 0)
  if (Number.isNaN(at)) throw usageError(`--since takes 2h, 3d or a date, not "${text}".`)
  return new Date(at).toISOString()
}
