import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Charon } from '@sallyport/lab/charon'
import type { ProfileFile } from '../../src/profiles/profile-output.ts'

/** Puts files where the head of the first one says. */
export function placeFiles(home: string, files: readonly ProfileFile[]): void {
  for (const { name, content } of files) writeFileSync(join(home, 'swanctl', folderOf(name), name), content)
  writeFileSync(join(home, 'swanctl/swanctl.conf'), 'include conf.d/*.conf\n')
}

function folderOf(name: string): string {
  if (name.endsWith('.conf')) return 'conf.d'
  if (name.endsWith('.p12')) return 'pkcs12'
  return /-ca-\d+\.pem$/.test(name) ? 'x509ca' : 'x509'
}

/** What charon holds after loading everything, by name, as `swanctl --list-conns --raw` prints it. */
export async function loadedConnections(charon: Charon, home: string): Promise<ReadonlyMap<string, string>> {
  const { code, output } = await charon.swanctl('--load-all', '--file', join(home, 'swanctl/swanctl.conf'))
  if (code !== 0) throw new Error(`${output}\n${charon.log.slice(-2000)}`)
  const { output: listed } = await charon.swanctl('--list-conns', '--raw')
  return new Map(
    listed.split('\n').flatMap((line) => {
      const name = /^list-conn event \{(\S+) \{/.exec(line)?.[1]
      return name === undefined ? [] : [[name, line]]
    }),
  )
}
