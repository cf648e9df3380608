import type { Language } from '../../config/schema.ts'
import type { Link, MadeLink } from '../../listeners/https/services.ts'
import { LINK_SYSTEMS } from '../../profiles/links/link-outputs.ts'
import { alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { deletion } from '../deletion.ts'
import type { Input } from '../input.ts'
import { localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const LANGUAGES = ['en', 'ru', 'de', 'es'] as const satisfies readonly Language[]

export const links: Command = {
  name: 'links',
  summary: 'Make, list and delete the one-time links people fetch a connection by',
  usage: '[list | create --user NAME --connection NAME | delete ID]',
  positionals: ['action?', 'id?'],
  flags: {
    user: { value: 'NAME', description: 'with create: the account it is for' },
    connection: {
      value: 'NAME',
      repeatable: true,
      description: 'with create: what it brings; of several the person chooses one',
    },
    system: { value: 'NAME', description: 'with create: windows, apple, android or linux alone' },
    language: { value: 'en|ru|de|es', description: 'with create: of page and file (default: the browser)' },
    minutes: { value: 'N', description: 'with create: how long it can be used' },
    mail: { description: 'with create: send it to the e-mail address of the account' },
    limit: { value: 'N', description: 'with list: how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'A link is good for one file, for an hour unless said otherwise. Opening it uses nothing up; the button on its',
    'page does. The code is typed at /connect of the same address, where a link cannot be sent. Whoever has either',
    'gets the certificate of that person: send it by a way you trust.',
  ].join('\n'),
  examples: [
    'sallyport links create --user alice --connection "Example VPN"',
    'sallyport links create --user bob --connection "Example VPN" --system apple --minutes 1440',
    'sallyport links delete 12',
  ],
  run: byAction('links', {
    list: alone(list),
    create: alone(create),
    delete: deletion('link'),
  }),
}

async function create(input: Input, terminal: Terminal): Promise<ExitCode> {
  const user = input.required('user', 'For whom? --user NAME')
  const connections = input.all('connection')
  if (connections.length === 0) throw usageError('Which connection? --connection NAME')
  const [system, language] = [input.choice('system', LINK_SYSTEMS), input.choice('language', LANGUAGES)]
  const minutes = input.number('minutes', 1, 43_200)
  const wish = {
    ...{ user, connections },
    ...(system !== undefined && { system }),
    ...(language !== undefined && { language }),
    ...(minutes !== undefined && { minutes }),
    ...(input.has('mail') && { mail: true }),
  }
  const made = await withApi(input, (api) => api.send<MadeLink>('POST', '/links', wish))
  if (input.has('json')) {
    terminal.print(JSON.stringify(made, null, 2))
    return EXIT.ok
  }
  terminal.print(`Link  ${made.url ?? made.path}`)
  terminal.print(`Code  ${made.code}, typed at ${made.url?.replace(/\/[^/]*$/, '') ?? '/connect'}`)
  terminal.print(
    `Brings ${connections.map(oneLine).join(' or ')} to ${oneLine(made.user)}, once, until ${localTime(made.expiresAt)}. Not shown again.`,
  )
  if (made.sentTo !== undefined) terminal.print(`Sent to ${oneLine(made.sentTo)}.`)
  for (const note of made.notes) terminal.print(`Note: ${oneLine(note)}`)
  return EXIT.ok
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const limit = String(input.number('limit', 1, 500) ?? 50)
  const { items } = await withApi(input, (api) => api.get<{ items: Link[] }>('/links', { limit }))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print('There are no links.')
  else {
    const rows = items.map((item) => [
      String(item.id),
      item.state,
      oneLine(item.user),
      item.connections.map(oneLine).join(', '),
      localTime(item.expiresAt),
      item.usedAt === undefined ? '' : `${localTime(item.usedAt)} from ${oneLine(item.usedFrom ?? '')}`,
      oneLine(item.createdBy),
    ])
    terminal.print(table(['id', 'state', 'for', 'brings', 'until', 'used', 'made by'], rows))
  }
  return EXIT.ok
}
