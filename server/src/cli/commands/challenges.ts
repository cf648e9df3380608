import type { Challenge, MadeChallenge } from '../../listeners/https/services.ts'
import { alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { deletion } from '../deletion.ts'
import type { Input } from '../input.ts'
import { localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const challenges: Command = {
  name: 'challenges',
  summary: 'Make, list and delete the secrets devices enrol with by SCEP and EST',
  usage: '[ACTION] [ID]',
  positionals: ['action?', 'id?'],
  flags: {
    template: { value: 'NAME', description: 'with create: the certificate template it is good for' },
    user: { value: 'NAME', description: 'with create: the account the certificate is for' },
    device: { value: 'ID', description: 'with create: the device, where it is for no account' },
    subject: { value: 'CN', description: 'with create: the common name the request must have' },
    dns: { value: 'A,B', description: 'with create: DNS names, for templates with names: proved' },
    ip: { value: 'A,B', description: 'with create: IP addresses, for templates with names: proved' },
    'rsa-bits': { value: 'N', description: 'with create: shorter keys are refused' },
    minutes: { value: 'N', description: 'with create: how long it can be used' },
    limit: { value: 'N', description: 'with list: how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'Actions: list, create, delete ID. A challenge is shown once and is good for one certificate of one template',
    'for one user or device, for an hour unless said otherwise. The client sends it as its challenge password.',
  ].join('\n'),
  examples: [
    'sallyport challenges create --template laptops --user alice',
    'sallyport challenges create --template printers --device printer-214 --minutes 1440',
  ],
  run: byAction('challenges', {
    list: alone(list),
    create: alone(create),
    delete: deletion('challenge'),
  }),
}

async function create(input: Input, terminal: Terminal): Promise<ExitCode> {
  const [template, user, deviceId] = [input.text('template'), input.text('user'), input.text('device')]
  if (template === undefined) throw usageError('Which certificate template? --template NAME')
  if ((user === undefined) === (deviceId === undefined))
    throw usageError('For whom? --user NAME or --device ID')
  const subject = input.text('subject')
  const minimumRsaBits = input.number('rsa-bits', 2048, 8192)
  const minutes = input.number('minutes', 1, 43_200)
  const wish = {
    template,
    ...(user !== undefined && { user }),
    ...(deviceId !== undefined && { deviceId }),
    ...(subject !== undefined && { subject }),
    ...(minimumRsaBits !== undefined && { minimumRsaBits }),
    ...(minutes !== undefined && { minutes }),
    dns: names(input, 'dns'),
    ip: names(input, 'ip'),
  }
  const made = await withApi(input, (api) => api.send<MadeChallenge>('POST', '/challenges', wish))
  if (input.has('json')) terminal.print(JSON.stringify(made, null, 2))
  else {
    terminal.print(made.challenge)
    const holder = made.user ?? `device ${made.deviceId ?? ''}`
    terminal.print(
      `For one certificate of template ${oneLine(made.template)} for ${oneLine(holder)}, until ${localTime(made.expiresAt)}. It is not shown again.`,
    )
  }
  return EXIT.ok
}

function names(input: Input, flag: string): string[] {
  const given = input.text(flag)?.split(',') ?? []
  return given.map((name) => name.trim()).filter((name) => name !== '')
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const limit = String(input.number('limit', 1, 500) ?? 50)
  const { items } = await withApi(input, (api) => api.get<{ items: Challenge[] }>('/challenges', { limit }))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print('There are no challenges.')
  else {
    const rows = items.map((item) => [
      String(item.id),
      item.state,
      oneLine(item.template),
      oneLine(item.user ?? `device ${item.deviceId ?? ''}`),
      localTime(item.expiresAt),
      localTime(item.usedAt),
      oneLine(item.createdBy),
    ])
    terminal.print(table(['id', 'state', 'template', 'for', 'until', 'used', 'made by'], rows))
  }
  return EXIT.ok
}
