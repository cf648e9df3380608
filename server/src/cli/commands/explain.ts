import type { Explanation } from '../../listeners/https/services.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { oneLine } from '../table.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'Say why one decision came out as it did',
  usage: 'ID',
  positionals: ['id'],
  flags: CONNECTION_FLAGS,
  details: 'The decision is made again from the stored facts: each rule tried, what failed, the values seen.',
  examples: ['sallyport log --outcome reject', 'sallyport explain 01J9Z3'],
  async run(input, terminal) {
    const id = encodeURIComponent(input.positionals[0] ?? '')
    const explanation = await withApi(input, (api) => api.get<Explanation>(`/receipts/${id}/explanation`))
    terminal.print(
      input.has('json')
        ? JSON.stringify(explanation, null, 2)
        : explanation.text.split('\n').map(oneLine).join('\n'),
    )
    return EXIT.ok
  },
}
