import {
  connectionsHoldTogether,
  gatewaysHoldTogether,
  gatewaysKeepConnectionsApart,
  gatewaysServeConnectionsApart,
} from './connection-checks.ts'
import type { Check, Problem } from './problem.ts'
import type { Configuration } from './schema.ts'
import { sharedSecretsOf } from './secrets.ts'
import { LIST_SECTIONS, type ListSection } from './section-shapes.ts'
import { networkOf } from './sections/client-address.ts'
import { RECOMMENDED_SECRET_LENGTH } from './sections/secret.ts'
import { BUILT_IN_CERTIFICATE } from './sections/server-certificates.ts'
import { closest } from './suggestion.ts'
import {
  allowEverything,
  groupNames,
  groupsOfSources,
  legacyUpstreams,
  realmIsServed,
  upstreamsTwice,
} from './upstream-checks.ts'

/** What must hang together, in the order it is reported. Features append their own checks. */
export const CHECKS: readonly Check[] = [
  uniqueNames,
  sourcesOfRealms,
  realmIsServed,
  groupNames,
  groupsOfSources,
  profilesOfRules,
  oneRealmForEachName,
  clientAddresses,
  secretLengths,
  secretSpaces,
  rotations,
  legacyClients,
  legacyUpstreams,
  upstreamsTwice,
  allowEverything,
  uselessRules,
  ownAuthority,
  purposesOfAuthorities,
  serverCertificateSelections,
  connectionsHoldTogether,
  gatewaysHoldTogether,
  gatewaysKeepConnectionsApart,
  gatewaysServeConnectionsApart,
]

function error(path: string, code: string, message: string, suggestion?: string): Problem {
  return { path, severity: 'error', code, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function warning(path: string, code: string, message: string): Problem {
  return { path, severity: 'warning', code, message }
}

/** Names differ in more than upper and lower case: conditions and paths go by them. */
function uniqueNames(configuration: Configuration): Problem[] {
  return duplicateNames(configuration, (object) => object.name)
}

/** In a document that is not merged yet, by position: of two namesakes the second is the one to look at. */
export function duplicateNames(
  configuration: Partial<Record<ListSection, readonly { readonly name: string }[]>>,
  memberPath: (object: { readonly name: string }, index: number) => string = (_, index) => String(index),
): Problem[] {
  return LIST_SECTIONS.flatMap((section) => {
    const seen = new Map<string, string>()
    return (configuration[section] ?? []).flatMap((object, index) => {
      const key = object.name.toLowerCase().normalize('NFC')
      const other = seen.get(key)
      seen.set(key, other ?? object.name)
      if (other === undefined) return []
      const path = `${section}/${memberPath(object, index)}`
      return [error(path, 'duplicate-name', `The name '${object.name}' is taken already by '${other}'.`)]
    })
  })
}

function sourcesOfRealms({ realms, sources }: Configuration): Problem[] {
  return realms.flatMap((realm) =>
    missing(`realms/${realm.name}/sources`, 'source', realm.sources, sources.map(name)),
  )
}

function profilesOfRules({ rules, profiles }: Configuration): Problem[] {
  return rules.flatMap((rule) =>
    missing(`rules/${rule.name}/profiles`, 'profile', rule.profiles, profiles.map(name)),
  )
}

function missing(path: string, what: string, wanted: readonly string[], known: readonly string[]): Problem[] {
  const there = known.length === 0 || known.length > MOST_LISTED ? '' : ` There are: ${known.join(', ')}.`
  return wanted.flatMap((word, index) =>
    known.includes(word)
      ? []
      : [
          error(
            `${path}/${index}`,
            `unknown-${what}`,
            `There is no ${what} '${word}'.${there}`,
            closest(word, known),
          ),
        ],
  )
}

/** More names in a message than this help nobody. */
const MOST_LISTED = 12

function name(object: { readonly name: string }): string {
  return object.name
}

/** A user name must lead to one realm only, or the order of realms would decide who may log in. */
function oneRealmForEachName({ realms }: Configuration): Problem[] {
  const problems: Problem[] = []
  const taken = new Map<string, string>()
  const take = (key: string, realm: string, path: string, what: string): void => {
    const other = taken.get(key)
    if (other === undefined) taken.set(key, realm)
    else {
      const cure = `Set it at realm '${other}' instead, or take it from that one in the same document.`
      problems.push(
        error(
          path,
          'realm-overlap',
          `${what} belongs to realm '${other}' already, and to one alone. ${cure}`,
        ),
      )
    }
  }
  for (const realm of realms) {
    const path = `realms/${realm.name}`
    if (realm.default) take('default', realm.name, `${path}/default`, 'The default')
    realm.suffixes.forEach((suffix, index) => {
      take(`@${suffix.toLowerCase()}`, realm.name, `${path}/suffixes/${index}`, `The suffix '${suffix}'`)
    })
    realm.prefixes.forEach((prefix, index) => {
      take(`\\${prefix.toLowerCase()}`, realm.name, `${path}/prefixes/${index}`, `The prefix '${prefix}'`)
    })
    if (
      !realm.default &&
      [realm.suffixes, realm.prefixes, realm.patterns].every((list) => list.length === 0)
    ) {
      problems.push(
        warning(
          path,
          'realm-unused',
          'No user name leads here: give a suffix, a prefix or a pattern, or make it the default.',
        ),
      )
    }
  }
  return problems
}

/** Two clients with one address could not be told apart; nested networks can (the longest prefix wins). */
function clientAddresses({ clients }: Configuration): Problem[] {
  const taken = new Map<string, string>()
  return clients.flatMap((client) => {
    const path = `clients/${client.name}/address`
    const network = networkOf(client.address)
    if (network?.hostBits) {
      return [error(path, 'host-bits', 'The address reaches beyond its prefix length.', network.text)]
    }
    const key = network?.text ?? client.address.toLowerCase()
    const other = taken.get(key)
    if (other !== undefined) {
      return [error(path, 'address-taken', `The client '${other}' has this address already.`)]
    }
    taken.set(key, client.name)
    return []
  })
}

function secretLengths(configuration: Configuration): Problem[] {
  return [...sharedSecretsOf(configuration)].flatMap(([path, secret]) =>
    // An empty one is a reference to nothing, which is an error already. The password of an account protects no packets.
    secret !== '' && !path.endsWith('/bindPassword') && secret.length < RECOMMENDED_SECRET_LENGTH
      ? [
          warning(
            path,
            'secret-short',
            `Shorter than ${RECOMMENDED_SECRET_LENGTH} characters: one captured packet lets it be guessed offline (RFC 2865 section 3).`,
          ),
        ]
      : [],
  )
}

/** Mostly a line break that a YAML block (`secret: |`) brought along, and that the device does not have. */
function secretSpaces(configuration: Configuration): Problem[] {
  return [...sharedSecretsOf(configuration)].flatMap(([path, secret]) =>
    secret === secret.trim()
      ? []
      : [warning(path, 'secret-space', 'The secret starts or ends with white space. Is that meant?')],
  )
}

function rotations({ clients }: Configuration): Problem[] {
  return clients.flatMap((client) =>
    client.newSecret === client.secret && client.secret !== ''
      ? [warning(`clients/${client.name}/newSecret`, 'secret-same', 'The new secret is the old one.')]
      : [],
  )
}

function legacyClients({ clients }: Configuration): Problem[] {
  return clients.flatMap((client) =>
    client.requireMessageAuthenticator
      ? []
      : [
          warning(
            `clients/${client.name}/requireMessageAuthenticator`,
            'legacy-client',
            'Requests without Message-Authenticator are taken: an attacker on the way can forge an accept (CVE-2024-3596).',
          ),
        ],
  )
}

function uselessRules({ rules }: Configuration): Problem[] {
  const problems: Problem[] = []
  let always: string | undefined
  for (const rule of rules) {
    const path = `rules/${rule.name}`
    if (always !== undefined) {
      problems.push(warning(path, 'rule-unreachable', `Never reached: '${always}' above matches always.`))
    } else if (
      rule.mode === 'enforce' &&
      rule.when === undefined &&
      // A reject does not look at methods: whoever is refused is refused by any.
      (rule.effect === 'reject' || (rule.methods.outer === undefined && rule.methods.inner === undefined))
    ) {
      always = rule.name
    }
    if (rule.effect === 'reject' && rule.profiles.length > 0) {
      problems.push(
        warning(`${path}/profiles`, 'profiles-unused', 'A reject carries no authorization profile.'),
      )
    }
  }
  return problems
}

function ownAuthority({ trust }: Configuration): Problem[] {
  return trust
    .filter((authority) => authority.kind === 'own')
    .slice(1)
    .map((authority) =>
      error(`trust/${authority.name}`, 'own-twice', "Sallyport's own authority is listed already."),
    )
}

function purposesOfAuthorities({ trust, clients, realms }: Configuration): Problem[] {
  return trust.flatMap(({ name: authority, purpose }) => [
    ...missing(`trust/${authority}/purpose/clients`, 'client', purpose.clients, clients.map(name)),
    ...missing(`trust/${authority}/purpose/realms`, 'realm', purpose.realms, realms.map(name)),
  ])
}

/** Which certificate a login is shown must not be a riddle: known names, one default, no entry that is never reached. */
function serverCertificateSelections({ serverCertificates, clients, realms }: Configuration): Problem[] {
  const taken = new Map<string, string>()
  return serverCertificates.flatMap((entry) => {
    const path = `serverCertificates/${entry.name}`
    const problems = [
      ...missing(`${path}/clients`, 'client', entry.clients, clients.map(name)),
      ...missing(`${path}/realms`, 'realm', entry.realms, realms.map(name)),
    ]
    if (entry.name === BUILT_IN_CERTIFICATE) {
      problems.push(error(path, 'name-reserved', 'The certificate that is always there has this name.'))
    }
    const key = JSON.stringify([[...entry.clients].sort(), [...entry.realms].sort()])
    const other = taken.get(key)
    taken.set(key, other ?? entry.name)
    if (other !== undefined) {
      const whom = key === '[[],[]]' ? 'Both are for everybody' : 'Both are for the same clients and realms'
      problems.push(error(path, 'certificate-selection-taken', `${whom}: '${other}' would always be shown.`))
    }
    return problems
  })
}
