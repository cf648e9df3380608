import { type RealmSettings, RealmTable } from './realms.ts'
import { nameKey } from './user-name.ts'

/**
 * Under which realm a certificate names a user, so that it leads back to that account: a suffix of a realm that asks the
 * account's source, the default realm before others; `null`, the bare name, where the default realm has none. undefined:
 * no name leads to this account.
 */
export function principalRealm(
  user: { readonly name: string; readonly source: string },
  realms: readonly RealmSettings[],
): string | null | undefined {
  const table = new RealmTable(realms)
  const leadsBack = (suffix: string | null): boolean => {
    const choice = table.choose(suffix === null ? user.name : `${user.name}@${suffix}`)
    return (
      choice.kind === 'realm' &&
      choice.realm.sources.includes(user.source) &&
      nameKey(choice.user) === nameKey(user.name)
    )
  }
  const [main] = realms.filter((realm) => realm.default === true)
  const others = realms.filter((realm) => realm !== main)
  const suffixesOf = (realm: RealmSettings | undefined): readonly string[] => realm?.suffixes ?? []
  return [...suffixesOf(main), null, ...others.flatMap(suffixesOf)].find(leadsBack)
}
