import { type NameFault, nameFault, nameKey } from './user-name.ts'

/** One realm as the configuration writes it: which names it takes, and its authentication order. */
export interface RealmSettings {
  readonly name: string
  /** Takes names that carry no realm. It never takes an unknown realm. */
  readonly default?: boolean | undefined
  /** `example.org` takes `alice@example.org`. */
  readonly suffixes?: readonly string[] | undefined
  /** `EXAMPLE` takes `EXAMPLE\alice`. */
  readonly prefixes?: readonly string[] | undefined
  /** Regular expressions for the whole name, tried in order where no suffix or prefix fits. */
  readonly patterns?: readonly string[] | undefined
  /** Names of identity sources, in the order they are tried; none where another server is asked instead. */
  readonly sources: readonly string[]
}

/** A user name taken apart; nothing is looked up yet. */
export type ParsedName =
  | { readonly ok: true; readonly user: string; readonly written: WrittenRealm | undefined }
  | { readonly ok: false; readonly fault: NameFault }

/** A realm as the peer wrote it, and where. */
export interface WrittenRealm {
  readonly text: string
  readonly as: 'suffix' | 'prefix' | 'host'
}

/**
 * Takes a user name apart: `user@realm`, `REALM\user`, or `host/computer.domain` as Windows machines call themselves.
 * A machine keeps its whole name, as its account is called; its domain is the realm. Names that two programs could
 * read differently (`a@b@c`, `A\b@c`, `a@b.`, `a@b..c`) are refused, not guessed at.
 */
export function parseUserName(text: string): ParsedName {
  const fault = nameFault(text)
  if (fault !== undefined) return { ok: false, fault }
  const at = text.indexOf('@')
  const backslash = text.indexOf('\\')
  const isHost = text.length >= 5 && text.slice(0, 5).toLowerCase() === 'host/'
  if (at !== -1 && (backslash !== -1 || isHost || text.indexOf('@', at + 1) !== -1)) {
    return { ok: false, fault: 'two-realms' }
  }
  if (backslash !== -1 && (isHost || text.indexOf('\\', backslash + 1) !== -1)) {
    return { ok: false, fault: 'two-realms' }
  }
  if (text.endsWith('.')) return { ok: false, fault: 'dot-at-end' }
  if (text.includes('..')) return { ok: false, fault: 'empty-label' }
  if (at !== -1) return withRealm(text.slice(0, at), text.slice(at + 1), 'suffix')
  if (backslash !== -1) return withRealm(text.slice(backslash + 1), text.slice(0, backslash), 'prefix')
  if (isHost) return parseHost(text)
  return { ok: true, user: text, written: undefined }
}

function withRealm(user: string, realm: string, as: 'suffix' | 'prefix'): ParsedName {
  if (user === '' || realm === '' || realm.startsWith('.') || realm.endsWith('.')) {
    return { ok: false, fault: 'empty-realm' }
  }
  if (nameFault(user) !== undefined || nameFault(realm) !== undefined) {
    return { ok: false, fault: 'space-at-end' }
  }
  return { ok: true, user, written: { text: realm, as } }
}

function parseHost(text: string): ParsedName {
  const computer = text.slice(5)
  if (computer === '' || computer.startsWith('.')) return { ok: false, fault: 'empty-realm' }
  const dot = computer.indexOf('.')
  if (dot === -1) return { ok: true, user: text, written: undefined }
  return { ok: true, user: text, written: { text: computer.slice(dot + 1), as: 'host' } }
}

/** Which realm a name belongs to; the user part is in NFC. */
export type RealmChoice =
  | { readonly kind: 'realm'; readonly realm: RealmSettings; readonly user: string }
  | { readonly kind: 'realm-unknown'; readonly user: string; readonly realm: string }
  | { readonly kind: 'name-refused'; readonly fault: NameFault }

/** The realms of one configuration, compiled. A realm nobody configured is unknown: it never becomes the default one. */
export class RealmTable {
  readonly #suffixes = new Map<string, RealmSettings>()
  readonly #prefixes = new Map<string, RealmSettings>()
  readonly #patterns: { readonly pattern: RegExp; readonly realm: RealmSettings }[] = []
  readonly #default: RealmSettings | undefined
  readonly #realms: readonly RealmSettings[]

  constructor(realms: readonly RealmSettings[]) {
    this.#realms = realms
    for (const realm of realms) {
      for (const suffix of realm.suffixes ?? []) this.#suffixes.set(nameKey(suffix), realm)
      for (const prefix of realm.prefixes ?? []) this.#prefixes.set(nameKey(prefix), realm)
      for (const pattern of realm.patterns ?? [])
        this.#patterns.push({ pattern: new RegExp(pattern, 'iu'), realm })
    }
    this.#default = realms.find((realm) => realm.default === true)
  }

  get all(): readonly RealmSettings[] {
    return this.#realms
  }

  /** By the configured name, which no user ever writes. */
  named(name: string): RealmSettings | undefined {
    return this.#realms.find((realm) => realm.name === name)
  }

  choose(userName: string): RealmChoice {
    const parsed = parseUserName(userName)
    if (!parsed.ok) return { kind: 'name-refused', fault: parsed.fault }
    const user = parsed.user.normalize('NFC')
    const { written } = parsed
    const table = written?.as === 'prefix' ? this.#prefixes : this.#suffixes
    const exact = written === undefined ? undefined : table.get(nameKey(written.text))
    const realm = exact ?? this.#byPattern(userName) ?? (written === undefined ? this.#default : undefined)
    if (realm === undefined) return { kind: 'realm-unknown', user, realm: written?.text ?? '' }
    return { kind: 'realm', realm, user }
  }

  #byPattern(userName: string): RealmSettings | undefined {
    if (this.#patterns.length === 0) return undefined
    const text = userName.normalize('NFC')
    return this.#patterns.find(({ pattern }) => pattern.test(text))?.realm
  }
}
