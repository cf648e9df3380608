import type { Explanation } from '../../listeners/https/services.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { oneLine } from '../table.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'Say why one decision came out as it did',
  usage: 'ID [--all]',
  positionals: ['id'],
  flags: { all: { description: 'also list changes that no rule reads' }, ...CONNECTION_FLAGS },
  details: 'The decision is made again from the stored facts: each rule tried, what failed, the values seen.',
  examples: ['sallyport log --outcome reject', 'sallyport explain 01kf7mb0000000000000000002'],
  async run(input, terminal) {
    const id = encodeURIComponent(input.positionals[0] ?? '')
    const explanation = await withApi(input, (api) => api.get<Explanation>(`/receipts/${id}/explanation`))
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
