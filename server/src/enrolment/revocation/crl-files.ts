import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Fetched CRLs over a restart: one file each, named by the hash of the URL, its time the time of the fetch. They are
 * public and signed; what cannot be read or written is fetched again, and no reason to stop.
 */
export class CrlFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  read(url: string): { readonly octets: Uint8Array; readonly fetchedAt: number } | undefined {
    try {
      const file = this.#fileOf(url)
      return { octets: readFileSync(file), fetchedAt: statSync(file).mtimeMs }
    } catch {
      return undefined
    }
  }

  write(url: string, octets: Uint8Array, fetchedAt: number): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      const file = this.#fileOf(url)
      // Whole or not at all: a process that is killed leaves no half list.
      writeFileSync(`${file}.new`, octets)
      utimesSync(`${file}.new`, fetchedAt / 1000, fetchedAt / 1000)
      renameSync(`${file}.new`, file)
    } catch {
      // The list is in memory all the same.
    }
  }

  remove(url: string): void {
    rmSync(this.#fileOf(url), { force: true })
  }

  #fileOf(url: string): string {
    return join(this.#folder, `${createHash('sha256').update(url).digest('hex')}.crl`)
  }
}
