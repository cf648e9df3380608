import { type Seen, SeenTable } from '../../kernel/seen-table.ts'

/** A MAC address that asked, and is not in the MAC store. */
export interface UnknownMac extends Seen {
  readonly mac: string
  /** Name of the RADIUS client. */
  readonly client: string
  /** NAS-Port-Id, else NAS-Port: of the last request. */
  port: string
}

const MOST_ON_A_SHELF = 1000

/** For an administrator to add: bounded, whatever a port makes up. */
export class UnknownMacs {
  readonly #table = new SeenTable<UnknownMac>(MOST_ON_A_SHELF)

  note(mac: string, client: string, port: string, now: number): void {
    const make = (): UnknownMac => ({ mac, client, port, count: 0, firstSeenAt: now, lastSeenAt: now })
    const seen = this.#table.note(`${client}/${mac}`, now, make)
    if (seen !== undefined) seen.port = port
  }

  /** It is known now. */
  forget(mac: string, client: string): void {
    if (this.#table.size > 0) this.#table.forget(`${client}/${mac}`)
  }

  list(): UnknownMac[] {
    return this.#table.entries().map(([, unknown]) => unknown)
  }
}
