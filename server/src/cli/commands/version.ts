import { VERSION } from '../../main/version.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'

export const version: Command = {
  name: 'version',
  summary: 'Print the version',
  usage: '',
  positionals: [],
  flags: {},
  examples: [],
  async run(_input, terminal) {
    terminal.print(`sallyport ${VERSION} (Node ${process.versions.node})`)
    return EXIT.ok
  },
}
