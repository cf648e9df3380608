/** Our server between RADIUS clients and two TACACS+ servers. */
import { join } from 'node:path'
import type { Receipt } from '../../admin-api.ts'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { type OpenedServer, openServer, ServerHouse } from '../../server-house.ts'
import { TacacsServer } from '../../tacacs-server.ts'
import { until } from '../../until.ts'

export const PASSWORD = 'Tac-Passw0rd'
const NAS_SECRET = 'secret-of-the-access-point'
const TACACS_SECRET = 'secret-of-the-tacacs-server'

/** Known to both TACACS+ servers; bob stands in the local source as well, with another password. */
export const CAROL = { name: 'carol', password: PASSWORD }
export const BOB = { name: 'bob', password: PASSWORD }
export const LOCAL_PASSWORD = 'Local-Passw0rd'

function configuration(first: number, second: number): string {
  const servers = `['127.0.0.1:${first}', '127.0.0.1:${second}']`
  const tacacs = `kind: tacacs, secret: ${TACACS_SECRET}, deadlineMilliseconds: 1000`
  return `
clients:
  - { name: ap, address: 127.0.0.1, secret: ${NAS_SECRET} }
sources:
  - { name: local, kind: local, passwordStorage: reversible }
  - { name: tac, ${tacacs}, servers: ${servers} }
  - { name: tac-next, ${tacacs}, servers: ${servers}, onWrongPassword: next }
  - { name: tac-stop, ${tacacs}, servers: ${servers}, onUnavailable: stop }
realms:
  - { name: home, default: true, sources: [local] }
  - { name: tac, suffixes: [tac.test], sources: [tac] }
  - { name: both, suffixes: [both.test], sources: [tac, local] }
  - { name: next, suffixes: [next.test], sources: [tac-next, local] }
  - { name: stop, suffixes: [stop.test], sources: [tac-stop, local] }
rules:
  - { name: known, when: user.source != "", effect: accept }
users:
  - { name: alice, password: ${PASSWORD} }
  - { name: bob, password: ${LOCAL_PASSWORD} }
`
}

export class TacacsHouse extends ServerHouse {
  readonly #servers: { first: TacacsServer; second: TacacsServer }
  #calls = 0

  private constructor(opened: OpenedServer, servers: { first: TacacsServer; second: TacacsServer }) {
    super(opened)
    this.#servers = servers
  }

  static async open(): Promise<TacacsHouse> {
    await using parts = new AsyncDisposableStack()
    const first = parts.use(await TacacsServer.open(TACACS_SECRET, [CAROL, BOB]))
    const second = parts.use(await TacacsServer.open(TACACS_SECRET, [CAROL, BOB]))
    const servers = { first, second }
    const opened = await openServer({
      name: 'tacacs',
      configuration: configuration(first.port, second.port),
    })
    const started = parts.move()
    opened.parts.defer(async () => {
      await servers.second[Symbol.asyncDispose]()
      await started.disposeAsync()
    })
    return new TacacsHouse(opened, servers)
  }

  get first(): TacacsServer {
    return this.#servers.first
  }

  get second(): TacacsServer {
    return this.#servers.second
  }

  async killSecond(): Promise<void> {
    await this.second[Symbol.asyncDispose]()
  }

  async reviveSecond(): Promise<void> {
    this.#servers.second = await TacacsServer.open(TACACS_SECRET, [CAROL, BOB], this.second.port)
  }

  /** A login by radclient. `seconds`: how long it waits. */
  async login(
    user: string,
    proof: string,
    seconds = 5,
  ): Promise<RadclientReply & { readonly station: string }> {
    const station = this.#station()
    const reply = await radclient({
      command: 'auth',
      port: this.server.authPort,
      secret: NAS_SECRET,
      seconds,
      attributes: [
        `User-Name = "${user}"`,
        `Calling-Station-Id = "${station}"`,
        proof,
        MESSAGE_AUTHENTICATOR,
      ],
    })
    return { ...reply, station }
  }

  pap(user: string, password = PASSWORD, seconds?: number) {
    return this.login(user, `User-Password = "${password}"`, seconds)
  }

  /** EAP-TTLS with PAP. */
  async tunnel(user: string, password: string): Promise<EapolResult> {
    return await eapolTest({
      network: [
        'eap=TTLS',
        'phase2="auth=PAP"',
        `identity="${user}"`,
        `password="${password}"`,
        `ca_cert="${join(this.server.data, 'ca.pem')}"`,
      ],
      folder: this.folder,
      server: { port: this.server.authPort, secret: NAS_SECRET },
      mac: this.#station().replaceAll('-', ':'),
      seconds: 5,
    })
  }

  async receipt(station: string): Promise<Receipt> {
    const row = await until(`receipt of ${station}`, async () =>
      (await this.server.api.receipts()).find((each) => each.callingStationId === station),
    )
    return await this.server.api.receipt(row.id)
  }

  #station(): string {
    return `02-00-00-02-00-${(++this.#calls).toString(16).padStart(2, '0').toUpperCase()}`
  }
}
