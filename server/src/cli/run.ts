import { nearest } from '../policy/suggestion.ts'
import { CliError, EXIT, type ExitCode } from './cli-error.ts'
import type { Command } from './command.ts'
import { helpOf, overview } from './help.ts'
import { parseInput } from './input.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command line; nothing but a bug throws out of it. */
export async function run(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    return await dispatch(args, commands, terminal)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    terminal.complain(error.message)
    return error.exitCode
  }
}

async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h') {
    terminal.print(overview(commands))
    return name === undefined ? EXIT.usage : EXIT.ok
  }
  const wanted = name === '--version' ? 'version' : name
  const command = commands.find((candidate) => candidate.name === wanted)
  if (command === undefined) {
    const meant = nearest(
      wanted,
      commands.map((candidate) => candidate.name),
    )
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
    throw new CliError(`There is no command "${wanted}".${hint}\nSee: npx sallyport help`, EXIT.usage)
  }
  if (asksForHelp(rest)) {
    terminal.print(helpOf(command))
    return EXIT.ok
  }
  return await command.run(parseInput(command, rest, terminal.env), terminal)
}

/** Before `--` only: after it, everything is an argument. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')
}
