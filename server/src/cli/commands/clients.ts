import { VENDORS } from '../../config/sections/vendors.ts'
import type { Client, MadeSecret, ResolvedAddress, UnknownClient } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { about, alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import { messageAuthenticatorBoard } from '../client-board.ts'
import { rotate, rotationProgress, secretText } from '../client-rotation.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const clients: Command = {
  name: 'clients',
  summary: 'Show and adopt RADIUS clients; change secrets with proof',
  usage: '[ACTION] [NAME | ADDRESS]',
  positionals: ['action?', 'address?'],
  flags: {
    name: { value: 'NAME', description: 'with adopt: what to call it' },
    vendor: { value: 'VENDOR', description: 'with adopt: cisco, aruba, juniper ... (default other)' },
    secret: {
      value: 'TEXT',
      description: 'with adopt and rotate: this secret instead of a made one',
      env: 'SALLYPORT_CLIENT_SECRET',
    },
    finish: { description: 'with rotate: drop the old secret, once it is proved that nobody uses it' },
    cancel: { description: 'with rotate: take the new secret back' },
    enforce: { value: 'A,B', description: 'with blastradius: demand Message-Authenticator of these' },
    ready: { description: 'with blastradius: demand it of every client that is ready' },
    force: { description: 'with rotate, --finish and --enforce: without the proof' },
    days: {
      value: 'N',
      description: 'with rotation, --finish and blastradius: days to look back (default 7)',
    },
    requests: { value: 'N', description: 'with blastradius: requests that make ready (default 100)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'RADIUS clients are the VPN gateways, access points and switches that may ask; apply changes them. Actions:',
    'list; verify ADDRESS; unknown: who else asks; adopt ADDRESS: make it a client; rotate NAME: a second secret;',
    'rotation: who still uses the old one; rotate NAME --finish; blastradius: who sends Message-Authenticator.',
  ].join('\n'),
  examples: [
    'sallyport clients',
    'sallyport clients adopt 192.0.2.7 --name switch-7 --vendor cisco',
    'sallyport clients rotate vpn-1',
    'sallyport clients blastradius --ready',
  ],
  run: byAction('clients', {
    list: alone(list),
    unknown: alone(unknown),
    verify: about('ADDRESS', verify),
    adopt: about('ADDRESS', adopt),
    rotate: about('NAME', (input, terminal, name) =>
      printed(input, terminal, (api) => rotate(name, input, api)),
    ),
    rotation: alone((input, terminal) =>
      printed(input, terminal, (api) => rotationProgress(input, terminal, api)),
    ),
    blastradius: alone((input, terminal) =>
      printed(input, terminal, (api) => messageAuthenticatorBoard(input, terminal, api)),
    ),
  }),
}

async function printed(
  input: Input,
  terminal: Terminal,
  perform: (api: ApiClient) => Promise<string>,
): Promise<ExitCode> {
  terminal.print(await withApi(input, perform))
  return EXIT.ok
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
    const rows = items.map(({ address, packets, kinds, nasIdentifier = '-', firstSeenAt, lastSeenAt }) => [
      ...[address, String(packets), String(kinds.access), String(kinds.accounting), String(kinds.other)],
      ...[nasIdentifier, localTime(firstSeenAt), localTime(lastSeenAt)],
    ])
    const headings = [
      'address',
      'packets',
      'access',
      'accounting',
      'other',
      'calls itself',
      'first seen',
      'last seen',
    ]
    terminal.print(table(headings, rows))
    terminal.print('They get no answer. If one is yours: npx sallyport clients adopt ADDRESS --name NAME')
  }
  return EXIT.ok
}

async function adopt(input: Input, terminal: Terminal, address: string): Promise<ExitCode> {
  const name = input.required('name', 'What is it called?')
  const vendor = input.text('vendor')
  if (vendor !== undefined && !(VENDORS as readonly string[]).includes(vendor)) {
    throw usageError(`There is no vendor "${vendor}". Known: ${VENDORS.join(', ')}.`)
  }
  const secret = input.text('secret')
  const made = await withApi(input, (api) =>
    api.send<MadeSecret>('POST', '/clients/adopt', {
      ...{ address, name },
      ...(vendor === undefined ? {} : { vendor }),
      ...(secret === undefined ? {} : { secret }),
    }),
  )
  if (input.has('json')) terminal.print(JSON.stringify(made, null, 2))
  else {
    terminal.print(`${name} (${address}) is a RADIUS client now (version ${made.version}).`)
    terminal.print(secretText(made, 'Its secret, shown this once:'))
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
