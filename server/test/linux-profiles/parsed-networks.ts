import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from '@sallyport/lab/network'

export type ParsedNetwork = ReadonlyMap<string, Buffer>

/** An empty string has no dump. */
export const textOf = (network: ParsedNetwork | undefined, name: string): string =>
  network?.get(name)?.toString() ?? ''

/** What wpa_supplicant says it read, block by block: strings as octets. */
export async function parsedNetworks(
  network: Network,
  folder: string,
  content: string,
): Promise<{ readonly networks: readonly ParsedNetwork[]; readonly output: string }> {
  const file = join(folder, 'parsed.conf')
  writeFileSync(file, content)
  const run = 'mount -t tmpfs tmpfs /run && exec timeout 5 wpa_supplicant -i lo -D none -c "$1" -dd -K'
  await using running = network.start('host', ['sh', '-c', run, 'sh', file])
  await running.waitFor(/Added interface lo|Failed to (read|parse)|Invalid configuration/)
  const output = running.output()
  return { networks: readDump(output), output }
}

function readDump(output: string): ParsedNetwork[] {
  const networks: Map<string, Buffer>[] = []
  let name = ''
  for (const line of output.split('\n')) {
    if (line.includes('start of a new network block')) networks.push(new Map())
    const begun = /^(\w+) - hexdump_ascii\(len=\d+\):/.exec(line)?.[1]
    const octets = /^ {5}((?:[0-9a-f]{2} )+)/.exec(line)?.[1]
    if (begun !== undefined) name = begun
    else if (octets === undefined) name = ''
    const block = networks.at(-1)
    if (line.startsWith('Priority group')) break
    if (name !== '' && octets !== undefined && block !== undefined) {
      const more = Buffer.from(octets.replaceAll(' ', ''), 'hex')
      block.set(name, Buffer.concat([block.get(name) ?? Buffer.alloc(0), more]))
    }
  }
  return networks
}
