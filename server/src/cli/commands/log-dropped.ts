import type { Drop } from '../../listeners/https/services.ts'
import { EXIT, type ExitCode } from '../cli-error.ts'
import { withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { localTime, oneLine } from '../table.ts'
import type { Terminal } from '../terminal.ts'

/** `sallyport log --dropped`: what never became a login, by sender and reason, with what to do. */
export async function showDrops(input: Input, terminal: Terminal): Promise<ExitCode> {
  const query = { client: input.text('client') }
  const { items } = await withApi(input, (api) => api.get<{ items: readonly Drop[] }>('/drops', query))
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else if (items.length === 0) terminal.print("No packet was dropped since the server's start.")
  else {
    const lines = items.flatMap(describe).slice(0, -1)
    terminal.print(lines.map(oneLine).join('\n'))
  }
  return EXIT.ok
}

function describe(drop: Drop): string[] {
  const { packets, reason, client, address, sentence, nextStep } = drop
  const count = `${packets} ${packets === 1 ? 'packet' : 'packets'}`
  return [
    `${localTime(drop.lastSeenAt)}  ${client ?? 'unknown'} (${address})  ${count} since ${localTime(drop.firstSeenAt)}`,
    `  ${sentence} (${reason})`,
    `  Next: ${nextStep}`,
    '',
  ]
}
