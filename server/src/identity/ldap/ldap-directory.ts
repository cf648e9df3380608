import { RESULT } from '@sallyport/ldap'
import { ConnectionSession } from './connection-session.ts'
import type {
  BindAnswer,
  Directory,
  DirectoryQuery,
  DirectorySearch,
  DirectorySession,
  DirectoryState,
  DirectoryUnavailable,
  LdapRefusal,
  SearchAnswer,
  UserAnswer,
} from './directory.ts'
import { isLost, LdapServer, type ServerSettings, within } from './ldap-server.ts'
import type { Lost } from './lost.ts'
import { bindAnswer, searchAnswer, searchRequest } from './search-answer.ts'
import type { ServerAddress } from './server-address.ts'
import type { ServerList } from './server-list.ts'

/** Of the deadline of a login, for one question of it: why it failed is then known before the login is given up. */
const SHARE_OF_A_QUESTION = 0.9

export interface DirectorySettings extends ServerSettings {
  readonly name: string
  readonly deadlineMilliseconds: number
}

/** Several servers of one profile: the first that is well is asked, and the next where it fails. */
export class LdapDirectory implements Directory {
  readonly name: string
  readonly #settings: DirectorySettings
  readonly #list: ServerList
  #servers = new Map<string, LdapServer>()
  #isClosed = false

  constructor(settings: DirectorySettings, list: ServerList) {
    this.name = settings.name
    this.#settings = settings
    this.#list = list
  }

  async search(query: DirectoryQuery): Promise<SearchAnswer> {
    return await this.#ask(query.deadlineMilliseconds, async (server, milliseconds) => {
      const found = await server.search(
        searchRequest(query, query.limit, milliseconds),
        query.limit,
        milliseconds,
      )
      return isLost(found) ? found : searchAnswer(found, server.address.name)
    })
  }

  async bind(dn: string, password: Uint8Array, deadlineMilliseconds?: number): Promise<BindAnswer> {
    if (password.length === 0 || dn === '') return emptyBind()
    return await this.#ask(deadlineMilliseconds, async (server, milliseconds) => {
      const bound = await server.bind(dn, password, milliseconds)
      return isLost(bound) ? bound : bindAnswer(bound, server.address.name)
    })
  }

  async asUser<Answer>(
    dn: string,
    password: Uint8Array,
    ask: (as: DirectorySearch) => Promise<Answer>,
    deadlineMilliseconds?: number,
  ): Promise<UserAnswer<Answer>> {
    if (password.length === 0 || dn === '') return emptyBind()
    return await this.#ask<UserAnswer<Answer>>(deadlineMilliseconds, async (server, milliseconds) =>
      server.bindAnd(dn, password, milliseconds, async (connection, bound, left) => {
        const answer = bindAnswer(bound, server.address.name)
        if (answer.kind !== 'bound') return answer
        const session = new ConnectionSession(connection, server.address.name, left)
        return { kind: 'bound', server: server.address.name, answer: await ask(session) }
      }),
    )
  }

  async openSession(): Promise<DirectorySession | LdapRefusal | DirectoryUnavailable> {
    const { deadlineMilliseconds } = this.#settings
    return await this.#ask<DirectorySession | LdapRefusal>(undefined, async (server, milliseconds) => {
      const connection = await server.session(milliseconds)
      if ('kind' in connection) return connection
      return new ConnectionSession(connection, server.address.name, () => deadlineMilliseconds)
    })
  }

  get state(): DirectoryState {
    return {
      servers: [...this.#servers.values()].map(({ address, breaker }) => ({
        server: address.name,
        breaker: breaker.state,
        ...(breaker.lastError === undefined ? {} : { lastError: breaker.lastError.why }),
      })),
    }
  }

  close(): void {
    this.#isClosed = true
    for (const server of this.#servers.values()) server.close()
  }

  async #ask<Answer extends object>(
    milliseconds: number | undefined,
    question: (server: LdapServer, milliseconds: number) => Promise<Answer | Lost>,
  ): Promise<Answer | DirectoryUnavailable> {
    const end =
      performance.now() + (milliseconds ?? SHARE_OF_A_QUESTION * this.#settings.deadlineMilliseconds)
    const known = await this.#known(end)
    if ('kind' in known) return known
    const tried: string[] = []
    const losses = new Map<LdapServer, Lost>()
    let refusal: Answer | undefined
    for (const server of known) {
      if (server.breaker.state !== 'closed') continue
      const left = end - performance.now()
      if (left <= 0) break
      const isLast = !known.slice(known.indexOf(server) + 1).some(({ breaker }) => breaker.state === 'closed')
      // Half of what is left: enough remains to ask another one, however many are silent.
      const answer = await question(server, isLast ? left : left / 2)
      tried.push(server.address.name)
      if (isLost(answer)) losses.set(server, answer)
      else if (isBusy(answer)) refusal = answer
      else return answer
    }
    if (refusal !== undefined) return refusal
    return unavailable(known, tried, losses)
  }

  async #known(end: number): Promise<readonly LdapServer[] | DirectoryUnavailable> {
    if (this.#isClosed) return { kind: 'unavailable', why: 'this directory profile is no longer used' }
    try {
      const current = this.#list.current()
      const addresses = current instanceof Promise ? await within(current, end - performance.now()) : current
      if ('kind' in addresses)
        return { kind: 'unavailable', why: 'DNS did not tell the servers in time', servers: [] }
      return this.#take(addresses)
    } catch (error) {
      return { kind: 'unavailable', why: error instanceof Error ? error.message : String(error), servers: [] }
    }
  }

  #take(addresses: readonly ServerAddress[]): readonly LdapServer[] {
    const servers = new Map<string, LdapServer>()
    for (const address of addresses) {
      const server = this.#servers.get(address.name) ?? new LdapServer(address, this.#settings)
      servers.set(address.name, server)
    }
    for (const [name, server] of this.#servers) if (!servers.has(name)) server.close()
    this.#servers = servers
    return [...servers.values()]
  }
}

function isBusy(answer: object): boolean {
  if (!('kind' in answer) || answer.kind !== 'refused' || !('code' in answer)) return false
  return answer.code === RESULT.busy || answer.code === RESULT.unavailable
}

/** RFC 4513 section 5.1: a bind without a name or a password succeeds, and proves nothing. */
function emptyBind(): DirectoryUnavailable {
  return { kind: 'unavailable', why: 'a bind without a name or a password proves nothing and is not sent' }
}

function unavailable(
  known: readonly LdapServer[],
  tried: readonly string[],
  losses: ReadonlyMap<LdapServer, Lost>,
): DirectoryUnavailable {
  const faults = known.flatMap((server) => {
    const fault = losses.get(server) ?? server.breaker.lastError
    return fault === undefined ? [] : [{ server: server.address.name, ...fault }]
  })
  const isRefused = faults.length > 0 && faults.every(({ cause }) => cause === 'service-account')
  return {
    kind: 'unavailable',
    why:
      faults.length === 0
        ? 'no server is known'
        : faults.map(({ server, why }) => `${server}: ${why}`).join('; '),
    servers: tried,
    ...(isRefused ? { cause: 'service-account-refused' } : {}),
    ...(faults.some(({ cause }) => cause === 'too-large') ? { isUnasked: true } : {}),
  }
}
