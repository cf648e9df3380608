/** A server with several addresses in one subnet, bound to all of them by two workers; behind a cable, a switch. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Network } from '../../network.ts'
import { temporaryFolder } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientRequest, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'

const SECRET = 'secret-of-the-switch'
const PASSWORD = 'Addresses-Passw0rd!'
/** Of one subnet: the system would choose the same source for both. */
export const SERVER4 = ['10.77.9.1', '10.77.9.2'] as const
export const SERVER6 = ['2001:db8:9::1', '2001:db8:9::2'] as const
const SWITCH4 = '10.77.9.100'
const SWITCH6 = '2001:db8:9::100'

const CONFIGURATION = `
clients:
${['10.77.9.0/24', '2001:db8:9::/64', '127.0.0.0/8', '::1']
  .map(
    (address, at) => `  - name: client-${at}
    address: "${address}"
    secret: ${SECRET}
    dynamicAuthorization: { maySend: true, requireEventTimestamp: false }`,
  )
  .join('\n')}
sources: [{ name: local, kind: local, passwordStorage: nt-hash }]
realms: [{ name: default, default: true, sources: [local] }]
rules: [{ name: all, when: 'true', effect: accept }]
users: [{ name: alice, password: ${PASSWORD} }]
`

const ATTRIBUTES = {
  auth: ['User-Name = alice', `User-Password = "${PASSWORD}"`, MESSAGE_AUTHENTICATOR],
  acct: ['Acct-Status-Type = Start', 'User-Name = alice', 'Acct-Session-Id = one'],
  disconnect: ['User-Name = nobody', 'Acct-Session-Id = none'],
} as const

type Kind = keyof typeof ATTRIBUTES

export class AddressesHouse implements AsyncDisposable {
  readonly network: Network
  readonly server: Sallyport
  readonly #parts: AsyncDisposableStack

  private constructor(parts: AsyncDisposableStack, network: Network, server: Sallyport) {
    this.#parts = parts
    this.network = network
    this.server = server
  }

  static async open(): Promise<AddressesHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-addresses-')).path
    const network = parts.use(new Network('server', 'switch'))
    network.cable({ host: 'server', port: 'uplink0' }, { host: 'switch', port: 'uplink0' })
    const add = (host: string, address: string): void => {
      // Without the wait for duplicate addresses: there is nobody else on the cable.
      const nodad = address.includes(':') ? ['nodad'] : []
      network.ip(host, 'address', 'add', address, 'dev', 'uplink0', ...nodad)
    }
    for (const address of [...SERVER4, SWITCH4])
      add(address === SWITCH4 ? 'switch' : 'server', `${address}/24`)
    for (const address of [...SERVER6, SWITCH6])
      add(address === SWITCH6 ? 'switch' : 'server', `${address}/64`)
    const data = join(folder, 'data')
    mkdirSync(data)
    const server = parts.use(
      await startSallyport({ data, args: ['--workers', '2'], prefix: network.prefix('server') }),
    )
    await server.apply(CONFIGURATION)
    return new AddressesHouse(parts.move(), network, server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** Asks `host`; what came, and from where. Undefined where nothing came from there that is an answer. */
  async ask(
    host: string,
    kind: Kind = 'auth',
    { at = 'switch', seconds = 3 } = {},
  ): Promise<{ readonly code: string; readonly from: string } | undefined> {
    const ports = { auth: this.server.authPort, acct: this.server.acctPort, disconnect: 3799 }
    const request: RadclientRequest = {
      ...{ command: kind, port: ports[kind], host, secret: SECRET, seconds },
      attributes: ATTRIBUTES[kind],
      prefix: this.network.prefix(at),
    }
    const { code, output } = await radclient(request)
    const from = /^Received \S+ Id \d+ from (\S+):\d+ to /m.exec(output)?.[1]?.replace(/^\[|\]$/g, '')
    return code === undefined || from === undefined ? undefined : { code, from }
  }
}
