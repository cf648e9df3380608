import type { AcmeAccount, AcmeKey, MadeAcmeKey, Page } from '../../listeners/https/services.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const acme: Command = {
  name: 'acme',
  summary: 'Make keys for ACME clients; list and deactivate ACME accounts',
  usage: '[keys [list | create --template T | delete ID] | accounts [list | deactivate ID]]',
  positionals: ['what?', 'action?', 'id?'],
  flags: {
    template: { value: 'NAME', short: 't', description: 'with keys create: what is issued' },
    user: { value: 'NAME', short: 'u', description: 'with keys create: whom certificates are for' },
    names: { value: 'A,B', description: 'with keys create: names or patterns, *.lab.example.org' },
    days: { value: 'N', description: 'with keys create: an account can be made so long (default 30)' },
    note: { value: 'TEXT', description: 'with keys create: what it is for' },
    limit: { value: 'N', description: 'with list: how many (default 100)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'A key (external account binding) is good for one ACME account. Hand key id and MAC key to the client; the',
    'MAC key is shown once. --names narrows what the template allows. Deleting a key deactivates the account',
    'made with it; certificates it got stay valid until they end or are revoked.',
  ].join('\n'),
  examples: [
    'sallyport acme keys create --template web-server --names "*.lab.example.org"',
    'sallyport acme keys list',
    'sallyport acme accounts deactivate 3kTQ0dXv8Yq1mBzN',
  ],
  async run(input, terminal) {
    const [what = 'keys', action = 'list', id] = input.positionals
    const perform = Object.hasOwn(ACTIONS, `${what} ${action}`) ? ACTIONS[`${what} ${action}`] : undefined
    if (perform === undefined)
      throw usageError(`acme cannot "${what} ${action}". See: npx sallyport acme --help`)
    return await perform(input, terminal, id)
  },
}

type Action = (input: Input, terminal: Terminal, id: string | undefined) => Promise<ExitCode>

const ACTIONS: Readonly<Record<string, Action>> = {
  'keys list': listKeys,
  'keys create': createKey,
  'keys delete': async (input, terminal, id) => {
    if (id === undefined) throw usageError('Which one? npx sallyport acme keys delete ID')
    await withApi(input, (api) => api.send('DELETE', `/acme/keys/${encodeURIComponent(id)}`))
    terminal.print(`Deleted ${oneLine(id)}.`)
    return EXIT.ok
  },
  'accounts list': listAccounts,
  'accounts deactivate': async (input, terminal, id) => {
    if (id === undefined) throw usageError('Which one? npx sallyport acme accounts deactivate ID')
    const path = `/acme/accounts/${encodeURIComponent(id)}/deactivate`
    const account = await withApi(input, (api) => api.send<AcmeAccount>('POST', path, {}))
    terminal.print(`Account ${oneLine(account.id)} is deactivated. Its certificates stay valid.`)
    return EXIT.ok
  },
}

async function createKey(input: Input, terminal: Terminal): Promise<ExitCode> {
  const template = input.required('template', 'For which template? --template NAME')
  const user = input.text('user')
  const names = input.text('names')
  const note = input.text('note')
  const days = input.number('days', 1, 365)
  const made = await withApi(input, (api) =>
    api.send<MadeAcmeKey>('POST', '/acme/keys', {
      template,
      ...(user === undefined ? {} : { user }),
      ...(names === undefined ? {} : { names: names.split(',').map((each) => each.trim()) }),
      ...(note === undefined ? {} : { note }),
      ...(days === undefined ? {} : { days }),
    }),
  )
  terminal.print(input.has('json') ? JSON.stringify(made, null, 2) : madeText(made))
  return EXIT.ok
}

function madeText({ id, macKey, directory, template, expiresAt }: MadeAcmeKey): string {
  const address = directory ?? `https://THIS-SERVER:8444/acme/${template}/directory`
  return [
    `Key for one ACME account of template ${template}, to be used before ${localTime(expiresAt)}:`,
    `  key id    ${id}`,
    `  MAC key   ${macKey}   shown this once`,
    `  directory ${address}`,
    '',
    'For example (ca.pem: npx sallyport ca export --out ca.pem):',
    `  LEGO_CA_CERTIFICATES=ca.pem lego --server ${address} --accept-tos --email YOU --domains NAME --http --eab --kid ${id} --hmac ${macKey} run`,
    `  REQUESTS_CA_BUNDLE=ca.pem certbot certonly --standalone --server ${address} --eab-kid ${id} --eab-hmac-key ${macKey} -d NAME`,
  ].join('\n')
}

async function listKeys(input: Input, terminal: Terminal): Promise<ExitCode> {
  const page = await withApi(input, (api) => api.get<Page<AcmeKey>>('/acme/keys', { limit: limitOf(input) }))
  const rows = page.items.map((key): Cell[] => [
    key.id,
    key.template,
    key.user ?? '',
    key.names.join(', '),
    key.account === undefined ? `until ${localTime(key.expiresAt)}` : `by ${key.account}`,
    oneLine(key.note),
  ])
  printPage(
    input,
    terminal,
    page,
    table(['key id', 'template', 'user', 'names', 'used', 'note'], rows),
    'keys',
  )
  return EXIT.ok
}

async function listAccounts(input: Input, terminal: Terminal): Promise<ExitCode> {
  const query = { limit: limitOf(input) }
  const page = await withApi(input, (api) => api.get<Page<AcmeAccount>>('/acme/accounts', query))
  const rows = page.items.map((account): Cell[] => [
    account.id,
    account.template,
    account.status,
    account.user ?? '',
    account.key ?? 'open',
    account.createdFrom,
    localTime(account.seenAt),
  ])
  const headings = ['account', 'template', 'status', 'user', 'key id', 'made from', 'last ordered']
  printPage(input, terminal, page, table(headings, rows), 'accounts')
  return EXIT.ok
}

function limitOf(input: Input): string {
  return String(input.number('limit', 1, 500) ?? 100)
}

function printPage(
  input: Input,
  terminal: Terminal,
  page: Page<unknown>,
  text: string,
  what: 'keys' | 'accounts',
): void {
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print(`There are no ACME ${what}.`)
  else {
    terminal.print(text)
    if (page.next !== undefined) terminal.print('There are more: raise --limit.')
  }
}
