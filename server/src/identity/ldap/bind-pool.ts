import type { LdapConnection } from './connection.ts'
import { type Lost, lost } from './lost.ts'

/** Logins that may wait for a connection. More would only wait to be late. */
const WAITING = 500

export interface Lease {
  readonly connection: LdapConnection
  /** Opened for this lease: if it is dropped, the server did not merely tire of an idle connection. */
  readonly isFresh: boolean
}

interface Waiter {
  readonly give: (lease: Lease | Lost) => void
}

/** Connections to one server that prove passwords: each serves one bind at a time, and nothing else. */
export class BindPool {
  readonly #open: () => Promise<LdapConnection | Lost>
  readonly #size: number
  readonly #idle: LdapConnection[] = []
  readonly #waiting = new Set<Waiter>()
  readonly #connections = new Set<LdapConnection>()
  #opening = 0

  constructor(open: () => Promise<LdapConnection | Lost>, size: number) {
    this.#open = open
    this.#size = size
  }

  async lease(milliseconds: number): Promise<Lease | Lost> {
    // The one used last is the least likely to have been idle for too long.
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop())
      if (connection.isOpen) return { connection, isFresh: false }
    if (this.#waiting.size >= WAITING)
      return lost('crowded', `${WAITING} logins wait for a connection already`)
    const waiting = this.#wait(milliseconds)
    void this.#grow()
    return await waiting
  }

  /** Only after the answer to its bind was read, or it speaks for nobody knows whom. */
  release(connection: LdapConnection): void {
    if (!connection.isOpen) return
    const next = this.#shift()
    if (next === undefined) this.#idle.push(connection)
    else next.give({ connection, isFresh: false })
  }

  /** Ends all connections and all waiting; new ones may be opened after it. */
  drop(why: Lost): void {
    for (let waiter = this.#shift(); waiter !== undefined; waiter = this.#shift()) waiter.give(why)
    for (const connection of [...this.#connections]) connection.close(why.why)
  }

  #wait(milliseconds: number): Promise<Lease | Lost> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        give: (lease) => {
          clearTimeout(timer)
          resolve(lease)
        },
      }
      const timer = setTimeout(
        () => {
          this.#waiting.delete(waiter)
          resolve(lost('crowded', `no connection was free within ${Math.round(milliseconds)} ms`))
        },
        Math.max(1, milliseconds),
      )
      this.#waiting.add(waiter)
    })
  }

  async #grow(): Promise<void> {
    if (this.#connections.size + this.#opening >= this.#size || this.#opening >= this.#waiting.size) return
    this.#opening++
    const connection = await this.#open()
    this.#opening--
    if (!('kind' in connection)) {
      this.#connections.add(connection)
      connection.ended = () => this.#forget(connection)
    }
    const next = this.#shift()
    if (next !== undefined) next.give('kind' in connection ? connection : { connection, isFresh: true })
    else if (!('kind' in connection)) this.#idle.push(connection)
    if (!('kind' in connection) && this.#waiting.size > 0) void this.#grow()
  }

  #forget(connection: LdapConnection): void {
    this.#connections.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
    if (this.#waiting.size > 0) void this.#grow()
  }

  #shift(): Waiter | undefined {
    const [first] = this.#waiting
    if (first !== undefined) this.#waiting.delete(first)
    return first
  }
}
