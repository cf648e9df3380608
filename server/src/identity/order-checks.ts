import type { Problem } from '../config/problem.ts'
import type { Configuration, RealmConfiguration, SourceConfiguration } from '../config/schema.ts'
import { closest } from '../config/suggestion.ts'
import { USE_WINBIND } from './checks.ts'
import { formsOfRule } from './method-forms.ts'
import { parseServer } from './tacacs/server-address.ts'

/** What an authentication order makes of the sources it names. */
export function checkOrder(configuration: Configuration): readonly Problem[] {
  return [
    ...directoriesOfWinbind(configuration),
    ...tacacsServers(configuration),
    ...moreGuesses(configuration),
    ...withoutMschap(configuration),
    ...askedByNobody(configuration),
  ]
}

function directoriesOfWinbind({ sources }: Configuration): Problem[] {
  const directories = sources.filter(({ kind }) => kind === 'ldap').map(({ name }) => name)
  return sources.flatMap((source): Problem[] => {
    if (source.kind !== 'winbind') return []
    const path = `sources/${source.name}/directory`
    const named = sources.find(({ name }) => name === source.directory)
    if (named?.kind === 'ldap') {
      if (named.bindMode === 'simple') {
        const message = `The source '${named.name}' has bindMode simple and sees no account without its password; winbind needs regular.`
        return [{ path, severity: 'error', code: 'directory-sees-no-accounts', message }]
      }
      if (named.type === 'active-directory') return []
      const message = `winbind knows Active Directory alone, and '${named.name}' is of type ${named.type}.`
      return [{ path, severity: 'error', code: 'directory-not-active-directory', message }]
    }
    const message =
      named === undefined
        ? `There is no source '${source.directory}'.`
        : `The source '${named.name}' is of kind ${named.kind}; accounts and groups come from one of kind ldap.`
    const suggestion = closest(source.directory, directories)
    return [
      { path, severity: 'error', code: 'unknown-directory', message, ...(suggestion && { suggestion }) },
    ]
  })
}

/** A source that was made and forgotten in the realm: every login says "not found", and the source is never to blame. */
function askedByNobody({ sources, realms }: Configuration): Problem[] {
  return sources.flatMap((source): Problem[] => {
    const isAsked = realms.some((realm) => realm.sources.includes(source.name))
    const isDirectory = sources.some((each) => each.kind === 'winbind' && each.directory === source.name)
    const isCopied = source.kind === 'ldap' && source.sync.enabled
    if (source.kind === 'local' || isAsked || isDirectory || isCopied) return []
    const message = `No realm asks this source, so nobody can log in by it: add '${source.name}' to sources of a realm.`
    return [{ path: `sources/${source.name}`, severity: 'warning', code: 'source-unasked', message }]
  })
}

function tacacsServers({ sources }: Configuration): Problem[] {
  return sources.flatMap((source) =>
    source.kind !== 'tacacs'
      ? []
      : source.servers.flatMap((text, index): Problem[] => {
          if (parseServer(text) !== undefined) return []
          const path = `sources/${source.name}/servers/${index}`
          const message = `'${text}' is not host or host:port; an IPv6 address with a port is [2001:db8::1]:49.`
          return [{ path, severity: 'error', code: 'server-malformed', message }]
        }),
  )
}

function moreGuesses({ sources, realms }: Configuration): Problem[] {
  return sources.flatMap((source): Problem[] => {
    const followed = realms.filter((realm) => followers(realm, source).length > 0)
    if (source.onWrongPassword !== 'next' || followed.length === 0) return []
    const orders = followed.map((realm) => `${realm.name}: ${followers(realm, source).join(', ')}`)
    const message = `Each source after it grants one more guess of a password (realm ${orders.join('; realm ')}).`
    const path = `sources/${source.name}/onWrongPassword`
    return [{ path, severity: 'warning', code: 'more-guesses', message }]
  })
}

function followers({ sources }: RealmConfiguration, { name }: SourceConfiguration): readonly string[] {
  const index = sources.indexOf(name)
  return index < 0 ? [] : sources.slice(index + 1)
}

/** Users whose only source cannot check MS-CHAP, where a rule would let them in by it: what Windows offers first. */
function withoutMschap({ sources, realms, rules }: Configuration): Problem[] {
  const rule = rules.find((each) => {
    const forms = formsOfRule(each)
    return each.effect === 'accept' && (forms === undefined || forms.has('mschap') || forms.has('mschapv2'))
  })
  if (rule === undefined) return []
  return realms.flatMap((realm) => {
    const asked = realm.sources.flatMap((name) => sources.find((source) => source.name === name) ?? [])
    return asked.flatMap((source): Problem[] => {
      const isCovered = asked.some(
        ({ kind, ...other }) =>
          kind === 'radius' ||
          (kind === 'winbind' && 'directory' in other && other.directory === source.name),
      )
      if (source.kind !== 'ldap' || isCovered) return []
      const message = `Rule '${rule.name}' allows MS-CHAPv2, also inside PEAP, which users of source '${source.name}' cannot log in by.`
      const path = `realms/${realm.name}/sources`
      return [
        { path, severity: 'warning', code: 'realm-without-mschap', message: `${message} ${USE_WINBIND}` },
      ]
    })
  })
}
