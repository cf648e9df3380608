import { readFileSync } from 'node:fs'
import { CliError } from './cli-error.ts'
import { COMMANDS } from './commands/index.ts'
import { run } from './run.ts'
import type { Terminal } from './terminal.ts'

export interface Captured {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface PlayedTerminal {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  /** Instead of `files`: the real ones. */
  readonly realFiles?: boolean
  readonly secrets?: readonly string[]
}

/** Runs a command line against a terminal that only remembers: no colour, files and answers as given. */
export async function runCli(args: readonly string[], played: PlayedTerminal = {}): Promise<Captured> {
  const out: string[] = []
  const err: string[] = []
  const secrets = [...(played.secrets ?? [])]
  const terminal: Terminal = {
    env: played.env ?? {},
    print: (text) => void out.push(text),
    complain: (text) => void err.push(text),
    paint: (_style, text) => text,
    columns: undefined,
    askSecret: async (question) => {
      const answer = secrets.shift()
      if (answer === undefined) throw new CliError(`nobody answers "${question}"`)
      return answer
    },
    readFile: (path) => {
      const text = played.realFiles ? readFileSync(path, 'utf8') : played.files?.[path]
      if (text === undefined) throw new CliError(`Cannot read ${path}`)
      return text
    },
  }
  const code = await run(args, COMMANDS, terminal)
  return { code, out: out.join('\n'), err: err.join('\n') }
}
