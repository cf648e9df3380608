import type { TrustedCa } from '../../listeners/https/services.ts'
import { about, alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const trust: Command = {
  name: 'trust',
  summary: 'Show the CAs trusted for client certificates, and how revocation is checked',
  usage: '[list | refresh NAME]',
  positionals: ['action?', 'name?'],
  flags: CONNECTION_FLAGS,
  details: 'refresh fetches the revocation lists of a CA now, and has its responders asked anew.',
  examples: ['sallyport trust', 'sallyport trust refresh partner'],
  run: byAction('trust', {
    list: alone(list),
    refresh: about('NAME', refresh),
  }),
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const { items } = await withApi(input, (api) => api.get<{ items: TrustedCa[] }>('/trust'))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print('No CA is trusted for client certificates.')
  else for (const text of texts(items, terminal)) terminal.print(text)
  return EXIT.ok
}

async function refresh(input: Input, terminal: Terminal, name: string): Promise<ExitCode> {
  const path = `/trust/${encodeURIComponent(name)}/refresh`
  const refreshed = await withApi(input, (api) => api.send<TrustedCa>('POST', path))
  if (input.has('json')) terminal.print(JSON.stringify(refreshed, null, 2))
  else for (const text of texts([refreshed], terminal)) terminal.print(text)
  return refreshed.lists.some(({ lastError }) => lastError !== undefined) ? EXIT.failed : EXIT.ok
}

function texts(items: readonly TrustedCa[], terminal: Terminal): string[] {
  const rows = items.map((item): Cell[] => [
    item.name,
    item.certificates.map(({ subject }) => oneLine(subject)).join('; '),
    localTime(item.certificates.map(({ notAfter }) => notAfter).sort()[0]),
    purposeText(item),
    item.check === 'own' ? 'own CRL' : item.check,
    item.whenUnreachable ?? '-',
  ])
  const headings = ['name', 'ca', 'valid until', 'trusted for', 'revocation', 'when unreachable']
  const sources = items.flatMap((item) => sourceRows(item, terminal))
  const of = ['name', 'asked', 'number', 'entries', 'this update', 'next update', 'fetched', 'last error']
  return [table(headings, rows), ...(sources.length === 0 ? [] : ['', table(of, sources)])]
}

function purposeText({ purpose: { clients, realms, extendedKeyUsages } }: TrustedCa): string {
  const parts = [
    ...(clients.length > 0 ? [`clients ${clients.join(', ')}`] : []),
    ...(realms.length > 0 ? [`realms ${realms.join(', ')}`] : []),
    ...(extendedKeyUsages.length > 0 ? [`usages ${extendedKeyUsages.join(', ')}`] : []),
  ]
  return parts.length === 0 ? 'everything' : parts.join('; ')
}

function sourceRows({ name, lists, responders }: TrustedCa, terminal: Terminal): Cell[][] {
  const isOver = (time: string | undefined): boolean => time !== undefined && Date.parse(time) < Date.now()
  const bad = (text: string): Cell => ({ text, paint: (plain) => terminal.paint('bad', plain) })
  const errorCell = (error: { readonly at: string; readonly detail: string } | undefined): Cell =>
    error === undefined ? '-' : bad(`${localTime(error.at)} ${oneLine(error.detail)}`)
  return [
    ...lists.map((list): Cell[] => [
      name,
      oneLine(list.url),
      list.number ?? '-',
      String(list.revoked ?? '-'),
      localTime(list.thisUpdate),
      isOver(list.nextUpdate) ? bad(localTime(list.nextUpdate)) : localTime(list.nextUpdate),
      localTime(list.fetchedAt),
      errorCell(list.lastError),
    ]),
    ...responders.map((responder): Cell[] => [
      name,
      `ocsp ${oneLine(responder.host)}${responder.leftAlone ? ' (left alone)' : ''}`,
      ...['-', '-', '-', '-', localTime(responder.answeredAt)],
      errorCell(responder.lastError),
    ]),
  ]
}
