import { setTimeout as delay } from 'node:timers/promises'

/** Asks again every 25 ms until there is an answer; after `milliseconds` it gives up and says what it waited for, as that is then. */
export async function until<Answer>(
  what: string | (() => string),
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  milliseconds = 10_000,
): Promise<Answer> {
  const end = performance.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end)
      throw new Error(`${typeof what === 'string' ? what : what()}: not within ${milliseconds} ms`)
    await delay(25)
  }
}
