import { PASSWORD_STORAGES } from '../../config/password-storage.ts'
import type { Page, User } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { about, byAction } from '../by-action.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

type Work = (name: string, input: Input, terminal: Terminal, api: ApiClient) => Promise<string>

const path = (name: string, rest = ''): string => `/users/${encodeURIComponent(name)}${rest}`

const WORKS = {
  show: async (name, input, _terminal, api) => {
    const user = await api.get<User>(path(name))
    return input.has('json') ? JSON.stringify(user, null, 2) : userText(user)
  },
  add: async (name, input, terminal, api) => {
    const password = await passwordFrom(input, terminal)
    const groups = input
      .text('groups')
      ?.split(',')
      .map((group) => group.trim())
    const passwordStorage = input.text('storage')
    await api.send('POST', '/users', {
      name,
      password,
      ...(groups === undefined ? {} : { groups }),
      ...(passwordStorage === undefined ? {} : { passwordStorage }),
    })
    return `Added ${name}.`
  },
  password: async (name, input, terminal, api) => {
    const password = await passwordFrom(input, terminal)
    const mustChangePassword = input.has('must-change')
    const storage = input.text('storage')
    await api.send('PUT', path(name, '/password'), {
      password,
      mustChangePassword,
      ...(storage === undefined ? {} : { storage }),
    })
    return `The password of ${name} is set.`
  },
  unlock: async (name, _input, _terminal, api) => {
    await api.send('POST', path(name, '/unlock'))
    return `${name} is unlocked.`
  },
  disable: async (name, _input, _terminal, api) => {
    await api.send('PATCH', path(name), { disabled: true })
    return `${name} is disabled.`
  },
  enable: async (name, _input, _terminal, api) => {
    await api.send('PATCH', path(name), { disabled: false })
    return `${name} is enabled.`
  },
  delete: async (name, _input, _terminal, api) => {
    await api.send('DELETE', path(name))
    return `Deleted ${name}.`
  },
} satisfies Record<string, Work>

export const users: Command = {
  name: 'users',
  summary: 'List, show and change users',
  usage: '[ACTION] [NAME]',
  positionals: ['action?', 'name?'],
  flags: {
    groups: { value: 'A,B', description: 'with add: groups of the new user' },
    password: {
      value: 'TEXT',
      description: 'with add and password; asked for where it is missing',
      env: 'SALLYPORT_USER_PASSWORD',
    },
    storage: {
      value: 'FORM',
      description: `with add and password: ${PASSWORD_STORAGES.join(', ')}; else what the source says`,
    },
    'must-change': { description: 'with password: must be changed at the next login' },
    limit: { value: 'N', description: 'with list: how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: 'Actions: list [SEARCH], show, add, password, unlock, disable, enable, delete.',
  examples: [
    'sallyport users',
    'sallyport users add alice --groups "VPN Users"',
    'sallyport users password alice --storage nt-hash',
    'sallyport users unlock alice',
  ],
  run: byAction('users', {
    list: about('[SEARCH]', list),
    show: withUser(WORKS.show),
    add: withUser(WORKS.add),
    password: withUser(WORKS.password),
    unlock: withUser(WORKS.unlock),
    disable: withUser(WORKS.disable),
    enable: withUser(WORKS.enable),
    delete: withUser(WORKS.delete),
  }),
}

/** One thing done to one user; prints what came of it. */
function withUser(work: Work) {
  return about('NAME', async (input, terminal, name) => {
    terminal.print(await withApi(input, (api) => work(name, input, terminal, api)))
    return EXIT.ok
  })
}

async function list(input: Input, terminal: Terminal, search?: string): Promise<ExitCode> {
  const limit = String(input.number('limit', 1, 500) ?? 50)
  const page = await withApi(input, (api) => api.get<Page<User>>('/users', { search, limit }))
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('No users found.')
  else {
    const rows = page.items.map((user): Cell[] => [
      user.name,
      stateCell(user, terminal),
      user.passwordStorage ?? 'none',
      user.groups.join(', '),
    ])
    terminal.print(table(['user', 'state', 'password', 'groups'], rows))
    if (page.next !== undefined) terminal.print('There are more: narrow the search or raise --limit.')
  }
  return EXIT.ok
}

function stateCell(user: User, terminal: Terminal): Cell {
  const state = stateOf(user)
  return { text: state, paint: (text) => terminal.paint(state === 'active' ? 'good' : 'warn', text) }
}

function stateOf(user: User): string {
  if (user.disabled) return 'disabled'
  if (user.lockedUntil !== undefined && Date.parse(user.lockedUntil) > Date.now()) return 'locked'
  if (user.expiresAt !== undefined && Date.parse(user.expiresAt) <= Date.now()) return 'expired'
  return user.mustChangePassword ? 'must change password' : 'active'
}

function userText(user: User): string {
  const lines: (readonly [string, string])[] = [
    ['Name', user.name],
    ['State', stateOf(user)],
    ['Source', user.source],
    ['Groups', user.groups.join(', ') || '-'],
    ['Password', user.passwordStorage ?? 'none'],
    ['Changed', localTime(user.passwordChangedAt)],
    ['Expires', user.expiresAt === undefined ? 'never' : localTime(user.expiresAt)],
    ['Failures', String(user.failures)],
    ...(user.lockedUntil === undefined ? [] : [['Locked until', localTime(user.lockedUntil)] as const]),
    ['Logon hours', user.logonHours?.join('; ') ?? 'always'],
    ...Object.entries(user.attributes).map(([key, value]) => [key, value] as const),
  ]
  return lines.map(([label, value]) => `${oneLine(label).padEnd(13)} ${oneLine(value)}`).join('\n')
}

async function passwordFrom(input: Input, terminal: Terminal): Promise<string> {
  return input.text('password') ?? (await terminal.askSecret('New password'))
}
