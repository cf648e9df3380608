import type { Client, ResolvedAddress, UnknownClient } from '../../listeners/https/services.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const clients: Command = {
  name: 'clients',
  summary: 'Show the RADIUS clients, and who else asks',
  usage: '[list | unknown | verify ADDRESS]',
  positionals: ['action?', 'address?'],
  flags: CONNECTION_FLAGS,
  details:
    'RADIUS clients are the VPN gateways, access points and switches that may ask. Change them with apply.',
  examples: ['sallyport clients', 'sallyport clients unknown', 'sallyport clients verify vpn.example.org'],
  async run(input, terminal) {
    const [action = 'list', address] = input.positionals
    switch (action) {
      case 'list':
        return await list(input, terminal)
      case 'unknown':
        return await unknown(input, terminal)
      case 'verify':
        if (address === undefined) throw usageError('Which one? npx sallyport clients verify ADDRESS')
        return await verify(input, terminal, address)
      default:
        throw usageError(`clients cannot "${action}". See: npx sallyport clients --help`)
    }
  },
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: Client[] }>('/clients'))
  const rows = items.map((client): Cell[] => [
    client.name,
    client.address,
    stateCell(client, terminal),
    localTime(client.lastSeenAt),
    String(client.counters.accepts),
    String(client.counters.rejects),
    String(client.counters.dropped),
    dropText(client),
  ])
  const headings = ['client', 'address', 'state', 'last seen', 'accepts', 'rejects', 'dropped', 'last drop']
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else {
    terminal.print(table(headings, rows))
    terminal.print("Counted since the server's start. A dropped packet got no answer.")
  }
  return EXIT.ok
}

function dropText({ lastDrop }: Client): string {
  return lastDrop === undefined ? '-' : `${localTime(lastDrop.at)} ${lastDrop.code}`
}

function stateCell(client: Client, terminal: Terminal): Cell {
  if (!client.enabled) return { text: 'disabled', paint: (text) => terminal.paint('faint', text) }
  if (client.networks.length === 0) {
    return { text: 'name does not resolve', paint: (text) => terminal.paint('bad', text) }
  }
  if (!client.requireMessageAuthenticator) {
    return { text: 'legacy, open to forgery', paint: (text) => terminal.paint('warn', text) }
  }
  return client.changingSecret ? 'two secrets' : 'ok'
}

async function unknown(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: UnknownClient[] }>('/clients/unknown'))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print('Nobody else has asked.')
  else {
    const rows = items.map((item) => [item.address, String(item.packets), localTime(item.lastSeenAt)])
    terminal.print(table(['address', 'packets', 'last seen'], rows))
    terminal.print('They get no answer. If one is yours, add it under clients: and apply.')
  }
  return EXIT.ok
}

async function verify(input: Input, terminal: Terminal, address: string): Promise<ExitCode> {
  const resolved = await withApi(input, (api) =>
    api.send<ResolvedAddress>('POST', '/clients/verify', { address }),
  )
  if (input.has('json')) terminal.print(JSON.stringify(resolved, null, 2))
  else if (resolved.networks.length > 0) terminal.print(`${address} is ${resolved.networks.join(', ')}`)
  else terminal.print(`${address} does not resolve: ${resolved.problem ?? 'no answer'}`)
  return resolved.networks.length > 0 ? EXIT.ok : EXIT.failed
}
