import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from './errors.ts'

/** One key of the key file. */
export interface SealKey {
  /** Not secret; stands in every sealed value. */
  readonly id: string
  /** 32 octets. */
  readonly key: Uint8Array
}

const KEY_LENGTH = 32
const HEADER =
  '# Sallyport: keys that seal the secrets in the database. Keep a copy apart from the database backups.\n' +
  '# Without this file the secrets are lost. The first key seals; the others only open what they sealed.\n'

/**
 * Reads the key file, newest key first.
 *
 * @throws ConfigError 'key-file-missing', 'key-file-readable' (group or others may read it), 'key-file-invalid'
 */
export function readKeyFile(path: string): [SealKey, ...SealKey[]] {
  const descriptor = open(path)
  try {
    const { mode } = fstatSync(descriptor)
    if ((mode & 0o077) !== 0) {
      throw new ConfigError(
        'key-file-readable',
        `The key file ${path} is open to other accounts (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 ${path}`,
        { path },
      )
    }
    return parse(path, readFileSync(descriptor, 'utf8'))
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Makes a key file with one random key. Only for a database that holds no secret yet: a new key cannot open old secrets.
 *
 * @throws ConfigError 'key-file-exists'
 */
export function createKeyFile(path: string): void {
  // Complete before it has its name: a crash leaves no half-written key file behind.
  const draft = writeDraft(path, [newKey()])
  try {
    linkSync(draft, path)
  } catch (cause) {
    throw new ConfigError(
      'key-file-exists',
      `The key file ${path} cannot be created: ${reason(cause)}.`,
      { path },
      cause,
    )
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(path)
}

/** Puts a new key first. What the older ones sealed still opens. */
export function rotateKeyFile(path: string): void {
  renameSync(writeDraft(path, [newKey(), ...readKeyFile(path)]), path)
  syncFolder(path)
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new ConfigError(
      'key-file-missing',
      `The key file ${path} cannot be read: ${reason(cause)}. Put back the key file that belongs to this database.`,
      { path },
      cause,
    )
  }
}

function parse(path: string, text: string): [SealKey, ...SealKey[]] {
  const keys = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, id, encoded] = /^([0-9a-f]{8}) ([A-Za-z0-9_-]{43})$/.exec(line.trim()) ?? []
      if (id === undefined || encoded === undefined) throw invalid(path)
      return { id, key: new Uint8Array(Buffer.from(encoded, 'base64url')) }
    })
  const [first, ...others] = keys
  if (first === undefined) throw invalid(path)
  return [first, ...others]
}

function invalid(path: string): ConfigError {
  return new ConfigError('key-file-invalid', `The key file ${path} is damaged. Put back a copy of it.`, {
    path,
  })
}

function newKey(): SealKey {
  return { id: randomBytes(4).toString('hex'), key: randomBytes(KEY_LENGTH) }
}

function writeDraft(path: string, keys: readonly SealKey[]): string {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  const lines = keys.map(({ id, key }) => `${id} ${Buffer.from(key).toString('base64url')}\n`)
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    fchmodSync(descriptor, 0o600)
    writeSync(descriptor, HEADER + lines.join(''))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return draft
}

/** A new name is durable when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
