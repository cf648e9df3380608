/** A server with its directory as it is by default, people who log in, and a device that says when it is told to end them. */
import assert from 'node:assert/strict'
import { fromUtf8 } from '@sallyport/bytes'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'
import { attribute, PacketCode } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, Class, NasIpAddress, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import { PlayedNas } from '../src/access/dynamic-authorization/test/nas.ts'
import type { SourceStatus } from '../src/listeners/https/services.ts'

export const SECRET = 'secret-of-the-device'
/** What the product promises. */
export const PROMISED_MILLISECONDS = 5_000
const START = 1
const STOP = 2

export class ChangesHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly #nas: PlayedNas
  readonly #accounting: RadiusClient
  readonly #took: number[] = []
  #sessions = 0

  private constructor(server: Sallyport, nas: PlayedNas) {
    this.server = server
    this.#nas = nas
    this.#accounting = new RadiusClient({
      ...{ host: '127.0.0.1', port: server.acctPort, secret: SECRET, retries: 3 },
    })
  }

  /** `sources`, `realms` and `rules` as a document has them; nothing else is set but that no sweep comes first. */
  static async start(data: string, document: object): Promise<ChangesHouse> {
    const nas = await PlayedNas.start(SECRET, () => ({ code: PacketCode.DisconnectAck }))
    const server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    const house = new ChangesHouse(server, nas)
    const client = {
      ...{ name: 'gate', address: '127.0.0.1', secret: SECRET },
      dynamicAuthorization: { port: nas.port, timeoutSeconds: 1, retries: 1 },
    }
    const settings = { grants: { sweepSeconds: 3600 } }
    await server.apply(JSON.stringify({ settings, clients: [client], ...document }))
    return house
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#accounting.close()
    await this.server[Symbol.asyncDispose]()
    await this.#nas[Symbol.asyncDispose]()
  }

  async source(name: string): Promise<SourceStatus | undefined> {
    const { items } = await this.server.api.send<{ items: SourceStatus[] }>('GET', '/sources')
    return items.find((source) => source.name === name)
  }

  async watched(name: string): Promise<NonNullable<SourceStatus['changes']>> {
    return await until(`the watch of ${name}`, async () => {
      const changes = (await this.source(name))?.changes
      return changes?.state === 'watching' ? changes : undefined
    })
  }

  async login(user: string, password: string): Promise<string | undefined> {
    const attributes = [`User-Name = "${user}"`, `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR]
    return (await radclient({ command: 'auth', port: this.server.authPort, secret: SECRET, attributes })).code
  }

  /** Logs in and reports the session as live. */
  async connect(user: string, password: string): Promise<string> {
    const before = await this.#accepts()
    assert.equal(await this.login(user, password), 'Access-Accept', user)
    const receipt = await until(`the receipt of ${user}`, async () =>
      (await this.server.api.receipts({ outcome: 'accept' })).find(({ id }) => !before.has(id)),
    )
    const id = `s-${++this.#sessions}`
    await this.#account(START, id, user, receipt.id)
    return id
  }

  /** Milliseconds from before `cause` until the device is told to end the session. */
  async cut(session: string, cause: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now()
    await cause()
    await until(
      `the Disconnect of ${session}`,
      async () => (this.#isEnded(session) ? true : undefined),
      20_000,
    )
    const took = performance.now() - startedAt
    await this.#account(STOP, session)
    this.#took.push(took)
    assert.ok(took < PROMISED_MILLISECONDS, `${Math.round(took)} ms`)
    return took
  }

  isLive(session: string): boolean {
    return !this.#isEnded(session)
  }

  /** `10 cuts: median 1200 ms, worst 2300 ms`. */
  get summary(): string {
    const sorted = this.#took.toSorted((a, b) => a - b)
    const [median = 0, worst = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
    return `${sorted.length} cuts: median ${Math.round(median)} ms, worst ${Math.round(worst)} ms`
  }

  #isEnded(session: string): boolean {
    return this.#nas.packets.some((packet) => packet.get(AcctSessionId) === session)
  }

  async #accepts(): Promise<ReadonlySet<string>> {
    return new Set((await this.server.api.receipts({ outcome: 'accept' })).map(({ id }) => id))
  }

  async #account(status: number, session: string, user = '', receipt = ''): Promise<void> {
    await this.#accounting.send(PacketCode.AccountingRequest, [
      attribute(AcctStatusType, status),
      attribute(AcctSessionId, session),
      attribute(NasIpAddress, '127.0.0.1'),
      ...(user === '' ? [] : [attribute(UserName, user)]),
      ...(receipt === '' ? [] : [attribute(Class, fromUtf8(`sallyport:${receipt}`))]),
    ])
  }
}
