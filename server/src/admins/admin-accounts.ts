import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'
import { RequestError } from '../kernel/errors.ts'
import type { AdminRecord, AdminStore, ChangeOutcome, TokenRecord } from './admin-store.ts'
import { LoginThrottle } from './login-throttle.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'
import { allows, lesser, type Role } from './role.ts'
import { hashToken, type NewToken, newToken, tokenId, tokenMatches } from './token.ts'

/** What the accounts need of their store: the class itself, or its proxy on another thread. */
export type AdminStorage = Pick<AdminStore, keyof AdminStore>

/** Who is asking, and what for: the result of a good token. */
export interface Principal {
  readonly name: string
  readonly role: Role
  readonly via: TokenRecord['kind'] | 'local'
  readonly tokenId: string
}

export interface Admin {
  readonly name: string
  readonly role: Role
  readonly disabled: boolean
  readonly createdAt: string
}

export interface Token {
  readonly id: string
  readonly name: string
  readonly admin: string
  readonly role: Role
  readonly createdAt: string
  readonly expiresAt?: string
  readonly lastUsedAt?: string
}

export type LoginOutcome =
  | {
      readonly kind: 'logged-in'
      readonly principal: Principal
      readonly token: string
      readonly expiresAt: string
    }
  /** Unknown name, wrong password and disabled account look the same from outside. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }

const SESSION_MS = 12 * 3_600_000
const SESSION_IDLE_MS = 3_600_000
/** `last_used_at` is written at most this often. */
const USED_RESOLUTION_MS = 60_000
const DAY_MS = 86_400_000
const SHORTEST_PASSWORD = 12
/** Each hash takes 19 MiB and a core for 30 ms: a flood of logins must not take more than this. */
const MOST_CONCURRENT_LOGINS = 4

/** Administrators: who they are, how they log in, and which tokens speak for them. */
export class AdminAccounts {
  readonly #store: AdminStorage
  readonly #clock: Clock
  readonly #throttle: LoginThrottle
  #checking = 0
  #dummyHash: string | undefined
  #local: NewToken | undefined

  constructor(store: AdminStorage, clock: Clock) {
    this.#store = store
    this.#clock = clock
    this.#throttle = new LoginThrottle(clock)
  }

  /** Makes the account `admin` where there is none at all; its password is returned once and kept as a hash. */
  async ensureFirstAdmin(): Promise<{ readonly name: string; readonly password: string } | undefined> {
    if ((await this.#store.list()).length > 0) return undefined
    const password = randomBytes(15).toString('base64url')
    await this.add('admin', password, 'admin')
    return { name: 'admin', password }
  }

  /**
   * A token for the command line on this machine: role admin, kept in memory, dead with the process or with the next
   * call. Whoever can read the file it is written to could read the database too.
   */
  issueLocalToken(): string {
    this.#local = newToken()
    return this.#local.token
  }

  async login(name: string, password: string, address: string): Promise<LoginOutcome> {
    const account = keyOf(name)
    const delay = this.#throttle.delay(account, address)
    if (delay > 0) return { kind: 'wait', seconds: Math.ceil(delay / 1000) }
    if (this.#checking >= MOST_CONCURRENT_LOGINS) return { kind: 'wait', seconds: 1 }
    this.#throttle.tried(account, address)
    const admin = await this.#checkPassword(account, password)
    if (admin === undefined) return { kind: 'refused' }
    this.#throttle.succeeded(account, address)
    return await this.#openSession(admin)
  }

  /** The principal of a token, or undefined: unknown, expired, idle too long, or its account is gone or disabled. */
  async authenticate(token: string): Promise<Principal | undefined> {
    const id = tokenId(token)
    if (id === undefined) return undefined
    if (this.#local !== undefined && id === this.#local.id) {
      if (!tokenMatches(token, this.#local.hash)) return undefined
      return { name: 'local', role: 'admin', via: 'local', tokenId: id }
    }
    const found = await this.#store.findToken(id)
    if (found === undefined || !tokenMatches(token, found.token.token_hash)) return undefined
    if (found.admin.disabled !== 0 || !this.#isAlive(found.token)) return undefined
    const now = this.#clock.now()
    if (now - (found.token.last_used_at ?? 0) >= USED_RESOLUTION_MS) await this.#store.tokenUsed(id, now)
    const role = lesser(found.token.role, found.admin.role)
    return { name: found.admin.name, role, via: found.token.kind, tokenId: id }
  }

  async logout(principal: Principal): Promise<void> {
    if (principal.via === 'login') await this.#store.removeToken(principal.tokenId)
  }

  /** Changes one's own password; all login sessions of the account end. False where `current` is wrong. */
  async changeOwnPassword(principal: Principal, current: string, next: string): Promise<boolean> {
    if ((await this.#checkPassword(keyOf(principal.name), current)) === undefined) return false
    await this.change(principal.name, { password: next })
    return true
  }

  async list(): Promise<Admin[]> {
    return (await this.#store.list()).map(adminOf)
  }

  async get(name: string): Promise<Admin | undefined> {
    const admin = await this.#store.find(keyOf(name))
    return admin === undefined ? undefined : adminOf(admin)
  }

  async add(name: string, password: string, role: Role): Promise<void> {
    const now = this.#clock.now()
    const added = await this.#store.add({
      id: randomUUID(),
      name,
      name_key: keyOf(name),
      role,
      password_hash: await this.#hashNew(password),
      disabled: 0,
      failures: 0,
      locked_until: null,
      created_at: now,
      updated_at: now,
    })
    if (!added) throw new RequestError('already-exists', `There is already an administrator "${name}".`)
  }

  async change(
    name: string,
    change: {
      readonly password?: string | undefined
      readonly role?: Role | undefined
      readonly disabled?: boolean | undefined
    },
  ): Promise<void> {
    const outcome = await this.#store.change(keyOf(name), {
      updated_at: this.#clock.now(),
      ...(change.role === undefined ? {} : { role: change.role }),
      ...(change.disabled === undefined ? {} : { disabled: change.disabled ? 1 : 0 }),
      ...(change.password === undefined ? {} : { password_hash: await this.#hashNew(change.password) }),
    })
    refuseUnlessDone(outcome, name)
  }

  async remove(name: string): Promise<void> {
    refuseUnlessDone(await this.#store.remove(keyOf(name)), name)
  }

  async listTokens(): Promise<Token[]> {
    await this.#store.removeExpiredTokens(this.#clock.now())
    return (await this.#store.listTokens('api')).map((token) => tokenOf(token, token.admin_name))
  }

  /** Makes an API token; `token` is shown to its owner once. It speaks for the account of whoever makes it. */
  async addToken(
    owner: Principal,
    wanted: { readonly role: Role; readonly name: string; readonly expiresInDays: number },
  ): Promise<Token & { readonly token: string }> {
    if (owner.via === 'local') {
      throw new RequestError(
        'not-permitted',
        'Log in as an administrator to make a token: it belongs to you.',
      )
    }
    if (!allows(owner.role, wanted.role)) {
      throw new RequestError('not-permitted', `Your role is ${owner.role}; a token cannot have more.`)
    }
    const made = newToken()
    const now = this.#clock.now()
    const admin = await this.#store.find(keyOf(owner.name))
    if (admin === undefined) throw new RequestError('not-found', `There is no administrator "${owner.name}".`)
    const record: TokenRecord = {
      id: made.id,
      kind: 'api',
      admin_id: admin.id,
      role: wanted.role,
      token_hash: made.hash,
      name: wanted.name,
      created_at: now,
      expires_at: now + wanted.expiresInDays * DAY_MS,
      last_used_at: null,
    }
    await this.#store.addToken(record)
    return { ...tokenOf(record, admin.name), token: made.token }
  }

  async removeToken(id: string): Promise<void> {
    if (!(await this.#store.removeToken(id))) {
      throw new RequestError('not-found', `There is no token "${id}".`)
    }
  }

  async #checkPassword(account: string, password: string): Promise<AdminRecord | undefined> {
    this.#checking++
    try {
      const admin = await this.#store.find(account)
      // An unknown name takes as long as a wrong password.
      this.#dummyHash ??= await hashPassword(randomBytes(16).toString('hex'))
      const matches = await verifyPassword(password, admin?.password_hash ?? this.#dummyHash)
      return matches && admin?.disabled === 0 ? admin : undefined
    } finally {
      this.#checking--
    }
  }

  async #openSession(admin: AdminRecord): Promise<LoginOutcome> {
    const made = newToken()
    const now = this.#clock.now()
    await this.#store.addToken({
      id: made.id,
      kind: 'login',
      admin_id: admin.id,
      role: admin.role,
      token_hash: made.hash,
      name: '',
      created_at: now,
      expires_at: now + SESSION_MS,
      last_used_at: now,
    })
    await this.#store.removeExpiredTokens(now)
    return {
      kind: 'logged-in',
      principal: { name: admin.name, role: admin.role, via: 'login', tokenId: made.id },
      token: made.token,
      expiresAt: new Date(now + SESSION_MS).toISOString(),
    }
  }

  #isAlive(token: TokenRecord): boolean {
    const now = this.#clock.now()
    if (token.expires_at !== null && now >= token.expires_at) return false
    return token.kind !== 'login' || now - (token.last_used_at ?? token.created_at) < SESSION_IDLE_MS
  }

  async #hashNew(password: string): Promise<string> {
    if (password.length < SHORTEST_PASSWORD) {
      throw new RequestError(
        'weak-password',
        `An administrator's password needs at least ${SHORTEST_PASSWORD} characters.`,
      )
    }
    return await hashPassword(password)
  }
}

/** The value a browser must repeat in a header when it authenticates by cookie; tells nothing about the token. */
export function csrfTokenOf(token: string): string {
  return hashToken(`csrf ${token}`)
}

/** Names that differ in case or composition alone are the same account. */
function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function refuseUnlessDone(outcome: ChangeOutcome, name: string): void {
  if (outcome === 'not-found') throw new RequestError('not-found', `There is no administrator "${name}".`)
  if (outcome === 'last-admin') {
    throw new RequestError('last-admin', 'This would leave nobody with the role admin.')
  }
}

function adminOf(record: AdminRecord): Admin {
  return {
    name: record.name,
    role: record.role,
    disabled: record.disabled !== 0,
    createdAt: new Date(record.created_at).toISOString(),
  }
}

function tokenOf(record: TokenRecord, admin: string): Token {
  return {
    id: record.id,
    name: record.name,
    admin,
    role: record.role,
    createdAt: new Date(record.created_at).toISOString(),
    ...(record.expires_at === null ? {} : { expiresAt: new Date(record.expires_at).toISOString() }),
    ...(record.last_used_at === null ? {} : { lastUsedAt: new Date(record.last_used_at).toISOString() }),
  }
}
