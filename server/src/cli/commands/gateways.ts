import type { Gateway, GatewayCheckLine, ProfileFile } from '../../listeners/https/services.ts'
import { about, alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { writeProfileFiles } from '../profile-files.ts'
import { oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { unknown } from '../unknown.ts'

export const gateways: Command = {
  name: 'gateways',
  summary: 'Make the settings of gateways, switches and access points, and check what was seen of them',
  usage: '[list | show NAME | make NAME | check NAME]',
  positionals: ['action?', 'name?'],
  flags: {
    out: { value: 'DIR', description: 'with make: where the files go (default: here)' },
    force: { description: 'with make: write over files that are there' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'Gateways are configuration (gateways). make writes the settings of one with its RADIUS secrets, the rules of',
    'packet filters, and a READ-ME: what goes where, and how to see that it works. check says what this server',
    'saw of it: logins, secrets, Message-Authenticator, accounting, CoA; it ends with 1 where something is wrong.',
  ].join('\n'),
  examples: [
    'sallyport gateways',
    'sallyport gateways check vpn-1',
    'sallyport gateways make vpn-1 --out vpn-1',
  ],
  run: byAction('gateways', {
    list: alone(list),
    show: about('NAME', show),
    make: about('NAME', make),
    check: about('NAME', check),
  }),
}

const fetch = (input: Input) => withApi(input, (api) => api.get<{ items: readonly Gateway[] }>('/gateways'))

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await fetch(input)
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print('There are no gateways. Describe one in section gateways.')
  else {
    const rows = items.map((one) => [
      oneLine(one.name),
      one.kind,
      oneLine(one.client),
      one.connections.map(oneLine).join(', '),
      one.possible ? 'yes' : 'no',
    ])
    terminal.print(table(['name', 'kind', 'client', 'connections', 'possible'], rows))
  }
  return EXIT.ok
}

async function show(input: Input, terminal: Terminal, name: string): Promise<ExitCode> {
  const { items } = await fetch(input)
  const gateway = items.find((one) => one.name === name)
  if (gateway === undefined) throw unknown('gateway', name, items)
  if (input.has('json')) {
    terminal.print(JSON.stringify(gateway, null, 2))
    return EXIT.ok
  }
  terminal.print(`${oneLine(gateway.name)}: ${gateway.title}, asks as client ${oneLine(gateway.client)}`)
  for (const { severity, message } of gateway.findings) terminal.print(`${severity}: ${oneLine(message)}`)
  if (gateway.findings.length === 0) terminal.print('Nothing stands against it.')
  return EXIT.ok
}

async function make(input: Input, terminal: Terminal, name: string): Promise<ExitCode> {
  const { files } = await withApi(input, (api) =>
    api.send<{ files: readonly ProfileFile[] }>('POST', `/gateways/${encodeURIComponent(name)}/files`, {}),
  )
  writeProfileFiles(files, { folder: input.text('out') ?? '.', force: input.has('force') }, terminal)
  return EXIT.ok
}

async function check(input: Input, terminal: Terminal, name: string): Promise<ExitCode> {
  const { items } = await withApi(input, (api) =>
    api.get<{ items: readonly GatewayCheckLine[] }>(`/gateways/${encodeURIComponent(name)}/check`),
  )
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else {
    for (const { item, state, text, nextStep } of items) {
      terminal.print(`${state.padEnd(STATE_WIDTH)}${item.padEnd(ITEM_WIDTH)}${oneLine(text)}`)
      if (nextStep !== undefined) terminal.print(`${' '.repeat(STATE_WIDTH)}-> ${oneLine(nextStep)}`)
    }
  }
  return items.some(({ state }) => state === 'problem') ? EXIT.failed : EXIT.ok
}

const STATE_WIDTH = 9
const ITEM_WIDTH = 23
