import { RESULT } from '@sallyport/ldap'
import type { LdapConnection } from './connection.ts'
import type { DirectoryQuery, DirectorySession, PageAnswer, PagedQuery, SearchAnswer } from './directory.ts'
import { searchAnswer, searchRequest } from './search-answer.ts'

/** Questions on one connection and no other. */
export class ConnectionSession implements DirectorySession {
  readonly kind = 'session'
  readonly server: string
  readonly #connection: LdapConnection
  readonly #left: () => number

  /** @param left milliseconds one question may take */
  constructor(connection: LdapConnection, server: string, left: () => number) {
    this.#connection = connection
    this.server = server
    this.#left = left
  }

  async search(query: DirectoryQuery): Promise<SearchAnswer> {
    const milliseconds = Math.min(query.deadlineMilliseconds ?? Number.POSITIVE_INFINITY, this.#left())
    const found = await this.#connection.search(
      searchRequest(query, query.limit, milliseconds),
      query.limit,
      milliseconds,
    )
    if (found.kind === 'lost')
      return { kind: 'unavailable', why: `${this.server}: ${found.why}`, servers: [this.server] }
    return searchAnswer(found, this.server)
  }

  async *searchPaged(query: PagedQuery): AsyncGenerator<PageAnswer> {
    const { pageSize, showDeleted = false } = query
    let cookie: Uint8Array = new Uint8Array(0)
    for (;;) {
      const milliseconds = query.deadlineMilliseconds ?? this.#left()
      const found = await this.#connection.search(
        {
          ...searchRequest(query, 0, milliseconds),
          sizeLimit: 0,
          page: { size: pageSize, cookie },
          showDeleted,
        },
        // A server that gives more than a page was asked for does no pages.
        pageSize,
        milliseconds,
      )
      if (found.kind === 'lost') {
        yield { kind: 'unavailable', why: `${this.server}: ${found.why}`, servers: [this.server] }
        return
      }
      const { server } = this
      const { code, message } = found.result
      if (code !== RESULT.success || found.isCut) {
        const why = found.isCut ? `more than ${pageSize} entries on a page` : message
        yield { kind: 'refused', code: found.isCut ? RESULT.sizeLimitExceeded : code, message: why, server }
        return
      }
      yield { kind: 'entries', entries: found.entries, server }
      if (found.cookie === undefined || found.cookie.length === 0) return
      cookie = found.cookie
    }
  }

  close(): void {
    this.#connection.close('the job is done')
  }
}
