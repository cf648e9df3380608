import type {
  ClientError,
  Explanation,
  LoginUnderWay,
  Page,
  Receipt,
} from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { CliError, EXIT, type ExitCode, usageError } from '../cli-error.ts'
import { clientErrorLines } from '../client-error-text.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { oneLine } from '../table.ts'
import type { Terminal } from '../terminal.ts'

/** Of one person or device there are few; a client has many. */
const MOST_UNDER_WAY = 5

export const explain: Command = {
  name: 'explain',
  summary: 'Say why one decision came out as it did',
  usage: '[ID | --user NAME | --client NAME | --station MAC | --client-error CODE] [--all]',
  positionals: ['id?'],
  flags: {
    user: { value: 'NAME', description: 'the latest decision about this user' },
    client: { value: 'NAME', description: 'the latest one through this RADIUS client' },
    station: { value: 'MAC', description: 'the latest one of this device (Calling-Station-Id)' },
    'client-error': {
      value: 'CODE',
      description: 'what a client showed: 812, 0x80420014; better with --user',
    },
    minutes: { value: 'N', description: 'with --client-error: how far to look back (default 15)' },
    all: { description: 'also list changes that no rule reads' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'A login that is not decided yet is told first, with the last that was seen of it.',
    'The decision is made again from the stored facts: each rule tried, what failed, the values seen.',
    'With --client-error: what the code means that a client shows, joined with what this server saw of the person',
    'in the last minutes. All codes: docs/client-errors.md.',
  ].join('\n'),
  examples: [
    'sallyport explain --user alice',
    'sallyport explain 01kf7mb0000000000000000002',
    'sallyport explain --client-error 812 --user alice',
  ],
  async run(input, terminal) {
    const code = input.text('client-error')
    if (code !== undefined) return await explainCode(input, terminal, code)
    const about = aboutWhom(input)
    const [id] = input.positionals
    if (id !== undefined) mustBeId(id)
    const { explanation, underWay } = await withApi(input, async (api) => {
      const pending = id === undefined ? await loginsUnderWay(api, about) : []
      const latest = id ?? (await latestId(api, about))
      if (latest === undefined) {
        if (pending.length === 0) throw noDecision(about)
        return { explanation: undefined, underWay: pending }
      }
      const path = `/receipts/${encodeURIComponent(latest)}/explanation`
      return { explanation: await api.get<Explanation>(path), underWay: pending }
    })
    if (input.has('json')) {
      const more = underWay.length === 0 ? {} : { underWay }
      terminal.print(JSON.stringify({ ...explanation, ...more }, null, 2))
    } else {
      const lines = underWay.flatMap(underWayLines)
      lines.push(...(explanation?.text.split('\n') ?? []))
      if (explanation !== undefined && input.has('all') && explanation.otherChanges.length > 0) {
        lines.push('', 'Also changed since the last accept, but no rule asks for it:')
        lines.push(...explanation.otherChanges.map((change) => `  ${change}`))
      }
      terminal.print(lines.map(oneLine).join('\n'))
    }
    return EXIT.ok
  },
}

async function explainCode(input: Input, terminal: Terminal, code: string): Promise<ExitCode> {
  if (input.positionals[0] !== undefined) throw usageError('Either a decision or --client-error, not both.')
  const [user, minutes] = [input.text('user'), input.number('minutes', 1, 1440)]
  const query = {
    ...(user !== undefined && { user }),
    ...(minutes !== undefined && { minutes: String(minutes) }),
  }
  const error = await withApi(input, (api) =>
    api.get<ClientError>(`/client-errors/${encodeURIComponent(code)}`, query),
  )
  const text = input.has('json') ? JSON.stringify(error, null, 2) : clientErrorLines(error).join('\n')
  terminal.print(text)
  return EXIT.ok
}

type About = Readonly<Record<'user' | 'client' | 'station', string | undefined>>

function aboutWhom(input: Input): About {
  const about = { user: input.text('user'), client: input.text('client'), station: input.text('station') }
  const isNamed = Object.values(about).some((value) => value !== undefined)
  if (!isNamed && input.positionals[0] === undefined)
    throw usageError('Which one? npx sallyport explain ID, or --user NAME, --client NAME, --station MAC')
  return about
}

/** People bring the number their client shows. */
function mustBeId(text: string): void {
  if (/^[0-9a-z]{26}$/i.test(text)) return
  const code = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)
  const meant = code
    ? `If a client showed it: npx sallyport explain --client-error ${text}`
    : `About a user: npx sallyport explain --user ${quoted(oneLine(text))}`
  throw usageError(`"${oneLine(text)}" is no id of a decision; npx sallyport log shows them. ${meant}`)
}

const quoted = (word: string): string => (/^[\w.@-]+$/.test(word) ? word : `"${word}"`)

async function loginsUnderWay(api: ApiClient, about: About): Promise<readonly LoginUnderWay[]> {
  const { items } = await api.get<{ readonly items: readonly LoginUnderWay[] }>('/logins-under-way', about)
  return items.slice(0, MOST_UNDER_WAY)
}

function underWayLines({ user = 'unknown user', client, method, ...login }: LoginUnderWay): string[] {
  const by = method === undefined ? '' : ` by ${method}`
  return [
    `UNDER WAY ${user} through ${client}${by}: begun ${login.seconds} s ago, silent for ${login.silentSeconds} s`,
    login.last,
    'It is not decided yet; there is a decision at the latest when settings.eapSeconds are over.',
    '',
  ]
}

async function latestId(api: ApiClient, about: About): Promise<string | undefined> {
  const { items } = await api.get<Page<Receipt>>('/receipts', { ...about, limit: '1' })
  return items[0]?.id
}

function noDecision(about: About): CliError {
  const [, bare] = /^(?:.*\\)?([^@\\]+)(?:@.*)?$/.exec(about.user ?? '') ?? []
  const hint =
    bare === undefined || bare === about.user ? '' : ` Names mostly stand without realm: --user ${bare}.`
  const whom = about.user ?? about.client ?? about.station ?? ''
  return new CliError(
    `There is no decision about "${oneLine(whom)}" yet: no login of that name came to an end here.${hint} Who did log in: npx sallyport log. A packet that is dropped leaves none: npx sallyport log --dropped`,
  )
}
