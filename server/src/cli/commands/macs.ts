import { readFileSync } from 'node:fs'
import { formatMac } from '../../kernel/mac-address.ts'
import type { ImportedMacs, Mac, Page, UnknownMac } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { about, alone, byAction } from '../by-action.ts'
import { CliError, EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { csvLine, readMacFile } from '../mac-file.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

/** Addresses in one request of an import. */
const BATCH = 500

const path = (mac: string): string => `/macs/${encodeURIComponent(mac)}`

type Work = (mac: string, input: Input, api: ApiClient) => Promise<string>

const WORKS = {
  show: async (mac, input, api) => {
    const found = await api.get<Mac>(path(mac))
    return input.has('json') ? JSON.stringify(found, null, 2) : macText(found)
  },
  add: async (mac, input, api) => {
    const added = await api.send<Mac>('POST', '/macs', { mac, ...withoutNull(fieldsFrom(input)) })
    return `Added ${formatMac(added.mac)}.`
  },
  change: async (mac, input, api) => {
    const fields = fieldsFrom(input)
    if (Object.keys(fields).length === 0)
      throw usageError('Change what? --description, --groups, --owner or --expires')
    const changed = await api.send<Mac>('PATCH', path(mac), fields)
    return `Changed ${formatMac(changed.mac)}.`
  },
  disable: async (mac, _input, api) => {
    const { mac: changed } = await api.send<Mac>('PATCH', path(mac), { disabled: true })
    return `${formatMac(changed)} is disabled.`
  },
  enable: async (mac, _input, api) => {
    const { mac: changed } = await api.send<Mac>('PATCH', path(mac), { disabled: false })
    return `${formatMac(changed)} is enabled.`
  },
  delete: async (mac, _input, api) => {
    await api.send('DELETE', path(mac))
    return `Deleted ${oneLine(mac)}.`
  },
} satisfies Record<string, Work>

export const macs: Command = {
  name: 'macs',
  summary: 'List, add and import MAC addresses; show unknown ones',
  usage: '[ACTION] [MAC | FILE]',
  positionals: ['action?', 'mac?'],
  flags: {
    description: { value: 'TEXT', description: 'with add and change: what it is' },
    groups: { value: 'A,B', description: 'with add and change: conditions read mac.groups' },
    owner: { value: 'TEXT', description: 'with add and change: whose it is' },
    expires: { value: 'DATE', description: 'with add and change: 2026-12-31, or never' },
    limit: { value: 'N', description: 'with list: how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'Actions: list [SEARCH], show, add, change, enable, disable, delete, import FILE, export, unknown.',
    'A MAC address is taken in every format. import reads CSV with the columns mac, description, groups (separated',
    'by |), owner, disabled, expiresAt, others being attributes; or one address a line. It replaces what is there.',
  ].join('\n'),
  examples: [
    'sallyport macs unknown',
    'sallyport macs add 0a:1b:2c:3d:4e:5f --description "Printer 2.14" --groups Printers',
    'sallyport macs import printers.csv',
  ],
  run: byAction('macs', {
    list: about('[SEARCH]', list),
    unknown: alone(unknown),
    export: alone(exportAll),
    import: withOne('FILE', importFile),
    show: withOne('MAC', WORKS.show),
    add: withOne('MAC', WORKS.add),
    change: withOne('MAC', WORKS.change),
    disable: withOne('MAC', WORKS.disable),
    enable: withOne('MAC', WORKS.enable),
    delete: withOne('MAC', WORKS.delete),
  }),
}

/** One thing done to one address, or one file; prints what came of it. */
function withOne(argument: string, work: Work) {
  return about(argument, async (input, terminal, one) => {
    terminal.print(await withApi(input, (api) => work(one, input, api)))
    return EXIT.ok
  })
}

function fieldsFrom(input: Input): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const flag of ['description', 'owner'] as const) {
    const text = input.text(flag)
    if (text !== undefined) fields[flag] = text
  }
  const groups = input.text('groups')?.split(',')
  if (groups !== undefined)
    fields.groups = groups.map((group) => group.trim()).filter((group) => group !== '')
  const expires = input.text('expires')
  if (expires === 'never') fields.expiresAt = null
  else if (expires !== undefined) {
    const at = new Date(expires)
    if (Number.isNaN(at.getTime()))
      throw usageError(`--expires takes a date such as 2026-12-31, not "${expires}".`)
    fields.expiresAt = at.toISOString()
  }
  return fields
}

/** A new address expires never by itself. */
function withoutNull(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

async function importFile(file: string, input: Input, api: ApiClient): Promise<string> {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new CliError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const items = readMacFile(text)
  const sum = { created: 0, changed: 0, unchanged: 0 }
  for (let at = 0; at < items.length; at += BATCH) {
    const batch = items.slice(at, at + BATCH)
    const done = await api
      .send<ImportedMacs>('POST', '/macs/import', { items: batch })
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error)
        throw new CliError(
          `${why}\nThe first ${at} of ${items.length} are imported; running the import again is safe.`,
        )
      })
    sum.created += done.created
    sum.changed += done.changed
    sum.unchanged += done.unchanged
  }
  if (input.has('json')) return JSON.stringify(sum, null, 2)
  return `Imported ${items.length}: ${sum.created} added, ${sum.changed} changed, ${sum.unchanged} as they were.`
}

/** A search answers in steps, some of them empty. */
async function firstOf(api: ApiClient, search: string | undefined, limit: number): Promise<Page<Mac>> {
  const items: Mac[] = []
  let cursor: string | undefined
  do {
    const left = String(limit - items.length)
    const page: Page<Mac> = await api.get('/macs', { search, limit: left, cursor })
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined && items.length < limit)
  return cursor === undefined ? { items } : { items, next: cursor }
}

async function list(input: Input, terminal: Terminal, search: string | undefined): Promise<ExitCode> {
  const limit = input.number('limit', 1, 500) ?? 50
  const page = await withApi(input, (api) => firstOf(api, search, limit))
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('No MAC addresses found.')
  else {
    const rows = page.items.map((mac): Cell[] => [
      formatMac(mac.mac),
      stateCell(mac, terminal),
      mac.groups.join(', '),
      mac.description,
      mac.owner,
    ])
    terminal.print(table(['mac', 'state', 'groups', 'description', 'owner'], rows))
    if (page.next !== undefined) terminal.print('There are more: narrow the search or raise --limit.')
  }
  return EXIT.ok
}

async function exportAll(input: Input, terminal: Terminal): Promise<ExitCode> {
  terminal.print(csvLine(['mac', 'description', 'groups', 'owner', 'disabled', 'expiresAt', 'attributes']))
  await withApi(input, async (api) => {
    let cursor: string | undefined
    do {
      const page: Page<Mac> = await api.get('/macs', { limit: '500', cursor })
      for (const { mac, description, groups, owner, disabled, expiresAt = '', attributes } of page.items) {
        const more = Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes)
        const cells = [
          formatMac(mac),
          description,
          groups.join('|'),
          owner,
          String(disabled),
          expiresAt,
          more,
        ]
        terminal.print(csvLine(cells.map(oneLine)))
      }
      cursor = page.next
    } while (cursor !== undefined)
  })
  return EXIT.ok
}

async function unknown(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: UnknownMac[] }>('/macs/unknown'))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print('No unknown MAC address has asked since the start.')
  else {
    const rows = items.map(({ mac, client, port = '-', requests, lastSeenAt }) => [
      formatMac(mac),
      client,
      port,
      String(requests),
      localTime(lastSeenAt),
    ])
    terminal.print(table(['mac', 'client', 'port', 'requests', 'last seen'], rows))
    terminal.print('They are rejected. To let one in: npx sallyport macs add MAC --groups GROUP')
  }
  return EXIT.ok
}

function stateOf({ disabled, expiresAt }: Mac): string {
  if (disabled) return 'disabled'
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'active'
}

function stateCell(mac: Mac, terminal: Terminal): Cell {
  const text = stateOf(mac)
  return { text, paint: (shown) => terminal.paint(text === 'active' ? 'good' : 'warn', shown) }
}

function macText(mac: Mac): string {
  const lines: (readonly [string, string])[] = [
    ['MAC address', formatMac(mac.mac)],
    ['State', stateOf(mac)],
    ['Description', mac.description || '-'],
    ['Groups', mac.groups.join(', ') || '-'],
    ['Owner', mac.owner || '-'],
    ['Expires', mac.expiresAt === undefined ? 'never' : localTime(mac.expiresAt)],
    ['Added', localTime(mac.createdAt)],
    ...Object.entries(mac.attributes),
  ]
  return lines.map(([label, value]) => `${oneLine(label).padEnd(13)} ${oneLine(value)}`).join('\n')
}
