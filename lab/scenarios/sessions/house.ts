/** The server, one gateway, and people who may have so many sessions. */

import { join } from 'node:path'
import { runToEnd } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { openServer, ServerHouse } from '../../server-house.ts'

export const PASSWORD = 'Vpn-Passw0rd!'
export const SECRET = 'secret-of-the-gateway'
/** How long an accept holds its place. */
export const RESERVATION_SECONDS = 5

const CONFIGURATION = `
settings:
  sessions: { reservationSeconds: ${RESERVATION_SECONDS}, lostAfterMissedInterims: 2 }
clients:
  - { name: gateway, address: 127.0.0.1, secret: ${SECRET} }
sources:
  - { name: local, kind: local, passwordStorage: nt-hash }
realms:
  - { name: default, default: true, sources: [local] }
rules:
  - { name: two-at-a-time, when: '"Two" in user.groups', effect: accept, maximumSessions: { count: 2 } }
  - { name: one-device, when: '"One" in user.groups', effect: accept, maximumSessions: { count: 1 } }
groups: [{ name: One }, { name: Two }]
users:
  - { name: alice, password: ${PASSWORD}, groups: [Two] }
  - { name: bob, password: ${PASSWORD}, groups: [One] }
  - { name: carol, password: ${PASSWORD}, groups: [One] }
`

export interface SessionRow {
  readonly id: string
  readonly acctSessionId: string
  readonly state: string
  readonly user?: string
  readonly userName?: string
  readonly inputOctets: number
  readonly outputOctets: number
  readonly sessionSeconds: number
  readonly counterWraps?: number
  readonly terminateCause?: string
  readonly startedAt: string
}

export class SessionsHouse extends ServerHouse {
  static async open(engine: 'sqlite' | 'postgres'): Promise<SessionsHouse> {
    return new SessionsHouse(
      await openServer({ name: 'sessions', configuration: CONFIGURATION, postgres: engine === 'postgres' }),
    )
  }

  /** Reports, one after the other; throws where one is not acknowledged. */
  async report(...reports: readonly (readonly string[])[]): Promise<void> {
    for (const attributes of reports) {
      const request = { port: this.server.acctPort, secret: SECRET, attributes }
      const { code, output } = await radclient({ command: 'acct', ...request })
      if (code !== 'Accounting-Response') throw new Error(`not acknowledged:\n${output}`)
    }
  }

  login(user: string, station: string): Promise<RadclientReply> {
    return radclient({
      command: 'auth',
      port: this.server.authPort,
      secret: SECRET,
      attributes: [
        `User-Name = "${user}"`,
        `User-Password = "${PASSWORD}"`,
        `Calling-Station-Id = "${station}"`,
        'NAS-Identifier = "vpn-1"',
        MESSAGE_AUTHENTICATOR,
      ],
    })
  }

  async sessions(query: Readonly<Record<string, string>>): Promise<readonly SessionRow[]> {
    const path = `/sessions?${new URLSearchParams(query)}`
    return (await this.server.api.send<{ items: SessionRow[] }>('GET', path)).items
  }

  async session(acctSessionId: string): Promise<SessionRow> {
    const rows = await this.sessions({ acctSessionId })
    if (rows.length !== 1 || rows[0] === undefined)
      throw new Error(`${rows.length} sessions ${acctSessionId}`)
    return rows[0]
  }

  /** Runs the pyrad program of this folder; resolves to what it printed. */
  async pyrad(...words: readonly string[]): Promise<string> {
    const program = join(import.meta.dirname, 'pyrad-nas.py')
    const { code, output } = await runToEnd('/usr/bin/python3', [
      program,
      `${this.server.acctPort}`,
      SECRET,
      ...words,
    ])
    if (code !== 0) throw new Error(output)
    return output
  }
}
