import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProfileFile } from '../listeners/https/services.ts'
import { CliError } from './cli-error.ts'
import { messageOf, type Terminal } from './terminal.ts'

/** Writes files that were made; those with a secret are for whoever ran the command alone. */
export function writeProfileFiles(
  files: readonly ProfileFile[],
  { folder, force }: { readonly folder: string; readonly force: boolean },
  terminal: Terminal,
): void {
  const paths = files.map(({ name }) => join(folder, name))
  const taken = paths.filter((path) => existsSync(path))
  if (taken.length > 0 && !force) {
    throw new CliError(
      `There already: ${taken.join(', ')}. Choose another folder with --out, or use --force.`,
    )
  }
  try {
    mkdirSync(folder, { recursive: true })
    for (const [index, { content, encoding, holdsSecret }] of files.entries()) {
      const path = paths[index] as string // as many paths as files
      // Made anew: a file that is written over keeps its mode, and a link leads elsewhere.
      if (force) rmSync(path, { force: true })
      writeFileSync(path, Buffer.from(content, encoding), {
        mode: holdsSecret ? 0o600 : 0o644,
        flag: 'wx',
      })
      terminal.print(holdsSecret ? `${path} (holds a secret)` : path)
    }
  } catch (error) {
    throw new CliError(`${folder} cannot be written to: ${messageOf(error)}`)
  }
}
