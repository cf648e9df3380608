import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { countRecords } from '../../kernel/pcap.ts'
import { CliError, EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { messageOf } from '../terminal.ts'

const MOST_SECONDS = 600
const MOST_PACKETS = 10_000

export const capture: Command = {
  name: 'capture',
  summary: 'Write what one RADIUS client sends and gets into a capture file',
  usage: '--client NAME [--seconds N] [--packets N] [--output FILE]',
  positionals: [],
  flags: {
    client: { value: 'NAME', description: 'RADIUS client, or the address of one that is not known' },
    seconds: { value: 'N', description: 'ends after this time (default 60)' },
    packets: { value: 'N', description: 'ends after so many datagrams (default 1000)' },
    output: { value: 'FILE', short: 'o', description: 'default: the name of the client and .pcap' },
    ...CONNECTION_FLAGS,
  },
  details:
    'Datagrams without an answer are in it too. No secret is written; passwords stay hidden as they were sent.',
  examples: ['sallyport capture --client wifi-1', 'sallyport capture --client 192.0.2.7 --seconds 10'],
  async run(input, terminal) {
    const client = input.text('client')
    if (client === undefined) throw usageError('Which client? npx sallyport capture --client NAME')
    const seconds = input.number('seconds', 1, MOST_SECONDS) ?? 60
    const packets = input.number('packets', 1, MOST_PACKETS) ?? 1000
    const file = input.text('output') ?? `${client.replace(/[^\w.-]/g, '_')}.pcap`
    await withApi(input, async (api) => {
      let descriptor: number | undefined
      try {
        await api.download('/captures', { client, seconds, packets }, (chunk) => {
          descriptor ??= openFor(file)
          writeSync(descriptor, chunk)
        })
      } finally {
        if (descriptor !== undefined) closeSync(descriptor)
      }
    })
    const count = countRecords(readFileSync(file))
    if (input.has('json')) terminal.print(JSON.stringify({ file, datagrams: count }))
    else {
      terminal.print(`${count} ${count === 1 ? 'datagram' : 'datagrams'} of ${client} in ${file}`)
      terminal.print(
        `Read it: tshark -r ${file} -V -o radius.shared_secret:SECRET -o radius.validate_authenticator:TRUE`,
      )
    }
    return EXIT.ok
  },
}

/** For its owner alone: names and addresses of people are in it. */
function openFor(file: string): number {
  try {
    return openSync(file, 'w', 0o600)
  } catch (error) {
    throw new CliError(`Cannot write ${file}: ${messageOf(error)}`)
  }
}
