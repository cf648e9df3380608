import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from './cli-error.ts'
import { messageOf } from './terminal.ts'

/** Where the files of one user's certificate go: `alice.pem`, `alice.key`, and `ca.pem` beside them. */
export interface CertificateFiles {
  readonly certificate: string
  /** Absent: the holder has the key already. */
  readonly key?: string
  readonly ca: string
}

/** What goes into them, in PEM. */
export type CertificateTexts = { readonly [File in keyof CertificateFiles]: string }

export interface FileWishes {
  readonly folder: string
  readonly user: string
  readonly withKey: boolean
  /** What `ca.pem` will hold: the same text in its place is no obstacle. */
  readonly ca: string
  /** Overwrite what is there. */
  readonly force: boolean
}

/** Before anything is issued: a key that is made is handed out once, so its place must be free and can be written. */
export function prepareFiles({ folder, user, withKey, ca, force }: FileWishes): CertificateFiles {
  const name = fileName(user)
  const files = {
    certificate: join(folder, `${name}.pem`),
    ...(withKey ? { key: join(folder, `${name}.key`) } : {}),
    ca: join(folder, 'ca.pem'),
  }
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK | constants.X_OK)
    const taken = Object.values(files).filter((file) => existsSync(file))
    const others = taken.filter((file) => file !== files.ca || readFileSync(file, 'utf8') !== ca)
    if (others.length === 0 || force) return files
    throw new CliError(
      `There already: ${others.join(', ')}. Choose another folder with --out, or use --force.`,
    )
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(`${folder} cannot be used: ${messageOf(error)}`)
  }
}

/** Throws Node's error. The key can be read by whoever ran the command alone. */
export function writeFiles(files: CertificateFiles, texts: CertificateTexts): void {
  if (files.key !== undefined && texts.key !== undefined) {
    // Made anew: a file that is written over keeps its mode.
    rmSync(files.key, { force: true })
    writeFileSync(files.key, texts.key, { mode: 0o600, flag: 'wx' })
  }
  writeFileSync(files.certificate, texts.certificate)
  writeFileSync(files.ca, texts.ca)
}

/** A user name may hold anything; a file name of ours no separator, and no dot or dash at its beginning. */
export function fileName(user: string): string {
  return user.replace(/[^\p{L}\p{N}._-]/gu, '_').replace(/^[.-]/, '_')
}
