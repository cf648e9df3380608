import type { PasswordStorage } from '../../config/schema.ts'
import { GroupStore } from '../../identity/local/group-store.ts'
import { PASSWORD_FAULTS, passwordFault } from '../../identity/local/password.ts'
import { sealPassword } from '../../identity/local/sealed-password.ts'
import type { StoredPassword } from '../../identity/local/stored-user.ts'
import { newUserId, type UserFields, type UserRecord, UserStore } from '../../identity/local/user-store.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { NewUser, Services, User, UserPatch } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function userApi({
  reader,
  stores,
  sealer,
  clock,
  configuration,
  written,
}: ApiParts): Services['users'] {
  const read = new UserStore(reader, clock)
  const write = stores.users
  const existing = async (name: string): Promise<UserRecord> => {
    const user = await read.get(name)
    if (user === undefined)
      throw new RequestError('user-not-found', `There is no user "${name}".`, { user: name })
    return user
  }
  const seal = (id: string, password: string, storage: PasswordStorage): Promise<StoredPassword> => {
    const fault = passwordFault(password)
    if (fault !== undefined)
      throw new RequestError('password-refused', `The password was refused: ${PASSWORD_FAULTS[fault]}.`)
    return sealPassword(id, password, storage, sealer, clock.now())
  }
  /** The source of that name; where it is gone, as for a new user, the first local one. */
  const source = (name?: string) => {
    const local = configuration.snapshot.configuration.sources.filter((each) => each.kind === 'local')
    const found = local.find((each) => each.name === name) ?? local[0]
    if (found === undefined)
      throw new RequestError('source-unavailable', 'There is no local identity source to put users in.')
    return found
  }
  return {
    list: async ({ search, limit, cursor }) => {
      const page = await read.list({ limit, ...optional('search', search), ...optional('after', cursor) })
      return { items: page.users.map(userOf), ...optional('next', page.next) }
    },
    get: async (name) => {
      const user = await read.get(name)
      return user === undefined ? undefined : userOf(user)
    },
    create: async (user) => {
      const id = newUserId()
      const { name: sourceName, passwordStorage } = source()
      const { password } = user
      const storage = user.passwordStorage ?? passwordStorage
      const sealed = password === undefined ? undefined : await seal(id, password, storage)
      await write.create({
        id,
        name: user.name,
        source: sourceName,
        ...fieldsOf(user),
        ...optional('password', sealed),
      })
      await written()
    },
    change: async (name, patch) => {
      const user = await existing(name)
      if (patch.passwordStorage !== undefined && patch.passwordStorage !== user.passwordStorage) {
        const message =
          'How a password is kept changes only with the password: set it again, with "storage" ' +
          '(sallyport users password NAME --storage FORM).'
        throw new RequestError('password-needed', message)
      }
      await write.update(user.id, fieldsOf(patch), user.revision)
      await written()
    },
    remove: async (name) => {
      await write.delete((await existing(name)).id)
      await written()
    },
    setPassword: async (name, { password, storage, mustChangePassword }) => {
      const user = await existing(name)
      const sealed = await seal(user.id, password, storage ?? source(user.source).passwordStorage)
      await write.setPassword(user.id, sealed, mustChangePassword)
      await written()
    },
    unlock: async (name) => {
      await stores.lockout.unlock((await existing(name)).id)
      await written()
    },
  }
}

export function groupApi({ reader, stores, written }: ApiParts): Services['groups'] {
  const read = new GroupStore(reader)
  return {
    list: async ({ search, limit, cursor }) => {
      const page = await read.list({ limit, ...optional('search', search), ...optional('after', cursor) })
      const items = page.groups.map(({ name, members, userCount }) => ({
        name,
        groups: members,
        users: userCount,
      }))
      return { items, ...optional('next', page.next) }
    },
    create: async ({ name, groups }) => {
      await stores.groups.create(name, groups)
      await written()
    },
    remove: async (name) => {
      await stores.groups.delete(name)
      await written()
    },
  }
}

function fieldsOf(user: NewUser | UserPatch): UserFields {
  const { groups, disabled, mustChangePassword, passwordNeverExpires, attributes, expiresAt, logonHours } =
    user
  return {
    ...optional('groups', groups),
    ...optional('disabled', disabled),
    ...optional('mustChangePassword', mustChangePassword),
    ...optional('passwordNeverExpires', passwordNeverExpires),
    ...optional('attributes', attributes),
    // null means never and always: it is a value here.
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : Date.parse(expiresAt) }),
    ...(logonHours === undefined ? {} : { logonHours }),
  }
}

function userOf(user: UserRecord): User {
  const { name, source, groups, mustChangePassword, passwordNeverExpires, disabled, attributes, failures } =
    user
  return {
    name,
    source,
    groups,
    mustChangePassword,
    passwordNeverExpires,
    disabled,
    attributes,
    failures,
    createdAt: instant(user.createdAt),
    updatedAt: instant(user.updatedAt),
    ...optional('passwordStorage', user.passwordStorage),
    ...optional(
      'passwordChangedAt',
      user.passwordChangedAt === null ? null : instant(user.passwordChangedAt),
    ),
    ...optional('expiresAt', user.expiresAt === null ? null : instant(user.expiresAt)),
    ...optional('logonHours', user.logonHours),
    ...optional('lockedUntil', user.lockedUntil === null ? null : instant(user.lockedUntil)),
  }
}
