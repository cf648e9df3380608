import type {
  Certificate,
  CertificateAuthority,
  ChangedCertificate,
  IssuedCertificate,
  Page,
  ServerCertificate,
} from '../../listeners/https/services.ts'
import { about, alone, byAction } from '../by-action.ts'
import { type CertificateFiles, prepareFiles, writeFiles } from '../certificate-files.ts'
import { makePkcs12 } from '../certificate-pkcs12.ts'
import { decideRequest, sendRequest, showRequests } from '../certificate-requests.ts'
import { CliError, EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import { messageOf, type Terminal } from '../terminal.ts'

export const certificates: Command = {
  name: 'certificates',
  summary: 'List, issue and revoke certificates of the own CA; show what is served',
  usage: '[ACTION] [SEARCH | ID | SERIAL]',
  positionals: ['action?', 'subject?'],
  flags: {
    user: { value: 'NAME', short: 'u', description: 'with issue, pkcs12, request: whom it is for' },
    template: {
      value: 'NAME',
      short: 't',
      description: 'with them: the template (default: the one that fits); with list: of this one',
    },
    days: { value: 'N', description: 'with them: less than the template allows' },
    request: { value: 'FILE', description: 'with issue: PKCS #10, PEM; without, the key is made too' },
    csr: { value: 'FILE', description: 'with request: PKCS #10, PEM' },
    out: {
      value: 'PATH',
      description: 'with issue, pkcs12: a folder (default .); with request, requests: a file',
    },
    legacy: { description: 'with pkcs12: 3DES and SHA-1, for old Windows and Apple systems' },
    force: { description: 'with issue, pkcs12: overwrite the files' },
    status: {
      value: 'WORD',
      description: 'with requests: pending, approved, issued, denied; with list: issued, held, revoked',
    },
    note: { value: 'TEXT', description: 'with approve, deny: why' },
    reason: { value: 'WORD', description: 'with revoke: keyCompromise, superseded ...' },
    since: { value: 'TIME', description: 'with revoke: when the key was lost, 2026-01-05T09:00:00Z' },
    within: { value: 'DAYS', description: 'with expiring: how far ahead (default 30)' },
    limit: { value: 'N', description: 'with list, expiring, requests: how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'Actions: list, expiring, server, issue, pkcs12, request, requests, approve, deny, revoke, hold, release.',
    'Names and validity come from the certificate template and the account: npx sallyport templates.',
    'list searches by the beginning of a serial, fingerprint or name (common name, UPN, DNS, e-mail, holder).',
    'expiring shows what ends soon and was not renewed, the first to end first.',
    'server shows the certificates supplicants are shown, to whom, and when they end.',
    'issue writes NAME.pem (the certificate and its issuing CA), NAME.key and ca.pem. The server keeps no key.',
    'pkcs12 writes NAME.p12 with key, certificate and CAs, and shows its password once.',
    'request sends a request you bring; one whose names it chose itself waits for approve (by another role: admin).',
    'revoke and hold return once logins with the certificate are refused and OCSP says so; live sessions are ended.',
    'hold is a revocation that release takes back.',
  ].join('\n'),
  examples: [
    'sallyport certificates issue --user alice --out alice-laptop',
    'sallyport certificates request --template vpn-gateway --csr gw1.csr --out gw1.pem',
    'sallyport certificates requests --status pending',
    'sallyport certificates list alice',
    'sallyport certificates server',
    'sallyport certificates revoke 4a01c3... --reason keyCompromise',
  ],
  run: byAction('certificates', {
    list: about('[SEARCH]', list),
    expiring: alone(expiring),
    server: alone(server),
    issue: alone(issue),
    pkcs12: alone(makePkcs12),
    request: alone(sendRequest),
    requests: about('[ID]', showRequests),
    approve: about('ID', (input, terminal, id) => decideRequest(input, terminal, 'approve', id)),
    deny: about('ID', (input, terminal, id) => decideRequest(input, terminal, 'deny', id)),
    revoke: about('SERIAL', (input, terminal, serial) => change(input, terminal, serial, 'revoke')),
    hold: about('SERIAL', (input, terminal, serial) => change(input, terminal, serial, 'hold')),
    release: about('SERIAL', (input, terminal, serial) => change(input, terminal, serial, 'release')),
  }),
}

async function list(input: Input, terminal: Terminal, search: string | undefined): Promise<ExitCode> {
  const limit = String(input.number('limit', 1, 500) ?? 50)
  const [template, status] = [input.text('template'), input.text('status')]
  const query = { search, limit, template, status }
  const page = await withApi(input, (api) => api.get<Page<Certificate>>('/certificates', query))
  showPage(page, input, terminal)
  return EXIT.ok
}

async function expiring(input: Input, terminal: Terminal): Promise<ExitCode> {
  const limit = String(input.number('limit', 1, 500) ?? 50)
  const days = input.number('within', 1, 3650) ?? 30
  const expiringBefore = new Date(Date.now() + days * 86_400_000).toISOString()
  const query = { limit, expiringBefore }
  const page = await withApi(input, (api) => api.get<Page<Certificate>>('/certificates', query))
  showPage(page, input, terminal)
  return EXIT.ok
}

function showPage(page: Page<Certificate>, input: Input, terminal: Terminal): void {
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('No certificates found.')
  else {
    const rows = page.items.map((item): Cell[] => [
      item.serial,
      item.kind,
      item.subject,
      item.template ?? '-',
      localTime(item.notAfter),
      stateCell(item, terminal),
    ])
    terminal.print(table(['serial', 'kind', 'subject', 'template', 'valid until', 'state'], rows))
    if (page.next !== undefined) terminal.print('There are more: narrow the search or raise --limit.')
  }
}

async function server(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) =>
    api.get<{ items: ServerCertificate[] }>('/server-certificates'),
  )
  const rows = items.map((item): Cell[] => [
    item.name,
    servedTo(item),
    item.dnsNames.join(', ') || item.subject,
    item.key,
    endCell(item, terminal),
    item.issuer,
    item.fingerprint.slice(0, 16),
  ])
  const headings = ['name', 'shown to', 'server name', 'key', 'valid until', 'issuer', 'sha-256']
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else {
    terminal.print(table(headings, rows))
    terminal.print('The first that fits a login is shown. What serves everybody else stands last.')
  }
  return EXIT.ok
}

function servedTo({ clients, realms }: ServerCertificate): string {
  const parts = [
    ...(clients.length > 0 ? [`clients ${clients.join(', ')}`] : []),
    ...(realms.length > 0 ? [`realms ${realms.join(', ')}`] : []),
  ]
  return parts.length === 0 ? 'everybody else' : parts.join('; ')
}

const SOON_MILLISECONDS = 30 * 86_400_000

function endCell({ notAfter }: ServerCertificate, terminal: Terminal): Cell {
  const left = Date.parse(notAfter) - Date.now()
  const style = left <= 0 ? 'bad' : left < SOON_MILLISECONDS ? 'warn' : 'good'
  return { text: localTime(notAfter), paint: (text) => terminal.paint(style, text) }
}

function stateCell({ status, notAfter, reason, supersededBy }: Certificate, terminal: Terminal): Cell {
  if (status === 'recorded') return 'not issued'
  if (status === 'held') return { text: 'held', paint: (text) => terminal.paint('warn', text) }
  if (status === 'revoked')
    return { text: `revoked (${reason ?? ''})`, paint: (text) => terminal.paint('bad', text) }
  if (Date.parse(notAfter) <= Date.now())
    return { text: 'expired', paint: (text) => terminal.paint('faint', text) }
  if (supersededBy !== undefined)
    return { text: 'superseded', paint: (text) => terminal.paint('faint', text) }
  return { text: 'valid', paint: (text) => terminal.paint('good', text) }
}

async function issue(input: Input, terminal: Terminal): Promise<ExitCode> {
  const user = input.required('user', 'Whom is it for? --user NAME')
  const days = input.number('days', 1, 730)
  const file = input.text('request')
  const request = file === undefined ? undefined : terminal.readFile(file)
  const body = { user, days, template: input.text('template'), request }
  const { files, issued } = await withApi(input, async (api) => {
    const { root: ca } = await api.get<CertificateAuthority>('/ca')
    const files = prepareFiles({
      folder: input.text('out') ?? '.',
      ...{ user, ca, withKey: request === undefined, force: input.has('force') },
    })
    const issued = await api.send<IssuedCertificate>('POST', '/certificates', body)
    keep(files, issued, ca)
    return { files, issued }
  })
  const { serial, fingerprint, userName, notAfter } = issued
  terminal.print(
    input.has('json')
      ? JSON.stringify({ serial, fingerprint, userName, notAfter, files }, null, 2)
      : issuedText(issued, files),
  )
  return EXIT.ok
}

function keep(files: CertificateFiles, { serial, chain, key }: IssuedCertificate, ca: string): void {
  try {
    writeFiles(files, { certificate: chain, ca, ...(key === undefined ? {} : { key }) })
  } catch (error) {
    const hint = `Revoke it: sallyport certificates revoke ${serial}`
    throw new CliError(`Certificate ${serial} was issued, but not written: ${messageOf(error)}\n${hint}`)
  }
}

function issuedText({ serial, userName, notAfter }: IssuedCertificate, files: CertificateFiles): string {
  const { certificate, key, ca } = files
  const words = ['--user', userName, '--cert', certificate, '--key', key ?? 'KEY', '--ca', ca]
  return [
    `Issued ${serial} for ${oneLine(userName)}, valid until ${localTime(notAfter)}.`,
    `  ${certificate}   the certificate and its issuing CA`,
    ...(key === undefined ? [] : [`  ${key}   its key: the server keeps none`]),
    `  ${ca}   the CA that vouches for the server`,
    '',
    'Try it (it asks for the secret of the RADIUS client; add --port where it is not 1812):',
    `  npx sallyport test eap-tls ${words.map(shellWord).join(' ')}`,
  ].join('\n')
}

async function change(
  input: Input,
  terminal: Terminal,
  serial: string,
  action: 'revoke' | 'hold' | 'release',
): Promise<ExitCode> {
  const [reason, invalidityDate] = [input.text('reason'), input.text('since')]
  if (action !== 'revoke' && (reason !== undefined || invalidityDate !== undefined))
    throw usageError(`--reason and --since belong to revoke, not to ${action}.`)
  if (invalidityDate !== undefined && Number.isNaN(Date.parse(invalidityDate)))
    throw usageError(`--since takes an instant such as 2026-01-05T09:00:00Z, not "${invalidityDate}".`)
  const body = {
    ...(reason !== undefined && { reason }),
    ...(invalidityDate !== undefined && { invalidityDate }),
  }
  const changed = await withApi(input, (api) =>
    api.send<ChangedCertificate>('POST', `/certificates/${encodeURIComponent(serial)}/${action}`, body),
  )
  terminal.print(input.has('json') ? JSON.stringify(changed, null, 2) : changedText(changed))
  return EXIT.ok
}

const CHANGED = {
  revoked: ['Revoked', 'logins with it are refused from now on, and its sessions are ended'],
  held: ['Held', 'logins with it are refused until it is released, and its sessions are ended'],
  released: ['Released', 'it is good again'],
} as const

function changedText({ serial, subject, action }: ChangedCertificate): string {
  const [done, meaning] = CHANGED[action.to]
  const lists = action.crls.map(({ kind, number, issuer }) => `${kind} CRL ${number} of ${oneLine(issuer)}`)
  return [
    `${done} ${serial} (${oneLine(subject)}): ${action.changed ? meaning : 'it was so already'}.`,
    `  OCSP: ${action.ocsp === 'told' ? 'answers by it' : 'unchanged'}. Published: ${lists.join(', ') || 'nothing new'}.`,
    ...action.crlFailures.map((why) => `  Not published: ${oneLine(why)}`),
    `  Action ${action.id}. Sessions: npx sallyport grants`,
  ].join('\n')
}

/** To be pasted into a shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
