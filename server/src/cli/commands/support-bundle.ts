import { writeFileSync } from 'node:fs'
import { CliError, EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { octetCount } from '../table.ts'
import { messageOf } from '../terminal.ts'

export const supportBundle: Command = {
  name: 'support-bundle',
  summary: 'Gather what helps to find a fault into one archive, without secrets',
  usage: '[--output FILE] [--anonymous]',
  positionals: [],
  flags: {
    output: { value: 'FILE', short: 'o', description: 'default sallyport-support.tar.gz' },
    anonymous: { description: 'user names and MAC addresses become pseudonyms' },
    ...CONNECTION_FLAGS,
  },
  details:
    'Versions, configuration, the latest decisions, dropped packets, metrics, health: see manifest.json in it.',
  examples: ['sallyport support-bundle --anonymous', 'sallyport support-bundle -o case-17.tar.gz'],
  async run(input, terminal) {
    const file = input.text('output') ?? 'sallyport-support.tar.gz'
    const chunks: Uint8Array[] = []
    await withApi(input, (api) =>
      api.download('/support-bundle', { anonymous: input.has('anonymous') }, (chunk) => {
        chunks.push(chunk)
      }),
    )
    const archive = Buffer.concat(chunks)
    try {
      // Unless it is anonymous, it holds names of people: for its owner alone.
      writeFileSync(file, archive, { mode: 0o600 })
    } catch (error) {
      throw new CliError(`Cannot write ${file}: ${messageOf(error)}`)
    }
    if (input.has('json')) terminal.print(JSON.stringify({ file, octets: archive.length }))
    else {
      terminal.print(`${file}: ${octetCount(archive.length)}. Look through it before you give it away:`)
      terminal.print(`tar -tzf ${file}`)
    }
    return EXIT.ok
  },
}
