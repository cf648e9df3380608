import { setTimeout as delay } from 'node:timers/promises'
import type {
  Directory,
  DirectoryGroup,
  DirectoryListing,
  DirectoryUser,
  Page,
} from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { about, alone, byAction } from '../by-action.ts'
import { CliError, EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const POLL_MILLISECONDS = 500

interface Call {
  readonly name: string
  readonly dn: string | undefined
  readonly input: Input
  readonly terminal: Terminal
  readonly api: ApiClient
}

type Work = (call: Call) => Promise<ExitCode>

const WORKS = {
  sync: async ({ name, input, terminal, api }) => {
    const before = await find(api, name)
    await api.send('POST', path(name, 'sync'), { full: input.has('full'), force: input.has('force') })
    const { sync } = await finished(api, name, before)
    if (input.has('json')) terminal.print(JSON.stringify(sync, null, 2))
    else if (sync.state === 'failed') throw new CliError(`${sync.problem}\n${sync.nextStep}`)
    else terminal.print(doneText(name, sync))
    return sync.state === 'failed' ? EXIT.failed : EXIT.ok
  },
  users: async ({ name, input, terminal, api }) => {
    const page = await api.get<Page<DirectoryUser>>(path(name, 'users'), query(input))
    const rows = page.items.map((user): Cell[] => [
      user.name,
      {
        text: user.state,
        paint: (text) => terminal.paint(user.state === 'enabled' ? 'good' : 'warn', text),
      },
      user.displayName ?? '-',
      user.mail ?? '-',
      user.department ?? '-',
      user.groups.join(', ') || '-',
    ])
    if (await isUnread(api, name, page, input, terminal)) return EXIT.failed
    print(input, terminal, page, ['user', 'state', 'name', 'mail', 'department', 'groups'], rows)
    return EXIT.ok
  },
  groups: async ({ name, input, terminal, api }) => {
    const page = await api.get<Page<DirectoryGroup>>(path(name, 'groups'), query(input))
    const rows = page.items.map((group) => [group.name, group.description ?? '-', group.dn])
    if (await isUnread(api, name, page, input, terminal)) return EXIT.failed
    print(input, terminal, page, ['group', 'description', 'dn'], rows)
    return EXIT.ok
  },
  browse: async ({ name, dn, input, terminal, api }) => {
    const show = input.text('show')
    const listing = await api.get<DirectoryListing>(path(name, 'browse'), { dn, show })
    if (input.has('json')) terminal.print(JSON.stringify(listing, null, 2))
    else if (listing.entries.length === 0)
      terminal.print(`${listing.server} shows nothing below ${dn ?? 'its root'}.`)
    else {
      const rows = listing.entries.map((entry) => [entry.name, entry.kind, entry.dn])
      terminal.print(table(['name', 'kind', 'dn'], rows))
      if (listing.more) terminal.print('There are more: look one level deeper.')
    }
    return EXIT.ok
  },
} satisfies Record<string, Work>

export const directories: Command = {
  name: 'directories',
  summary: 'Show directories, sync and search their users and groups',
  usage: '[ACTION] [NAME] [DN]',
  positionals: ['action?', 'name?', 'dn?'],
  flags: {
    full: { description: 'with sync: read everything, not only what changed' },
    force: { description: 'with sync: read everything, and delete what is gone however much it is' },
    search: {
      value: 'TEXT',
      description: 'with users and groups: the beginning of a name or e-mail address',
    },
    limit: { value: 'N', description: 'with users and groups: how many (default 50)' },
    show: { value: 'WHAT', description: 'with browse: containers (default), groups or all' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'Actions: list, sync NAME, users NAME, groups NAME, browse NAME [DN].',
    'browse looks into the directory as its service account does; the others show what the last sync read.',
    'sync waits until it is done. Directories are made with apply, in the section sources.',
  ].join('\n'),
  examples: [
    'sallyport directories',
    'sallyport directories sync ad --full',
    'sallyport directories users ad --search ali',
    'sallyport directories browse ad "OU=People,DC=ad,DC=example,DC=org"',
  ],
  run: byAction('directories', {
    list: alone(list),
    sync: withDirectory('NAME', WORKS.sync),
    users: withDirectory('NAME', WORKS.users),
    groups: withDirectory('NAME', WORKS.groups),
    browse: withDirectory('NAME [DN]', WORKS.browse),
  }),
}

function withDirectory(wanted: string, work: Work) {
  return about(wanted, (input, terminal, name, dn?: string) =>
    withApi(input, (api) => work({ name, dn, input, terminal, api })),
  )
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: Directory[] }>('/directories'))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0)
    terminal.print('No directories. They are made with apply, in the section sources (kind: ldap).')
  else {
    const rows = items.map(({ name, type, baseDn, sync }): Cell[] => [
      name,
      type,
      oneLine(baseDn),
      { text: sync.state, paint: (text) => terminal.paint(sync.state === 'failed' ? 'bad' : 'good', text) },
      localTime(sync.succeededAt),
      String(sync.users),
      String(sync.groups),
    ])
    terminal.print(table(['directory', 'type', 'base dn', 'sync', 'synced', 'users', 'groups'], rows))
    for (const { name, sync } of items) {
      if (sync.problem !== undefined)
        terminal.print(`${name}: ${oneLine(sync.problem)} ${sync.nextStep ?? ''}`)
    }
  }
  return EXIT.ok
}

/** Nothing can be found in a copy that was never made: says so. */
async function isUnread(
  api: ApiClient,
  name: string,
  { items }: Page<unknown>,
  input: Input,
  terminal: Terminal,
): Promise<boolean> {
  if (items.length > 0 || input.has('json')) return false
  const { sync } = await find(api, name)
  if (sync.succeededAt !== undefined) return false
  terminal.print(
    sync.state === 'off'
      ? `"${oneLine(name)}" is not copied: set sync: { enabled: true } at the source and apply. To look into the directory itself: npx sallyport directories browse ${oneLine(name)}`
      : `"${oneLine(name)}" was not read yet: npx sallyport directories sync ${oneLine(name)}`,
  )
  return true
}

async function find(api: ApiClient, name: string): Promise<Directory> {
  const { items } = await api.get<{ items: Directory[] }>('/directories')
  const found = items.find((each) => each.name === name)
  if (found === undefined) throw new CliError(`There is no directory "${name}".`)
  return found
}

/** Of the run that began after `before` was read. */
async function finished(api: ApiClient, name: string, before: Directory): Promise<Directory> {
  for (;;) {
    const now = await find(api, name)
    if (now.sync.state !== 'running' && now.sync.triedAt !== before.sync.triedAt) return now
    await delay(POLL_MILLISECONDS)
  }
}

function doneText(name: string, { users, groups, last }: Directory['sync']): string {
  const held = `${name}: ${users} users and ${groups} groups.`
  if (last === undefined) return held
  const { kind, server, read, added, changed, deleted, joined, left, milliseconds } = last
  const what = kind === 'full' ? 'Everything was read' : 'What changed was read'
  return (
    `${held} ${what} from ${oneLine(server)}: ${read} entries in ${(milliseconds / 1000).toFixed(1)} s, ` +
    `${added} new, ${changed} changed, ${deleted} deleted; ${joined} memberships came, ${left} went.`
  )
}

function print<Item>(
  input: Input,
  terminal: Terminal,
  page: Page<Item>,
  headings: readonly string[],
  rows: readonly Cell[][],
): void {
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (rows.length === 0)
    terminal.print('None found. Only what was synced is found: see sallyport directories.')
  else {
    terminal.print(table(headings, rows))
    if (page.next !== undefined) terminal.print('There are more: narrow the search or raise --limit.')
  }
}

function query(input: Input): Record<string, string | undefined> {
  return { search: input.text('search'), limit: String(input.number('limit', 1, 500) ?? 50) }
}

function path(name: string, what: string): string {
  return `/directories/${encodeURIComponent(name)}/${what}`
}
