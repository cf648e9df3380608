import type { Problem } from './problem.ts'
import type { Configuration } from './schema.ts'
import { closest } from './suggestion.ts'

/** A realm is checked here or passed on: one of the two, and it can be done. */
export function realmIsServed({ realms, upstreams }: Configuration): Problem[] {
  const groups = [...new Set(upstreams.map(({ group }) => group))]
  return realms.flatMap(({ name, sources, proxy }) => {
    const path = `realms/${name}`
    if (proxy === undefined) {
      if (sources.length > 0) return []
      return [error(path, 'realm-unserved', 'Give sources (checked here) or proxy (passed on to a group).')]
    }
    const both =
      sources.length === 0
        ? []
        : [
            error(
              `${path}/sources`,
              'realm-twice',
              'A realm that is passed on asks no sources; leave out one.',
            ),
          ]
    return [...both, ...groupIsThere(`${path}/proxy/group`, proxy.group, groups)]
  })
}

/** A source asks a group that is there; realms look at themselves above. */
export function groupsOfSources({ sources, upstreams }: Configuration): Problem[] {
  const groups = [...new Set(upstreams.map(({ group }) => group))]
  return sources.flatMap((source) =>
    source.kind === 'radius' ? groupIsThere(`sources/${source.name}/group`, source.group, groups) : [],
  )
}

function groupIsThere(path: string, group: string, groups: readonly string[]): Problem[] {
  if (groups.includes(group)) return []
  const message = `No upstream belongs to a group '${group}'.`
  return [error(path, 'unknown-upstream-group', message, closest(group, groups))]
}

/** `user.source` names a source or a group: one name must not mean both. */
export function groupNames({ upstreams, sources }: Configuration): Problem[] {
  return upstreams.flatMap(({ name, group }) =>
    sources.some((source) => source.name === group)
      ? [
          error(
            `upstreams/${name}/group`,
            'duplicate-name',
            `The name '${group}' is taken already by a source; conditions could not tell them apart.`,
          ),
        ]
      : [],
  )
}

export function legacyUpstreams({ upstreams }: Configuration): Problem[] {
  return upstreams
    .filter(({ requireMessageAuthenticator }) => !requireMessageAuthenticator)
    .map(({ name }) =>
      warning(
        `upstreams/${name}/requireMessageAuthenticator`,
        'legacy-upstream',
        'Replies without Message-Authenticator are taken: an attacker on the way can forge an accept (CVE-2024-3596).',
      ),
    )
}

/** Two entries for one server would each believe the other's share of it free. */
export function upstreamsTwice({ upstreams }: Configuration): Problem[] {
  const taken = new Map<string, string>()
  return upstreams.flatMap(({ name, group, host, authenticationPort }) => {
    const key = `${group} ${host.toLowerCase()} ${authenticationPort}`
    const other = taken.get(key)
    taken.set(key, other ?? name)
    if (other === undefined) return []
    return [
      warning(
        `upstreams/${name}/host`,
        'upstream-twice',
        `The upstream '${other}' of the group is the same server.`,
      ),
    ]
  })
}

export function allowEverything({ realms }: Configuration): Problem[] {
  return realms
    .filter(({ proxy }) => proxy?.reply.allow.includes('*'))
    .map(({ name }) =>
      warning(
        `realms/${name}/proxy/reply/allow`,
        'allows-everything',
        'Whoever runs the upstream decides over VLANs, access lists and administrator rights of your devices.',
      ),
    )
}

function error(path: string, code: string, message: string, suggestion?: string): Problem {
  return { path, severity: 'error', code, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function warning(path: string, code: string, message: string): Problem {
  return { path, severity: 'warning', code, message }
}
