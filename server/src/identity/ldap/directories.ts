import { fromUtf8 } from '@sallyport/bytes'
import type { LdapSourceConfiguration, SourceConfiguration } from '../../config/schema.ts'
import type { ConnectionBounds } from './connection.ts'
import { FoundServers, type ResolveService } from './found-servers.ts'
import { LdapDirectory } from './ldap-directory.ts'
import { fixedServers, type ServerList } from './server-list.ts'
import { resolveService } from './service-records.ts'
import { directoryTrust } from './trust.ts'

/** Logins that began on an earlier configuration version end on it. */
const GRACE_MILLISECONDS = 60_000

interface Kept {
  readonly directory: LdapDirectory
  leaving?: NodeJS.Timeout
}

/**
 * The directories of a thread, with their connections and what is known of their servers. They outlive configuration
 * versions: one whose own settings did not change keeps its connections.
 */
export class Directories {
  readonly #kept = new Map<string, Kept>()
  readonly #resolve: ResolveService

  constructor(resolve: ResolveService = resolveService) {
    this.#resolve = resolve
  }

  /** @throws ConfigError where the authorities cannot be read */
  of(settings: LdapSourceConfiguration): LdapDirectory {
    const key = keyOf(settings)
    const kept = this.#kept.get(key)
    if (kept !== undefined) {
      clearTimeout(kept.leaving)
      return kept.directory
    }
    const directory = createDirectory(settings, { resolve: this.#resolve })
    this.#kept.set(key, { directory })
    return directory
  }

  /** Lets go of what no source of this configuration uses. */
  keepOnly(sources: readonly SourceConfiguration[]): void {
    const used = new Set(sources.flatMap((source) => (source.kind === 'ldap' ? keyOf(source) : [])))
    for (const [key, kept] of this.#kept) {
      clearTimeout(kept.leaving)
      if (used.has(key)) continue
      kept.leaving = setTimeout(() => {
        this.#kept.delete(key)
        kept.directory.close()
      }, GRACE_MILLISECONDS)
      kept.leaving.unref()
    }
  }

  close(): void {
    for (const { directory, leaving } of this.#kept.values()) {
      clearTimeout(leaving)
      directory.close()
    }
    this.#kept.clear()
  }
}

export interface CreateDirectoryOptions {
  readonly bounds?: ConnectionBounds
  readonly resolve?: ResolveService
}

/** @throws ConfigError where the authorities cannot be read */
export function createDirectory(
  settings: LdapSourceConfiguration,
  { bounds, resolve = resolveService }: CreateDirectoryOptions = {},
): LdapDirectory {
  const { name, deadlineMilliseconds, connections, serverName, bindMode, bindDn, bindPassword } = settings
  const service =
    bindMode === 'regular' ? { dn: bindDn ?? '', password: fromUtf8(bindPassword ?? '') } : undefined
  return new LdapDirectory(
    {
      ...{ name, deadlineMilliseconds, connections },
      // Two servers can be tried within the deadline.
      connectMilliseconds: Math.min(2000, deadlineMilliseconds / 2),
      secureContext: directoryTrust(settings.authorities),
      ...(bounds === undefined ? {} : { bounds }),
      ...(serverName === undefined ? {} : { serverName }),
      ...(service === undefined ? {} : { service }),
    },
    serversOf(settings, resolve),
  )
}

export function serversOf(
  settings: LdapSourceConfiguration,
  resolve: ResolveService = resolveService,
): ServerList {
  const { servers, startTls, domain, site, type, allowUnencrypted, authorities } = settings
  if (servers.length > 0 || domain === undefined) return fixedServers(servers, startTls)
  return new FoundServers({
    ...{ domain, startTls, resolve },
    ...(site === undefined ? {} : { site }),
    scheme: startTls || allowUnencrypted ? 'ldap' : 'ldaps',
    isActiveDirectory: type === 'active-directory',
    hasOwnAuthorities: authorities !== undefined,
  })
}

/** What a connection depends on; how users are searched does not change it. */
function keyOf(settings: LdapSourceConfiguration): string {
  const { name, servers, domain, site, startTls, authorities, serverName, bindMode, bindDn, bindPassword } =
    settings
  const { type, allowUnencrypted, deadlineMilliseconds, connections } = settings
  return JSON.stringify([
    ...[name, servers, domain, site, startTls, authorities, serverName, bindMode, bindDn, bindPassword],
    ...[type, allowUnencrypted, deadlineMilliseconds, connections],
  ])
}
