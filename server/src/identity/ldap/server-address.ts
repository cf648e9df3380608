/** Where a server is, and how what is said to it is protected. */
export interface ServerAddress {
  /** As people know it: `ldaps://dc1.example.org`; the port only where it is not the usual one. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly protection: 'tls' | 'starttls' | 'none'
}

const PORTS = { ldap: 389, ldaps: 636 } as const

/** Undefined where the text is no address (`ldapSourceSchema` takes none such). */
export function parseServerAddress(text: string, startTls: boolean): ServerAddress | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port } = new URL(text.toLowerCase())
  const scheme = protocol.slice(0, -1)
  if ((scheme !== 'ldap' && scheme !== 'ldaps') || hostname === '') return undefined
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return serverAddress(scheme, host, port === '' ? PORTS[scheme] : Number(port), startTls)
}

export function serverAddress(
  scheme: 'ldap' | 'ldaps',
  host: string,
  port: number,
  startTls: boolean,
): ServerAddress {
  const shown = host.includes(':') ? `[${host}]` : host
  const name = `${scheme}://${shown}${port === PORTS[scheme] ? '' : `:${port}`}`
  return { name, host, port, protection: scheme === 'ldaps' ? 'tls' : startTls ? 'starttls' : 'none' }
}
