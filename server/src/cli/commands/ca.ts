import { readFileSync, writeFileSync } from 'node:fs'
import type { Authority, AuthorityList, AuthorityRequest } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { about, byAction } from '../by-action.ts'
import { CliError, EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import { messageOf, type Terminal } from '../terminal.ts'

type Work = (api: ApiClient, input: Input, terminal: Terminal, argument: string) => Promise<unknown>

const KEYS = ['p256', 'rsa3072'] as const

const WORKS = {
  show: async (api, input, terminal) => {
    const list = await api.get<AuthorityList>('/ca/authorities')
    if (!input.has('json')) terminal.print(listText(list))
    return list
  },
  rollover: async (api, input, terminal) => {
    const body = { ...(await keyWish(input, terminal)), sameRoot: input.has('same-root') }
    return prepared(await api.send<Authority>('POST', '/ca/rollover', body), input, terminal)
  },
  request: async (api, input, terminal) => {
    const name = input.text('name')
    const body = { ...(await keyWish(input, terminal)), ...(name !== undefined && { commonName: name }) }
    const made = await api.send<AuthorityRequest>('POST', '/ca/request', body)
    if (!input.has('json')) {
      output(made.request, input, terminal)
      terminal.complain(
        'Have it signed as a CA (CA:TRUE, keyCertSign, cRLSign), then: npx sallyport ca install FILE',
      )
    }
    return made
  },
  install: async (api, input, terminal, file) =>
    prepared(
      await api.send<Authority>('POST', '/ca/install', { certificates: terminal.readFile(file) }),
      input,
      terminal,
    ),
  import: async (api, input, terminal, file) =>
    prepared(
      await api.send<Authority>('POST', '/ca/import', await imported(file, input, terminal)),
      input,
      terminal,
    ),
  confirm: async (api, input, terminal, name) => {
    const answer = await api.send<{ confirmed: number }>('POST', '/ca/confirm', { holders: [name] })
    if (answer.confirmed === 0) throw new CliError(`Nobody called ${name} holds a valid certificate.`)
    if (!input.has('json')) terminal.print(`${name} has the new root.`)
    return answer
  },
  switch: async (api, input, terminal) => {
    const list = await api.send<AuthorityList>('POST', '/ca/switch', { force: input.has('force') })
    if (!input.has('json'))
      terminal.print(`Switched. Our servers show certificates of the new CA.\n\n${listText(list)}`)
    return list
  },
  discard: async (api, input, terminal, keyId) => {
    await api.send('POST', '/ca/discard', { keyId })
    if (!input.has('json')) terminal.print(`${keyId} is forgotten.`)
    return {}
  },
  export: async (api, input, terminal) => {
    const list = await api.get<AuthorityList>('/ca/authorities')
    if (!input.has('json')) output(list.anchors, input, terminal)
    return { anchors: list.anchors }
  },
} satisfies Record<string, Work>

export const ca: Command = {
  name: 'ca',
  summary: 'Show the own CA, replace it, put it below another CA, or import one',
  usage: '[show|rollover|request|install|import|confirm|switch|discard|export] [FILE|NAME|KEYID]',
  positionals: ['action?', 'argument?'],
  flags: {
    key: { value: 'ALGORITHM', description: 'with rollover, request: p256 (default) or rsa3072' },
    'same-root': { description: 'with rollover: only a new issuing CA, no client has to be told' },
    'in-token': {
      value: 'LABEL',
      description: 'with rollover, request: make the key in this PKCS #11 token',
    },
    'pin-file': {
      value: 'FILE',
      description: 'with --in-token: holds its PIN (- is the input); without, asks',
    },
    name: { value: 'NAME', description: 'with request: common name of the issuing CA' },
    'key-file': { value: 'FILE', description: 'with import of PEM: the private key' },
    'password-file': {
      value: 'FILE',
      description: 'with import: holds the password of the key or the PKCS #12 file',
    },
    out: { value: 'FILE', description: 'with request, export: write here instead of to the output' },
    force: { description: 'with switch: also while somebody was not handed the new root' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'rollover, install and import prepare a CA: clients are told its root, nothing is issued by it yet.',
    'show counts who was handed the new root; confirm says it of those who got it by other means.',
    'switch makes it the CA that issues. Servers get new certificates; the former CA stays trusted to its end.',
    'import takes PKCS #12 with every CA up to the root, or PEM with --key-file.',
    'discard forgets what is prepared, or a request that waits, with its key.',
    'export prints what clients are to trust.',
  ].join('\n'),
  examples: [
    'sallyport ca',
    'sallyport ca rollover --key rsa3072',
    'sallyport ca request --name "Example Issuing CA" --out issuing.csr',
    'sallyport ca install signed-with-chain.pem',
    'sallyport ca import issuing.p12 --password-file password.txt',
    'sallyport ca switch',
  ],
  run: byAction('ca', {
    show: withCa('', WORKS.show),
    rollover: withCa('', WORKS.rollover),
    request: withCa('', WORKS.request),
    install: withCa('FILE', WORKS.install),
    import: withCa('FILE', WORKS.import),
    confirm: withCa('NAME', WORKS.confirm),
    switch: withCa('', WORKS.switch),
    discard: withCa('KEYID', WORKS.discard),
    export: withCa('', WORKS.export),
  }),
}

/** Prints what came of it as JSON where that is wanted; in words it prints itself. */
function withCa(wanted: string, work: Work) {
  return about(wanted, async (input, terminal, argument = '') => {
    const answer = await withApi(input, (api) => work(api, input, terminal, argument))
    if (input.has('json')) terminal.print(JSON.stringify(answer, null, 2))
    return EXIT.ok
  })
}

async function keyWish(input: Input, terminal: Terminal) {
  const key = input.text('key') ?? 'p256'
  if (!KEYS.some((known) => known === key)) {
    throw usageError(`--key takes one of ${KEYS.join(', ')}, not "${key}".`)
  }
  const label = input.text('in-token')
  if (label === undefined) return { key }
  const file = input.text('pin-file')
  const pin = file === undefined ? await terminal.askSecret('PIN') : firstLine(terminal.readFile(file))
  return { key, token: { label, pin } }
}

async function imported(file: string, input: Input, terminal: Terminal): Promise<object> {
  const octets = binaryFile(file)
  const passwordFile = input.text('password-file')
  const given = passwordFile === undefined ? undefined : firstLine(terminal.readFile(passwordFile))
  const keyFile = input.text('key-file')
  const isPem = octets.includes('-----BEGIN ')
  if (!isPem) {
    return { pkcs12: octets.toString('base64'), password: given ?? (await terminal.askSecret('Password')) }
  }
  const certificates = octets.toString('utf8')
  const key = keyFile === undefined ? certificates : terminal.readFile(keyFile)
  if (!key.includes('PRIVATE KEY-----'))
    throw usageError('The private key is missing. Give it with --key-file.')
  return { certificates, key, ...(given !== undefined && { password: given }) }
}

function binaryFile(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CliError(`Cannot read ${file}: ${messageOf(error)}`)
  }
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? ''
}

function output(text: string, input: Input, terminal: Terminal): void {
  const file = input.text('out')
  if (file === undefined) terminal.print(text.trimEnd())
  else {
    writeFileSync(file, text)
    terminal.print(`Wrote ${file}.`)
  }
}

function prepared(authority: Authority, input: Input, terminal: Terminal): Authority {
  if (!input.has('json')) {
    terminal.print(
      [
        `Prepared ${oneLine(authority.subject)} (${authority.key}, until ${localTime(authority.notAfter)}).`,
        'Its root goes to clients from now on. See who has it: npx sallyport ca. Then: npx sallyport ca switch',
      ].join('\n'),
    )
  }
  return authority
}

function listText({ items, requests, next }: AuthorityList): string {
  const rows = items.map((item): Cell[] => [
    item.role,
    item.state,
    oneLine(item.subject),
    item.token === undefined ? item.key : `${item.key} in token ${oneLine(item.token)}`,
    item.origin,
    localTime(item.notAfter),
    item.keyId,
  ])
  const waiting = requests.map(
    ({ keyId, createdAt }) => `Request ${keyId} of ${localTime(createdAt)} waits for its certificate.`,
  )
  const parts = [
    table(['role', 'state', 'ca', 'key', 'origin', 'valid until', 'key id'], rows),
    ...(waiting.length > 0 ? ['', ...waiting] : []),
    ...(next === undefined ? [] : ['', nextText(next)]),
  ]
  return parts.join('\n')
}

function nextText(next: NonNullable<AuthorityList['next']>): string {
  if (!next.anchorIsNew) return 'Clients know the root of what is prepared: switch when you like.'
  const { holders, withAnchor, missing } = next
  const line = `${withAnchor} of ${holders} holders of certificates were handed the new root.`
  if (missing.length === 0) return line
  const more = holders - withAnchor - missing.length
  return `${line}\nNot yet: ${missing.map(oneLine).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
