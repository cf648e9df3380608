import { CliError, EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { helpOf, overview } from '../help.ts'

/** `commands`: asked for late, because help itself is one of them. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'Show the commands, or one of them',
    usage: '[COMMAND]',
    positionals: ['command?'],
    flags: {},
    examples: ['sallyport help apply'],
    async run(input, terminal) {
      const [name] = input.positionals
      if (name === undefined) {
        terminal.print(overview(commands()))
        return EXIT.ok
      }
      const command = commands().find((candidate) => candidate.name === name)
      if (command === undefined) throw new CliError(`There is no command "${name}".`, EXIT.usage)
      terminal.print(helpOf(command))
      return EXIT.ok
    },
  }
}
