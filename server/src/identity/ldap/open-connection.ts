import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls'
import { resultName } from '@sallyport/ldap'
import { BOUNDS, type ConnectionBounds, LdapConnection } from './connection.ts'
import { type Lost, lost } from './lost.ts'
import type { ServerAddress } from './server-address.ts'

export interface ConnectionSettings {
  /** What vouches for servers; `trust.ts` makes it. */
  readonly secureContext: SecureContext
  /** Name the certificate must carry, where it is not the host of the address. */
  readonly serverName?: string
  readonly lookup?: LookupFunction
  readonly bounds?: ConnectionBounds
}

/** Connects, encrypts where the address says so, and asks nothing yet. Within `milliseconds`, or nothing is left of it. */
export async function openConnection(
  address: ServerAddress,
  settings: ConnectionSettings,
  milliseconds: number,
): Promise<LdapConnection | Lost> {
  const end = performance.now() + milliseconds
  const socket = await tcp(address, settings, milliseconds)
  if ('kind' in socket) return socket
  const bounds = settings.bounds ?? BOUNDS
  if (address.protection === 'none') return new LdapConnection(socket, bounds)
  if (address.protection === 'starttls') {
    const refused = await startTls(socket, bounds, end - performance.now())
    if (refused !== undefined) return refused
  }
  const encrypted = await tls(socket, address, settings, end - performance.now())
  return 'kind' in encrypted ? encrypted : new LdapConnection(encrypted, bounds)
}

function tcp(
  { host, port }: ServerAddress,
  { lookup }: ConnectionSettings,
  milliseconds: number,
): Promise<Socket | Lost> {
  const socket = connectTcp({
    ...{ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 },
    ...(lookup === undefined ? {} : { lookup }),
  })
  return settled(socket, 'connect', milliseconds, {
    failed: (error) => `no connection: ${error.message}`,
    late: `no connection within ${Math.round(milliseconds)} ms`,
  })
}

async function startTls(
  socket: Socket,
  bounds: ConnectionBounds,
  milliseconds: number,
): Promise<Lost | undefined> {
  const clear = new LdapConnection(socket, bounds)
  const answer = await clear.startTls(milliseconds)
  if (answer.kind === 'answered' && answer.result.code === 0) return undefined
  clear.close('StartTLS failed')
  socket.destroy()
  if (answer.kind === 'lost') return answer
  const { code, message } = answer.result
  return lost('unreachable', `the server refuses StartTLS: ${resultName(code)} ${message}`.trim())
}

function tls(
  socket: Socket,
  { host }: ServerAddress,
  { secureContext, serverName }: ConnectionSettings,
  milliseconds: number,
): Promise<TLSSocket | Lost> {
  const expected = serverName ?? host
  const encrypted = connectTls({
    ...{ socket, secureContext, rejectUnauthorized: true },
    // RFC 6066 section 3: an address is no server name.
    ...(isIP(expected) === 0 ? { servername: expected } : {}),
    checkServerIdentity: (_, certificate) => checkServerIdentity(expected, certificate),
  })
  return settled(encrypted, 'secureConnect', milliseconds, {
    failed: (error) => `encryption failed: ${tlsFault(error, expected)}`,
    late: `no encryption within ${Math.round(milliseconds)} ms`,
  })
}

function settled<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  milliseconds: number,
  say: { failed: (error: Error) => string; late: string },
): Promise<S | Lost> {
  return new Promise((resolve) => {
    const finish = (outcome: S | Lost): void => {
      clearTimeout(timer)
      socket.off(event, opened).off('error', failed).off('close', closed)
      if ('cause' in outcome) {
        socket.on('error', () => undefined)
        socket.destroy()
      }
      resolve(outcome)
    }
    const opened = (): void => finish(socket)
    const failed = (error: Error): void => finish(lost('unreachable', say.failed(error)))
    const closed = (): void => finish(lost('unreachable', say.failed(new Error('the server hung up'))))
    const timer = setTimeout(() => finish(lost('unreachable', say.late)), Math.max(1, milliseconds))
    socket.on(event, opened).on('error', failed).on('close', closed)
  })
}

/** Codes of OpenSSL's verdict, for people. */
const TLS_FAULTS: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from a CA that is not trusted here (authorities)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself and not trusted here (authorities)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from a CA that is not trusted here (authorities)',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from a CA that is not trusted here (authorities)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from a CA that is not trusted here (authorities)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; look at the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate carries another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS on this port',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks nothing newer than TLS 1.1',
}

function tlsFault(error: Error, expected: string): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = TLS_FAULTS[code]
  if (known === undefined) return error.message
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? `${known} than ${expected}: ${error.message}` : known
}
