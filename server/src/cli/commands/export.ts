import type { ConfigurationText } from '../../listeners/https/services.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'

export const exportCommand: Command = {
  name: 'export',
  summary: 'Print the configuration as YAML',
  usage: '[--version N]',
  positionals: [],
  flags: { version: { value: 'N', description: 'an older version' }, ...CONNECTION_FLAGS },
  details: 'Secrets come as references, passwords not at all: the file can be kept and applied again here.',
  examples: ['sallyport export > site.yaml'],
  async run(input, terminal) {
    const version = input.number('version', 1, Number.MAX_SAFE_INTEGER)
    const path = version === undefined ? '/configuration' : `/configuration/versions/${version}`
    const text = await withApi(input, (api) => api.get<ConfigurationText>(path))
    terminal.print(input.has('json') ? JSON.stringify(text, null, 2) : text.document.trimEnd())
    return EXIT.ok
  },
}
