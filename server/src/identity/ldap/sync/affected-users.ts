import { sql } from 'kysely'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../store/database.ts'
import type { FactChange } from '../../../store/fact-change.ts'
import type { GroupRow, UserRow } from './object-row.ts'

/** More users than this are not looked up one by one: every grant is then looked at. */
export const MOST_AFFECTED = 200

export interface AffectedParts {
  readonly database: Database
  readonly source: string
  /** Of the configuration that is served. */
  readonly configVersion: number
  readonly clock: Clock
}

/** Whose grants have to be decided again because of what a sync saw. */
export class AffectedUsers {
  readonly #parts: AffectedParts

  constructor(parts: AffectedParts) {
    this.#parts = parts
  }

  /** Of users that changed or are gone. A login may have used either name. */
  ofUsers(users: readonly Pick<UserRow, 'name' | 'upn'>[]): FactChange[] {
    const names = new Set(users.flatMap(({ name, upn }) => (upn == null ? [name] : [name, upn])))
    if (names.size > MOST_AFFECTED) return [this.#note('all', null)]
    return [...names].map((name) => this.#note('user', name))
  }

  /** Of groups that are gone or have another name: whoever came in by the old one. */
  ofGroups(groups: readonly Pick<GroupRow, 'name'>[]): FactChange[] {
    return groups.map(({ name }) => this.#note('group', name))
  }

  /** Of members that joined or left a group; the members of a group among them are meant too. */
  async ofMembers(keys: readonly string[]): Promise<FactChange[]> {
    if (keys.length === 0) return []
    if (keys.length > MOST_AFFECTED) return [this.#note('all', null)]
    const { database, source } = this.#parts
    const logins = keys.filter((key) => key.startsWith('uid:')).map((key) => key.slice('uid:'.length))
    const { rows } = await sql<{ name: string; upn: string | null }>`
      with recursive members(member_key) as (
        select member_key from (${sql.join(
          keys.map((key) => sql`select ${key} as member_key`),
          sql` union `,
        )}) as given
        union
        select inside.member_key
          from members
          join directory_groups as inner_group
            on inner_group.source = ${source} and inner_group.dn_key = members.member_key
          join directory_memberships as inside
            on inside.source = ${source} and inside.group_id = inner_group.id)
      select name, upn from directory_users
       where source = ${source} and (dn_key in (select member_key from members)
         or name_key in (${logins.length === 0 ? sql`''` : sql.join(logins)}))
       limit ${MOST_AFFECTED + 1}`.execute(database.kysely)
    return rows.length > MOST_AFFECTED ? [this.#note('all', null)] : this.ofUsers(rows)
  }

  #note(fact: FactChange['fact'], key: string | null): FactChange {
    const { source, configVersion, clock } = this.#parts
    return {
      at: clock.now(),
      fact,
      key,
      cause: `directory "${source}" was synced`,
      asked_by: 'system',
      config_version: configVersion,
    }
  }
}
