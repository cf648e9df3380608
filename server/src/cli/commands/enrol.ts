import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nameText } from '@sallyport/pki'
import { CliError, EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CertificateFolder } from '../enrol/certificate-folder.ts'
import { type EnrolmentParts, enrolFirst, renewalDue, renewCertificate } from '../enrol/enrolment.ts'
import { type EnrolmentSettings, readSettings } from '../enrol/enrolment-settings.ts'
import { EstClient } from '../enrol/est-client.ts'
import { firstTrust } from '../enrol/first-trust.ts'
import { runHook } from '../enrol/hook.ts'
import { type KeyKind, readKeyKind } from '../enrol/key-kind.ts'
import type { EnrolmentProtocolClient, FirstProof } from '../enrol/protocol.ts'
import { ScepClient } from '../enrol/scep-client.ts'
import { timerUnits } from '../enrol/timer-units.ts'
import { certificatesIn } from '../enrol/trust-anchors.ts'
import type { Input } from '../input.ts'
import { localTime } from '../table.ts'
import { messageOf, type Terminal } from '../terminal.ts'

const DEFAULT_FOLDER = 'enrolled'
const DAY = 86_400_000

export const enrol: Command = {
  name: 'enrol',
  summary: 'Get a certificate for this host by EST or SCEP, and keep it renewed',
  usage: '[ACTION] --url URL [FLAGS]',
  positionals: ['action?'],
  flags: {
    url: {
      value: 'URL',
      description: 'EST: https://pki.example.org:8444; SCEP: the whole address',
      env: 'SALLYPORT_ENROL_URL',
    },
    protocol: { value: 'NAME', description: 'est (default) or scep' },
    template: { value: 'NAME', description: 'certificate template (label of EST)' },
    out: { value: 'DIR', description: `where key and certificates are kept (default ./${DEFAULT_FOLDER})` },
    user: { value: 'NAME', description: 'whose certificate it is; the password is asked for' },
    'password-file': { value: 'FILE', description: 'the password, in its first line; - is standard input' },
    challenge: {
      value: 'SECRET',
      description: 'one-time secret instead of a password',
      env: 'SALLYPORT_ENROL_CHALLENGE',
    },
    ca: { value: 'FILE', description: 'trust this CA (PEM)' },
    fingerprint: { value: 'SHA256', description: 'trust the CA the server shows with this fingerprint' },
    key: { value: 'KIND', description: 'p256, p384, rsa2048 or rsa3072 (default: what the server wants)' },
    cn: { value: 'NAME', description: 'common name of the request (default: user or host name)' },
    dns: { value: 'NAME', description: 'DNS name of the request', repeatable: true },
    'renew-before': {
      value: 'DAYS',
      description: 'renew so long before the end (default: a third of the validity)',
    },
    hook: { value: 'COMMAND', description: 'run by the shell after each new certificate' },
    force: { description: 'enrol anew although there is a certificate or a request; renew before it is due' },
    wait: { value: 'SECONDS', description: 'wait so long for an approval (default 0)' },
    retries: { value: 'N', description: 'further tries where the server cannot be reached (default 3)' },
    'unit-dir': {
      value: 'DIR',
      description: 'with install-timer: where the units go (default /etc/systemd/system)',
    },
    print: { description: 'with install-timer: print instead of write' },
    json: { description: 'with status: print JSON' },
  },
  details: [
    'Actions: none (enrol), renew, status, install-timer.',
    'Needs nothing of a Sallyport server but its address, and works with others.',
    'The password can also stand in SALLYPORT_ENROL_PASSWORD. It is not kept: the certificate renews itself.',
    'DIR/live has key.pem, cert.pem and chain.pem, changed together; DIR/ca.pem the CAs.',
    'Exit codes: 0 done or not due, 1 refused or failed, 2 called in a wrong way, 3 waits for an approval.',
  ].join('\n'),
  examples: [
    'sallyport enrol --url https://pki.example.org:8444 --fingerprint 9F:86:... --user alice --out DIR',
    'sallyport enrol renew --out DIR',
    'sallyport enrol install-timer --out DIR --print',
  ],
  async run(input, terminal) {
    const [action = 'first'] = input.positionals
    const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
    if (perform === undefined) throw usageError(`enrol cannot "${action}". See: npx sallyport enrol --help`)
    const folder = new CertificateFolder(resolve(input.text('out') ?? DEFAULT_FOLDER))
    return await perform(input, terminal, folder)
  },
}

type Action = (input: Input, terminal: Terminal, folder: CertificateFolder) => Promise<ExitCode>

const ACTIONS: Readonly<Record<string, Action>> = {
  first: async (input, terminal, folder) => {
    const url = urlOf(input.required('url', 'Where is the server? --url https://pki.example.org:8444'))
    const protocol = protocolOf(input)
    if (folder.credentials() !== undefined && !input.has('force')) {
      throw new CliError(`${folder.path} holds a certificate already: sallyport enrol renew, or --force.`)
    }
    const proof = await proofOf(input, terminal)
    const template = input.text('template')
    const clientWith = (ca: string | undefined, isUnverified?: true): EnrolmentProtocolClient =>
      protocol === 'est'
        ? new EstClient({ url, template, ca, ...(isUnverified && { isUnverified }) })
        : new ScepClient({ url, ca, now: Date.now })
    const file = input.text('ca')
    const ca = await firstTrust(folder, {
      ca: file === undefined ? undefined : terminal.readFile(file),
      fingerprint: input.text('fingerprint'),
      isEncrypted: url.protocol === 'https:',
      unverified: () => clientWith(undefined, true),
      bySystem: () => clientWith(undefined),
    })
    const client = clientWith(ca)
    const user = proof.kind === 'password' ? proof.user : undefined
    const renewBeforeDays = input.number('renew-before', 1, 3650)
    const hook = input.text('hook')
    const settings: EnrolmentSettings = {
      ...{ url: url.href, protocol, commonName: input.text('cn') ?? user ?? hostname() },
      ...(template !== undefined && { template }),
      key: await keyKindOf(input, client),
      dnsNames: input.all('dns'),
      ...(renewBeforeDays !== undefined && { renewBeforeDays }),
      ...(hook !== undefined && { hook }),
    }
    await enrolFirst(partsOf(input, terminal, folder, settings, client), proof, input.has('force'))
    if (hook !== undefined) runHook(hook, folder)
    return EXIT.ok
  },
  renew: async (input, terminal, folder) => {
    const { settings, credentials, certificate } = enrolled(folder)
    const due = renewalDue(certificate, settings)
    if (Date.now() < due && !input.has('force')) {
      terminal.print(`Not due before ${localTime(new Date(due).toISOString())}.`)
      return EXIT.ok
    }
    if (Date.now() > certificate.notAfter) {
      throw new CliError('The certificate has expired and cannot renew itself: enrol again with --force.')
    }
    const [url, ca] = [urlOf(settings.url), folder.authorities()]
    const client =
      settings.protocol === 'est'
        ? new EstClient({ url, template: settings.template, ca })
        : new ScepClient({ url, ca, now: Date.now })
    // Some SCEP servers want one even beside the certificate. In EST it would mean something else.
    const challenge = settings.protocol === 'scep' ? input.text('challenge') : undefined
    await renewCertificate(partsOf(input, terminal, folder, settings, client), credentials, challenge)
    if (settings.hook !== undefined) runHook(settings.hook, folder)
    return EXIT.ok
  },
  status: async (input, terminal, folder) => {
    const { settings, certificate } = enrolled(folder)
    const now = Date.now()
    const due = renewalDue(certificate, settings)
    const state = now > certificate.notAfter ? 'expired' : now >= due ? 'due' : 'valid'
    const times = {
      notAfter: new Date(certificate.notAfter).toISOString(),
      renewFrom: new Date(due).toISOString(),
    }
    const isPending = folder.pending() !== undefined
    const { fingerprint } = certificate
    const subject = nameText(certificate.subject)
    if (input.has('json')) {
      const file = folder.certificateFile
      terminal.print(
        JSON.stringify({ state, isPending, subject, fingerprint, ...times, file, ...settings }, null, 2),
      )
    } else {
      const left = Math.floor((certificate.notAfter - now) / DAY)
      const lines = [
        `${subject}: ${state}, ${left} days left, until ${localTime(times.notAfter)}`,
        `Renewed from ${localTime(times.renewFrom)} on, by ${settings.protocol.toUpperCase()} at ${settings.url}`,
        ...(isPending ? ['A request waits for an approval.'] : []),
        folder.certificateFile,
      ]
      terminal.print(lines.join('\n'))
    }
    return state === 'expired' ? EXIT.failed : EXIT.ok
  },
  'install-timer': async (input, terminal, folder) => {
    enrolled(folder)
    const [node = process.execPath, script = ''] = process.argv
    const command = [node, resolve(script), 'enrol', 'renew', '--out', folder.path]
    const units = timerUnits(folder.path, command, Math.floor(Math.random() * 720))
    if (input.has('print')) {
      terminal.print(`# ${units.name}.service\n${units.service}\n# ${units.name}.timer\n${units.timer}`)
      terminal.print(`# Without systemd, /etc/cron.d/${units.name}\n${units.cron.trimEnd()}`)
      return EXIT.ok
    }
    const directory = input.text('unit-dir')
    try {
      if (directory === undefined && !existsSync('/run/systemd/system')) {
        writeFileSync(`/etc/cron.d/${units.name}`, units.cron, { mode: 0o644 })
        terminal.print(`/etc/cron.d/${units.name} renews it.`)
        return EXIT.ok
      }
      const where = directory ?? '/etc/systemd/system'
      mkdirSync(where, { recursive: true })
      writeFileSync(join(where, `${units.name}.service`), units.service, { mode: 0o644 })
      writeFileSync(join(where, `${units.name}.timer`), units.timer, { mode: 0o644 })
    } catch (error) {
      throw new CliError(`The timer cannot be written: ${messageOf(error)}`)
    }
    terminal.print(`Now run: systemctl daemon-reload && systemctl enable --now ${units.name}.timer`)
    return EXIT.ok
  },
}

function enrolled(folder: CertificateFolder) {
  const credentials = folder.credentials()
  const text = folder.settings()
  const [certificate] = certificatesIn(credentials?.certificate ?? '')
  if (credentials === undefined || text === undefined || certificate === undefined) {
    const next =
      folder.pending() === undefined
        ? 'See: npx sallyport enrol --help'
        : 'A request waits for an approval: run the command that made it again.'
    throw new CliError(`There is no certificate in ${folder.path} yet. ${next}`)
  }
  return { credentials, certificate, settings: readSettings(text) }
}

function partsOf(
  input: Input,
  terminal: Terminal,
  folder: CertificateFolder,
  settings: EnrolmentSettings,
  client: EnrolmentProtocolClient,
): EnrolmentParts {
  return {
    ...{ folder, settings, client, now: Date.now, random: Math.random },
    sleep: async (milliseconds) => {
      await sleep(milliseconds)
    },
    retries: input.number('retries', 0, 100) ?? 3,
    waitSeconds: input.number('wait', 0, 86_400 * 30) ?? 0,
    say: (text) => terminal.print(text),
  }
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw usageError(`--url takes https://..., or http://... with SCEP, not "${text}".`)
  return url
}

function protocolOf(input: Input): 'est' | 'scep' {
  const protocol = input.text('protocol') ?? 'est'
  if (protocol !== 'est' && protocol !== 'scep')
    throw usageError(`--protocol takes est or scep, not "${protocol}".`)
  return protocol
}

/** SCEP encrypts its answers for the key of the certificate, so it takes RSA alone. */
async function keyKindOf(input: Input, client: EnrolmentProtocolClient): Promise<KeyKind> {
  const text = input.text('key')
  const isEst = client instanceof EstClient
  if (text !== undefined) {
    const kind = readKeyKind(text)
    if (!isEst && !kind.startsWith('rsa')) throw usageError('SCEP takes RSA keys alone: --key rsa2048')
    return kind
  }
  if (!isEst) return 'rsa2048'
  switch (await client.wantedKey()) {
    case 'rsa':
      return 'rsa2048'
    case 'p384':
      return 'p384'
    default:
      return 'p256'
  }
}

async function proofOf(input: Input, terminal: Terminal): Promise<FirstProof> {
  const challenge = input.text('challenge')
  const user = input.text('user')
  if (challenge !== undefined) {
    if (user !== undefined) throw usageError('Either --user or --challenge.')
    return { kind: 'challenge', challenge }
  }
  if (user === undefined) throw usageError('Who asks? --user NAME, or --challenge SECRET.')
  const file = input.text('password-file')
  const password =
    file === undefined
      ? (terminal.env.SALLYPORT_ENROL_PASSWORD ?? (await terminal.askSecret(`Password of ${user}`)))
      : (terminal.readFile(file).split(/\r?\n/)[0] ?? '')
  if (password === '') throw usageError('The password is empty.')
  return { kind: 'password', user, password }
}
