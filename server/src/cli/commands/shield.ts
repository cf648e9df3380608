import { formatMac, normaliseMac } from '../../kernel/mac-address.ts'
import type { ShieldedAccount } from '../../listeners/https/services.ts'
import { about, byAction } from '../by-action.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const shield: Command = {
  name: 'shield',
  summary: 'Show devices that send old passwords, and let them try again',
  usage: '[list|release] [NAME]',
  positionals: ['action?', 'name?'],
  flags: {
    source: { value: 'NAME', description: 'with release: of this identity source alone' },
    device: { value: 'MAC', description: 'with release: this device alone, as list shows it' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'The lock-out shield keeps wrong passwords from a directory before it locks the account.',
    'release gives the devices of an account another chance; the directory still counts what it counts.',
  ].join('\n'),
  examples: ['sallyport shield', 'sallyport shield release alice --device 02-00-00-00-00-07'],
  run: byAction('shield', {
    list: about('[NAME]', list),
    release: about('NAME', release),
  }),
}

async function release(input: Input, terminal: Terminal, user: string): Promise<ExitCode> {
  const [source, device] = [input.text('source'), input.text('device')]
  const body = { user, ...(source !== undefined && { source }), ...(device !== undefined && { device }) }
  await withApi(input, (api) => api.send('POST', '/shield/release', body))
  const whose = device === undefined ? `The devices of ${oneLine(user)}` : oneLine(device)
  terminal.print(`${whose} may try again.`)
  return EXIT.ok
}

async function list(input: Input, terminal: Terminal, name: string | undefined): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: ShieldedAccount[] }>('/shield'))
  const shown = name === undefined ? items : items.filter(({ user }) => user === name)
  if (input.has('json')) terminal.print(JSON.stringify(shown, null, 2))
  else if (shown.length === 0) terminal.print('No wrong passwords are known of accounts in directories.')
  else
    terminal.print(
      table(
        HEADINGS,
        shown.flatMap((account) => rowsOf(account, terminal)),
      ),
    )
  return EXIT.ok
}

const HEADINGS = [
  'user',
  'source',
  'left',
  'device',
  'client',
  'failures',
  'stopped',
  'last seen',
  'held until',
]

function rowsOf(account: ShieldedAccount, terminal: Terminal): Cell[][] {
  const { user, source, left, lockoutThreshold, devices } = account
  const start = [user, source, `${left} of ${lockoutThreshold}`]
  if (devices.length === 0) return [[...start, '(elsewhere)', '-', '-', '-', '-', '-']]
  return devices.map(({ device, client = '-', failures, stopped, heldUntil, ...at }) => {
    const mac = normaliseMac(device)
    const seen = [at.lastFailureAt, at.lastStoppedAt].filter((time) => time !== undefined).sort()
    const held: Cell =
      heldUntil === undefined
        ? '-'
        : { text: localTime(heldUntil), paint: (text) => terminal.paint('warn', text) }
    return [
      ...start,
      mac === undefined ? device : formatMac(mac),
      client,
      String(failures),
      String(stopped),
      localTime(seen.at(-1)),
      held,
    ]
  })
}
