/** Commands whose first argument says what to do: `links delete 12`. */
import { type ExitCode, usageError } from './cli-error.ts'
import type { Command } from './command.ts'
import type { Input } from './input.ts'
import type { Terminal } from './terminal.ts'

interface Call {
  readonly input: Input
  readonly terminal: Terminal
  /** Command and action, as they were typed. */
  readonly words: string
  /** What was typed behind them. */
  readonly behind: readonly string[]
}

type Done = Promise<ExitCode>
export type Action = (call: Call) => Done

/** @param actions by name; the first one is meant where none is named */
export function byAction(command: string, actions: Readonly<Record<string, Action>>): Command['run'] {
  const [usual = ''] = Object.keys(actions)
  return async (input, terminal) => {
    const [name = usual, ...behind] = input.positionals
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (action === undefined) {
      throw usageError(`${command} cannot "${name}". See: npx sallyport ${command} --help`)
    }
    return await action({ input, terminal, words: `${command} ${name}`, behind })
  }
}

/** Nothing stands behind it. */
export function alone(run: (input: Input, terminal: Terminal) => Done): Action {
  return about('', run)
}

/** @param wanted what stands behind it, as usage writes it: `NAME`, `NAME OUTPUT`, `[SEARCH]` where it may be left out */
export function about(
  wanted: string,
  run: (input: Input, terminal: Terminal, ...behind: string[]) => Done,
): Action {
  const most = wanted === '' ? [] : wanted.split(' ')
  const needed = most.filter((word) => !word.startsWith('['))
  return async ({ input, terminal, words, behind }) => {
    const [tooMany] = behind.slice(most.length)
    if (tooMany !== undefined) throw usageError(`"${tooMany}" is one argument too many.`)
    if (behind.length < needed.length) throw usageError(`Which one? npx sallyport ${words} ${wanted}`)
    return await run(input, terminal, ...behind)
  }
}
