import { parseServerAddress, type ServerAddress } from './server-address.ts'

/** Servers of a profile, the preferred first. */
export interface ServerList {
  /** Rejects where none are known, with a sentence. */
  current(): Promise<readonly ServerAddress[]> | readonly ServerAddress[]
}

/** Those the configuration names. */
export function fixedServers(servers: readonly string[], startTls: boolean): ServerList {
  const addresses = servers.flatMap((server) => parseServerAddress(server, startTls) ?? [])
  return { current: () => addresses }
}
