import type { Explanation, Page, Receipt } from '../../listeners/https/services.ts'
import type { ApiClient } from '../api-client.ts'
import { CliError, EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { oneLine } from '../table.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'Say why one decision came out as it did',
  usage: '[ID | --user NAME | --client NAME | --station MAC] [--all]',
  positionals: ['id?'],
  flags: {
    user: { value: 'NAME', description: 'the latest decision about this user' },
    client: { value: 'NAME', description: 'the latest one through this RADIUS client' },
    station: { value: 'MAC', description: 'the latest one of this device (Calling-Station-Id)' },
    all: { description: 'also list changes that no rule reads' },
    ...CONNECTION_FLAGS,
  },
  details: 'The decision is made again from the stored facts: each rule tried, what failed, the values seen.',
  examples: ['sallyport explain --user alice', 'sallyport explain 01kf7mb0000000000000000002'],
  async run(input, terminal) {
    const about = aboutWhom(input)
    const explanation = await withApi(input, async (api) => {
      const id = encodeURIComponent(input.positionals[0] ?? (await latestId(api, about)))
      return await api.get<Explanation>(`/receipts/${id}/explanation`)
    })
    if (input.has('json')) terminal.print(JSON.stringify(explanation, null, 2))
    else {
      const lines = explanation.text.split('\n')
      if (input.has('all') && explanation.otherChanges.length > 0) {
        lines.push('', 'Also changed since the last accept, but no rule asks for it:')
        lines.push(...explanation.otherChanges.map((change) => `  ${change}`))
      }
      terminal.print(lines.map(oneLine).join('\n'))
    }
    return EXIT.ok
  },
}

type About = Readonly<Record<'user' | 'client' | 'station', string | undefined>>

function aboutWhom(input: Input): About {
  const about = { user: input.text('user'), client: input.text('client'), station: input.text('station') }
  const isNamed = Object.values(about).some((value) => value !== undefined)
  if (!isNamed && input.positionals[0] === undefined)
    throw usageError('Which one? npx sallyport explain ID, or --user NAME, --client NAME, --station MAC')
  return about
}

async function latestId(api: ApiClient, about: About): Promise<string> {
  const { items } = await api.get<Page<Receipt>>('/receipts', { ...about, limit: '1' })
  const [latest] = items
  if (latest !== undefined) return latest.id
  const [, bare] = /^(?:.*\\)?([^@\\]+)(?:@.*)?$/.exec(about.user ?? '') ?? []
  const hint =
    bare === undefined || bare === about.user ? '' : ` Names mostly stand without realm: --user ${bare}.`
  throw new CliError(
    `There is no such decision.${hint} A packet that is dropped leaves none: npx sallyport log --dropped`,
  )
}
