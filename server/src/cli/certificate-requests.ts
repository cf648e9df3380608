import { writeFileSync } from 'node:fs'
import type { CertificateRequest, CertificateRequestDetail, Page } from '../listeners/https/services.ts'
import { CliError, EXIT, type ExitCode, usageError } from './cli-error.ts'
import { withApi } from './connection.ts'
import type { Input } from './input.ts'
import { type Cell, localTime, oneLine, table } from './table.ts'
import { messageOf, type Terminal } from './terminal.ts'

const STATES = ['pending', 'approved', 'issued', 'denied']

/** `requests`: all of them, or one with what it asks for. */
export async function showRequests(
  input: Input,
  terminal: Terminal,
  id: string | undefined,
): Promise<ExitCode> {
  if (id !== undefined) {
    const detail = await withApi(input, (api) =>
      api.get<CertificateRequestDetail>(`/certificate-requests/${requestId(id)}`),
    )
    return show(input, terminal, detail)
  }
  const status = input.text('status')
  if (status !== undefined && !STATES.includes(status)) {
    throw usageError(`--status is one of ${STATES.join(', ')}.`)
  }
  const limit = String(input.number('limit', 1, 500) ?? 50)
  const page = await withApi(input, (api) =>
    api.get<Page<CertificateRequest>>('/certificate-requests', { status, limit }),
  )
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('No certificate requests.')
  else {
    const rows = page.items.map((item): Cell[] => [
      String(item.id),
      localTime(item.createdAt),
      item.template,
      item.protocol,
      oneLine(item.requester),
      { text: item.status, paint: (text) => terminal.paint(STYLE_OF[item.status], text) },
      item.serial ?? '-',
    ])
    terminal.print(table(['id', 'at', 'template', 'by', 'requester', 'state', 'serial'], rows))
    if (page.next !== undefined) terminal.print('There are more: give a --status, or raise --limit.')
  }
  return EXIT.ok
}

const STYLE_OF = { pending: 'warn', approved: 'warn', issued: 'good', denied: 'bad' } as const

/** `request`: a PKCS #10 request an administrator brings. */
export async function sendRequest(input: Input, terminal: Terminal): Promise<ExitCode> {
  const body = {
    request: terminal.readFile(input.required('csr', 'Which request? --csr FILE (PKCS #10, PEM)')),
    template: input.text('template'),
    user: input.text('user'),
    days: input.number('days', 1, 1825),
  }
  const detail = await withApi(input, (api) =>
    api.send<CertificateRequestDetail>('POST', '/certificate-requests', body),
  )
  return show(input, terminal, detail)
}

export async function decideRequest(
  input: Input,
  terminal: Terminal,
  action: 'approve' | 'deny',
  id: string,
): Promise<ExitCode> {
  const body = { note: input.text('note') }
  const detail = await withApi(input, (api) =>
    api.send<CertificateRequestDetail>('POST', `/certificate-requests/${requestId(id)}/${action}`, body),
  )
  return show(input, terminal, detail)
}

function requestId(text: string): string {
  if (!/^\d{1,15}$/.test(text)) throw usageError(`"${text}" is no number of a request.`)
  return text
}

function show(input: Input, terminal: Terminal, detail: CertificateRequestDetail): ExitCode {
  const file = input.text('out')
  if (file !== undefined && detail.certificate !== undefined) write(file, detail.certificate)
  if (input.has('json')) terminal.print(JSON.stringify(detail, null, 2))
  else terminal.print(detailText(detail, file))
  return EXIT.ok
}

function write(file: string, pem: string): void {
  try {
    writeFileSync(file, pem)
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${messageOf(error)}`)
  }
}

function detailText(detail: CertificateRequestDetail, file: string | undefined): string {
  const { id, status, asked, template, protocol, requester, holder, deviceId } = detail
  return [
    `Request ${id} is ${status}: template ${template}, by ${protocol}, of ${oneLine(requester)}${holder === undefined ? '' : ` for account ${oneLine(holder)}`}${deviceId === undefined ? '' : ` for device ${oneLine(deviceId)}`}.`,
    `  it asks for ${oneLine([asked.subject, ...asked.names].filter((name) => name !== '').join(', ')) || 'no names'} (${asked.key} key)`,
    ...(detail.decidedBy === undefined
      ? []
      : [`  ${status === 'denied' ? 'denied' : 'approved'} by ${oneLine(detail.decidedBy)}`]),
    ...(detail.note === undefined ? [] : [`  note: ${oneLine(detail.note)}`]),
    ...(status === 'pending'
      ? [`To decide: npx sallyport certificates approve ${id}, or: ... deny ${id} --note TEXT`]
      : []),
    ...(detail.certificate === undefined
      ? []
      : [
          `Certificate ${detail.serial ?? ''}, valid until ${localTime(detail.notAfter ?? '')}.`,
          file === undefined ? detail.certificate.trim() : `  ${file}`,
        ]),
  ].join('\n')
}
