import type { Connection, MadeFiles } from '../../listeners/https/services.ts'
import { about, alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { lintConnections } from '../connection-lint.ts'
import type { Input } from '../input.ts'
import { writeProfileFiles } from '../profile-files.ts'
import { localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { unknown } from '../unknown.ts'

export const connections: Command = {
  name: 'connections',
  summary: 'Show VPN, Wi-Fi and wired connections, and make the files people get',
  usage: '[list | show NAME | make NAME OUTPUT | lint NAME|FILE]',
  positionals: ['action?', 'name?', 'output?'],
  flags: {
    user: { value: 'NAME', description: 'with make: for whom; left out: for everybody' },
    certificate: {
      value: 'FORM',
      description: 'with make: by pkcs12, scep, est, acme, installed or none (default: the best)',
    },
    device: { value: 'ID', description: 'with make, certificate acme: serial number or UDID of the device' },
    unsigned: { description: 'with make: a profile of Apple as plain XML, not signed' },
    language: { value: 'en|ru|de|es', description: 'with make: of guides and pages' },
    out: { value: 'DIR', description: 'with make: where the files go (default: here)' },
    force: { description: 'with make: write over files that are there' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'Connections are configuration (connections). show lists the forms one is handed out in and what stands against',
    'each (needs a person: made with --user alone); make writes the files of one form. Where the connection logs',
    'people in by certificate, the file for --user brings one along: issued now (pkcs12), or asked for by the',
    'device with a one-time challenge in the file (scep, est). A file that exists already is not written over.',
    'lint looks for known traps in every form of a connection, or in any profile file; exit code 1: errors.',
  ].join('\n'),
  examples: [
    'sallyport connections',
    'sallyport connections show "Example VPN"',
    'sallyport connections make "Example VPN" windows-script --user alice',
    'sallyport connections lint old-profile.xml',
  ],
  run: byAction('connections', {
    list: alone(list),
    show: about('NAME', show),
    make: about('NAME OUTPUT', make),
    lint: about('NAME|FILE', lintConnections),
  }),
}

const fetch = (input: Input) =>
  withApi(input, (api) => api.get<{ items: readonly Connection[] }>('/connections'))

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await fetch(input)
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0)
    terminal.print('There are no connections. Describe one in section connections.')
  else {
    const rows = items.map((one) => [
      oneLine(one.name),
      one.kind,
      one.authentication,
      one.enabled ? 'yes' : 'no',
      `${String(one.outputs.filter(({ possible }) => possible !== 'no').length)} of ${String(one.outputs.length)}`,
    ])
    terminal.print(table(['name', 'kind', 'authentication', 'enabled', 'forms'], rows))
  }
  return EXIT.ok
}

async function show(input: Input, terminal: Terminal, name: string): Promise<ExitCode> {
  const { items } = await fetch(input)
  const connection = items.find((one) => one.name === name)
  if (connection === undefined) throw unknown('connection', name, items)
  if (input.has('json')) {
    terminal.print(JSON.stringify(connection, null, 2))
    return EXIT.ok
  }
  const rows = connection.outputs.map((output) => [
    output.id,
    output.system,
    output.possible === 'needs-person' ? 'needs a person' : output.possible,
    oneLine(output.title),
  ])
  terminal.print(table(['output', 'system', 'possible', 'what it is'], rows))
  for (const line of findingLines(connection.outputs)) terminal.print(line)
  return EXIT.ok
}

/** What stands against the outputs: a sentence that is true of several is said once. */
function findingLines(outputs: Connection['outputs']): readonly string[] {
  const outputsOf = new Map<string, string[]>()
  for (const { id, findings } of outputs) {
    for (const { severity, message } of findings) {
      const line = `${severity}: ${oneLine(message)}`
      outputsOf.set(line, [...(outputsOf.get(line) ?? []), id])
    }
  }
  return [...outputsOf].map(([line, ids]) => `${ids.join(', ')}: ${line}`)
}

async function make(input: Input, terminal: Terminal, name: string, output: string): Promise<ExitCode> {
  const wish: Record<string, string | boolean> = { output }
  if (input.has('unsigned')) wish.unsigned = true
  for (const flag of ['user', 'language', 'certificate', 'device']) {
    const value = input.text(flag)
    if (value !== undefined) wish[flag] = value
  }
  const { files, findings, certificate } = await withApi(input, (api) =>
    api.send<MadeFiles>('POST', `/connections/${encodeURIComponent(name)}/files`, wish),
  )
  writeProfileFiles(files, { folder: input.text('out') ?? '.', force: input.has('force') }, terminal)
  if (certificate !== undefined) printCertificate(certificate, terminal)
  for (const { message } of findings) terminal.print(`Note: ${oneLine(message)}`)
  return EXIT.ok
}

function printCertificate(certificate: NonNullable<MadeFiles['certificate']>, terminal: Terminal): void {
  const { form, template = '', serial, notAfter, password, challengeExpiresAt, passedOver } = certificate
  if (serial !== undefined) {
    const end = localTime(notAfter)
    terminal.print(`Issued certificate ${serial} by template ${oneLine(template)}, valid until ${end}.`)
  }
  if (password !== undefined) terminal.print(`Password of the certificate: ${password} (not shown again)`)
  if (challengeExpiresAt !== undefined) {
    const until = localTime(challengeExpiresAt)
    terminal.print(
      `The device asks for its certificate by ${form.toUpperCase()}: install the file before ${until}.`,
    )
  }
  if (form === 'installed') terminal.print('The certificate must be on the device already.')
  for (const why of passedOver) terminal.print(`Not ${oneLine(why)}.`)
}
