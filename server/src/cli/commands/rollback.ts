import type { ConfigurationVersion, Page, RolledBack } from '../../listeners/https/services.ts'
import { EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { localTime, table } from '../table.ts'

export const rollback: Command = {
  name: 'rollback',
  summary: 'Serve an older version of the configuration again',
  usage: '[N]',
  positionals: ['version?'],
  flags: { comment: { value: 'TEXT', description: 'why, for the list of versions' }, ...CONNECTION_FLAGS },
  details: 'Without a number it lists the versions. The old one becomes the newest: nothing is lost.',
  examples: ['sallyport rollback', 'sallyport rollback 7 --comment "rule was too wide"'],
  async run(input, terminal) {
    const [number] = input.positionals
    return await withApi(input, async (api) => {
      if (number === undefined) {
        const versions = await api.get<Page<ConfigurationVersion>>('/configuration/versions')
        const rows = versions.items.map((version) => [
          String(version.number),
          localTime(version.createdAt),
          version.author,
          version.comment,
        ])
        terminal.print(
          input.has('json')
            ? JSON.stringify(versions, null, 2)
            : table(['version', 'time', 'by', 'comment'], rows),
        )
        return EXIT.ok
      }
      if (!/^[1-9]\d{0,9}$/.test(number)) throw usageError(`"${number}" is no version number.`)
      const done = await api.send<RolledBack>('POST', '/configuration/rollback', {
        version: Number(number),
        comment: input.text('comment') ?? '',
      })
      if (input.has('json')) terminal.print(JSON.stringify(done, null, 2))
      else {
        terminal.print(`Serving version ${done.version}, which equals version ${number}.`)
        for (const name of done.leftAlone) terminal.print(`Left alone, changed since: ${name}`)
      }
      return EXIT.ok
    })
  },
}
