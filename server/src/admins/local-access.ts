import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * How the command line on the server's own machine gets in: `cli-token` in the data directory, readable by the account
 * the server runs as alone. First line the token of AdminAccounts.issueLocalToken(), second line the server's URL.
 * `ca.pem` beside it is the CA whose certificate the HTTPS listener shows.
 */
export interface LocalAccess {
  readonly token: string
  readonly server: string
}

export const LOCAL_CA_FILE = 'ca.pem'
const FILE = 'cli-token'
const DEFAULT_SERVER = 'https://127.0.0.1:8443'

/** Written aside and renamed: a reader never meets half a file, nor an old one with wider permissions. */
export function writeLocalAccess(dataDirectory: string, access: LocalAccess): void {
  const path = join(dataDirectory, FILE)
  const aside = `${path}.${randomUUID()}`
  writeFileSync(aside, `${access.token}\n${access.server}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(aside, path)
}

/** Throws Node's error where the file cannot be read. */
export function readLocalAccess(dataDirectory: string): LocalAccess {
  const [token = '', server = ''] = readFileSync(join(dataDirectory, FILE), 'utf8').split('\n')
  return { token, server: server === '' ? DEFAULT_SERVER : server }
}
