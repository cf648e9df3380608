import type { ExitCode } from './cli-error.ts'
import type { Input } from './input.ts'
import type { Terminal } from './terminal.ts'

/** One flag of a command, as `node:util` parseArgs and the help text need it. */
export interface Flag {
  /** Absent: the flag takes no value. */
  readonly value?: string
  readonly short?: string
  readonly description: string
  /** Given more than once, all values count; else the last one does. */
  readonly repeatable?: boolean
  /** Environment variable read where the flag is not given. */
  readonly env?: string
}

export type Flags = Readonly<Record<string, Flag>>

/** One `sallyport` command: a file in `commands/`. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows the name: `-f FILE [--dry-run]`. */
  readonly usage: string
  /** Names of the positional arguments, `?` at the end of optional ones; checked before `run`. */
  readonly positionals: readonly string[]
  readonly flags: Flags
  readonly details?: string
  readonly examples: readonly string[]
  run(input: Input, terminal: Terminal): Promise<ExitCode>
}
