import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LOCAL_CA_FILE } from '../../admins/local-access.ts'
import { usageError } from '../cli-error.ts'
import { DEFAULT_DATA } from '../connection.ts'
import type { Input } from '../input.ts'
import type { Terminal } from '../terminal.ts'
import { type EapMethod, usesTls } from './eap-peers.ts'

/** What the peer's TLS needs, read from the flags. PEM texts. */
export interface TlsSettings {
  /** The CA that must have made the server's certificate. */
  readonly authority: string
  readonly serverName: string | undefined
  readonly certificate: { readonly chain: string; readonly key: string } | undefined
  readonly version: 'TLSv1.2' | 'TLSv1.3' | undefined
}

/** Undefined where the method has no TLS. */
export function tlsSettings(
  method: EapMethod,
  inner: string | undefined,
  input: Input,
  terminal: Terminal,
): TlsSettings | undefined {
  if (!usesTls(method)) return undefined
  return {
    authority: terminal.readFile(authorityFile(input)),
    serverName: input.text('server-name'),
    certificate: certificate(method, inner, input, terminal),
    version: version(input.text('tls-version')),
  }
}

/** Without a CA anybody could take the password: there is no default but our own server's. */
function authorityFile(input: Input): string {
  const named = input.text('ca')
  if (named !== undefined) return named
  const own = join(input.text('data') ?? DEFAULT_DATA, LOCAL_CA_FILE)
  if (existsSync(own)) return own
  throw usageError("Which CA made the server's certificate? --ca FILE")
}

function certificate(
  method: EapMethod,
  inner: string | undefined,
  input: Input,
  terminal: Terminal,
): TlsSettings['certificate'] {
  const chain = input.text('cert')
  const key = input.text('key')
  if (chain === undefined && key === undefined) {
    if (method !== 'eap-tls' && inner !== 'eap-tls') return undefined
    throw usageError('eap-tls needs a client certificate: --cert FILE --key FILE')
  }
  if (chain === undefined || key === undefined) throw usageError('--cert and --key go together.')
  return { chain: terminal.readFile(chain), key: terminal.readFile(key) }
}

function version(text: string | undefined): TlsSettings['version'] {
  switch (text) {
    case undefined:
      return undefined
    case '1.2':
      return 'TLSv1.2'
    case '1.3':
      return 'TLSv1.3'
    default:
      throw usageError(`--tls-version takes 1.2 or 1.3, not "${text}".`)
  }
}
