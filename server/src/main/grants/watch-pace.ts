import type { Configuration, LdapSourceConfiguration } from '../../config/schema.ts'

/** Nothing is looked at more often. */
const SHORTEST_SECONDS = 2

/**
 * How often every live session is looked at: as configured, and at least twice in the time for which a directory is
 * believed. The other half is how long main keeps the answer about one account (`keptMinutes`): together a change in a
 * directory is seen within that time, and each account is asked for about once in it, however many sessions it has.
 */
export function sweepSeconds({ settings, sources }: Pick<Configuration, 'settings' | 'sources'>): number {
  const halves = sources.flatMap((source) =>
    source.kind === 'ldap' && source.cache.minutes > 0 ? [source.cache.minutes * 30] : [],
  )
  return Math.max(SHORTEST_SECONDS, Math.min(settings.grants.sweepSeconds, ...halves))
}

export function keptMinutes(
  { cache }: Pick<LdapSourceConfiguration, 'cache'>,
  configuration: Pick<Configuration, 'settings' | 'sources'>,
): number {
  return Math.max(0, cache.minutes - sweepSeconds(configuration) / 60)
}
