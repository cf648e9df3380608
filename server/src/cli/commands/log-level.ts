import { COMPONENTS, LEVELS } from '../../kernel/logging.ts'
import type { LogLevels } from '../../listeners/https/services.ts'
import { EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { localTime, table } from '../table.ts'

export const logLevel: Command = {
  name: 'log-level',
  summary: 'Show the log levels, or change one for a while',
  usage: '[COMPONENT LEVEL] [--minutes N]',
  positionals: ['component?', 'level?'],
  flags: {
    minutes: { value: 'N', description: 'then it falls back by itself (default 15)' },
    ...CONNECTION_FLAGS,
  },
  details: `Components: ${COMPONENTS.join(', ')}.\nLevels: ${LEVELS.join(', ')}.`,
  examples: ['sallyport log-level', 'sallyport log-level eap debug --minutes 5'],
  async run(input, terminal) {
    const [component, level] = input.positionals
    if (component !== undefined && level === undefined) {
      throw usageError(`Which level? npx sallyport log-level ${component} debug`)
    }
    const minutes = input.number('minutes', 1, 1440) ?? 15
    const levels = await withApi(input, (api) =>
      component === undefined
        ? api.get<LogLevels>('/log-levels')
        : api.send<LogLevels>('PUT', `/log-levels/${encodeURIComponent(component)}`, { level, minutes }),
    )
    const rows = Object.entries(levels).map(([name, { level, until }]) => [
      name,
      level,
      until === undefined ? '' : localTime(until),
    ])
    terminal.print(
      input.has('json') ? JSON.stringify(levels, null, 2) : table(['component', 'level', 'until'], rows),
    )
    return EXIT.ok
  },
}
