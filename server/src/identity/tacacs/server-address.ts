import { isIP } from 'node:net'

/** RFC 8907 section 4.1 */
export const TACACS_PORT = 49

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** `host`, `host:port`, an IPv6 address, `[IPv6 address]:port`; undefined: none of them. */
export function parseServer(text: string): ServerAddress | undefined {
  if (isIP(text) !== 0) return { host: text, port: TACACS_PORT }
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?$/.exec(text)
  const [, bracketed, name, digits] = match ?? []
  const host = bracketed ?? name
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined
  const port = digits === undefined ? TACACS_PORT : Number(digits)
  return port >= 1 && port <= 65_535 ? { host, port } : undefined
}
