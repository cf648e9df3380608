import type { DataPlan, DataPlanContext, DataSection } from '../../config/data-section.ts'
import type { Problem } from '../../config/problem.ts'
import type { Configuration, PasswordStorage } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Database } from '../../store/database.ts'
import { nameKey } from '../user-name.ts'
import { convertPassword } from './convert-password.ts'
import { directGroups } from './memberships.ts'
import { holdsPassword, sealPassword } from './sealed-password.ts'
import type { StoredPassword } from './stored-user.ts'
import { changeOf, fieldsOf, isChange, type Planned } from './user-changes.ts'
import { type UserImage, userImage } from './user-image.ts'
import { type UserItem, userItemSchema } from './user-item.ts'
import { attributesText, passwordOf, storedUser } from './user-row.ts'
import { newUserId } from './user-store.ts'
import type { UserWrite } from './user-writes.ts'

/** `users:` of the document. A user in it is described whole: what is left out has its default. */
export class UsersSection implements DataSection<UserItem, UserWrite> {
  readonly name = 'users'
  readonly schema = userItemSchema
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #clock: Clock

  constructor(database: Database, sealer: Sealer, clock: Clock) {
    this.#database = database
    this.#sealer = sealer
    this.#clock = clock
  }

  async plan(items: readonly UserItem[], context: DataPlanContext): Promise<DataPlan<UserWrite>> {
    const existing = await this.#images()
    const groups = await this.#groupsAfter(context)
    const planned: Planned[] = []
    const problems: Problem[] = []
    const seen = new Set<string>()
    for (const item of items) {
      const key = nameKey(item.name)
      if (seen.has(key)) problems.push(problem(item, 'duplicate-name', 'The user is in the list twice.'))
      seen.add(key)
      for (const group of item.groups.filter((name) => !groups.has(nameKey(name)))) {
        problems.push(problem(item, 'group-unknown', `There is no group '${group}'.`, 'groups'))
      }
      const user = await this.#plan(item, existing.get(key), context.configuration)
      if ('code' in user) problems.push(user)
      else {
        planned.push(user)
        if (user.before === null && item.password === undefined) problems.push(passwordless(item))
      }
    }
    if (context.prune) {
      for (const [key, before] of existing) {
        if (!seen.has(key)) planned.push({ before, after: null, fields: [] })
      }
    }
    const writes = planned.filter(({ before, after }) => isChange(before, after))
    return {
      changes: planned.map(changeOf),
      problems,
      writes: writes.map(({ before, after }) => ({ before, after })),
    }
  }

  async export(): Promise<readonly UserItem[]> {
    const { kysely } = this.#database
    const rows = await kysely.selectFrom('users').selectAll().orderBy('name_key').execute()
    const groups = await directGroups(
      kysely,
      rows.map(({ id }) => id),
    )
    return rows.map((row) => {
      const user = storedUser(row, groups.get(row.id) ?? [])
      return {
        name: user.name,
        source: user.source,
        ...(user.password === undefined ? {} : { passwordStorage: user.password.storage }),
        groups: [...user.groups],
        disabled: user.disabled,
        ...(user.expiresAt === undefined ? {} : { expiresAt: new Date(user.expiresAt).toISOString() }),
        mustChangePassword: user.mustChangePassword,
        passwordNeverExpires: user.passwordNeverExpires,
        ...(user.logonHours === undefined ? {} : { logonHours: [...user.logonHours] }),
        attributes: { ...user.attributes },
      }
    })
  }

  async #plan(
    item: UserItem,
    before: UserImage | undefined,
    configuration: Configuration,
  ): Promise<Planned | Problem> {
    const sources = configuration.sources.filter((source) => source.kind === 'local')
    const wanted = item.source ?? before?.source ?? (sources.length === 1 ? sources[0]?.name : undefined)
    const source = sources.find(({ name }) => name === wanted)
    if (source === undefined) {
      const message =
        wanted === undefined
          ? `Say which local source the user belongs to: ${sources.map(({ name }) => name).join(', ') || 'none is configured'}.`
          : `There is no local source '${wanted}'.`
      return problem(item, 'source-unknown', message, 'source')
    }
    const id = before?.id ?? newUserId()
    const old = before && passwordOf(before)
    const password = await this.#password(id, item, old, source.passwordStorage)
    if (password === 'needs-password') {
      const message = `The password is stored as ${old?.storage}; to keep it as ${item.passwordStorage} it must be given again.`
      return problem(item, 'password-needed', message, 'passwordStorage')
    }
    const after = userImage(
      {
        id,
        name: item.name.normalize('NFC'),
        name_key: nameKey(item.name),
        source: source.name,
        password_storage: password?.storage ?? null,
        password_sealed: password?.sealed ?? null,
        password_changed_at: password?.changedAt ?? null,
        must_change_password: item.mustChangePassword ? 1 : 0,
        password_never_expires: item.passwordNeverExpires ? 1 : 0,
        disabled: item.disabled ? 1 : 0,
        expires_at: item.expiresAt === undefined ? null : Date.parse(item.expiresAt),
        logon_hours: item.logonHours === undefined ? null : JSON.stringify(item.logonHours),
        attributes: attributesText(item.attributes),
      },
      item.groups,
    )
    return { before: before ?? null, after, fields: before === undefined ? [] : fieldsOf(before, after) }
  }

  /**
   * A password in the document is kept in the form said beside it, else in the source's; one that is not in it stays as
   * it is kept. The one stored already, in the form asked for, is left alone.
   */
  async #password(
    id: string,
    item: UserItem,
    old: StoredPassword | undefined,
    byDefault: PasswordStorage,
  ): Promise<StoredPassword | undefined | 'needs-password'> {
    if (item.password === undefined) {
      const storage = item.passwordStorage ?? old?.storage
      if (old === undefined || storage === undefined || old.storage === storage) return old
      return (await convertPassword(id, old, storage, this.#sealer)) ?? 'needs-password'
    }
    const storage = item.passwordStorage ?? byDefault
    const isSame = old !== undefined && (await holdsPassword(id, old, item.password, this.#sealer))
    if (isSame && old.storage === storage) return old
    const changedAt = isSame ? old.changedAt : this.#clock.now()
    return sealPassword(id, item.password, storage, this.#sealer, changedAt)
  }

  /** All users by the key of their name. */
  async #images(): Promise<Map<string, UserImage>> {
    const { kysely } = this.#database
    const rows = await kysely.selectFrom('users').selectAll().orderBy('name_key').execute()
    const groups = await directGroups(
      kysely,
      rows.map(({ id }) => id),
    )
    return new Map(rows.map((row) => [row.name_key, userImage(row, groups.get(row.id) ?? [])]))
  }

  /** Keys of the groups there will be once the document is applied. */
  async #groupsAfter(context: DataPlanContext): Promise<Set<string>> {
    const inDocument = context.document.groups
    const keys = new Set<string>()
    for (const item of inDocument ?? []) {
      const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined
      if (typeof name === 'string') keys.add(nameKey(name))
    }
    if (context.prune && inDocument !== undefined) return keys
    const rows = await this.#database.kysely.selectFrom('groups').select('name_key').execute()
    for (const { name_key } of rows) keys.add(name_key)
    return keys
  }
}

function passwordless(item: UserItem): Problem {
  const message = 'The new user has no password: only a certificate can log in.'
  return { path: `users/${item.name}`, severity: 'warning', code: 'no-password', message }
}

function problem(item: UserItem, code: string, message: string, field?: string): Problem {
  const path = `users/${item.name}${field === undefined ? '' : `/${field}`}`
  return { path, severity: 'error', code, message }
}
