/** The server and its RADIUS clients with IPv6 alone, in network namespaces: a server and, behind a cable, a switch. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Network } from '../../network.ts'
import { temporaryFolder } from '../../process.ts'
import { type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'

export const PASSWORD = 'Ipv6-Passw0rd!'
export const SECRET = 'secret-of-every-device'

/** On the loopback of the server's host. */
export const GATEWAY = '2001:db8::10'
export const ACCESS_POINT = '2001:db8:1::77'
export const STRANGER = '2001:db8:ffff::1'
/** On the cable: the same link-local address is another device on another link. */
export const SERVER_LINK = 'fe80::1'
export const SWITCH_LINK = 'fe80::2'

const CONFIGURATION = `
clients:
  - { name: gateway, address: "${GATEWAY}", secret: ${SECRET} }
  - { name: access-points, address: "2001:db8:1::/64", secret: ${SECRET} }
  - { name: switch, address: "${SWITCH_LINK}%cable0", secret: ${SECRET} }
  - { name: other-link, address: "${SWITCH_LINK}%other0", secret: secret-of-another-link }
  - { name: old, address: 127.0.0.1, secret: ${SECRET} }
sources:
  - { name: local, kind: local, passwordStorage: nt-hash }
realms:
  - { name: default, default: true, sources: [local] }
profiles:
  - name: six
    framedIpv6Address: "2001:db8:7::7"
    framedIpv6Prefix: "2001:db8:8::/64"
    delegatedIpv6Prefix: "2001:db8:9::/48"
    dnsServers: ["2001:db8::53"]
rules:
  - { name: six, when: 'user.name == "alice"', effect: accept, profiles: [six] }
users:
  - { name: alice, password: ${PASSWORD} }
`

export interface Ask {
  readonly command?: 'auth' | 'acct'
  readonly from: string
  readonly host?: string
  readonly seconds?: number
}

export class Ipv6House implements AsyncDisposable {
  readonly network: Network
  readonly server: Sallyport
  readonly folder: string
  readonly #parts: AsyncDisposableStack

  private constructor(parts: AsyncDisposableStack, network: Network, server: Sallyport, folder: string) {
    this.#parts = parts
    this.network = network
    this.server = server
    this.folder = folder
  }

  static async open(): Promise<Ipv6House> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-ipv6-')).path
    const network = parts.use(new Network('server', 'switch'))
    for (const address of [GATEWAY, ACCESS_POINT, STRANGER]) {
      network.ip('server', 'address', 'add', `${address}/128`, 'dev', 'lo')
    }
    network.cable({ host: 'server', port: 'cable0' }, { host: 'switch', port: 'uplink0' })
    // Without the wait for duplicate addresses: there is nobody else on the cable.
    network.ip('server', 'address', 'add', `${SERVER_LINK}/64`, 'dev', 'cable0', 'nodad')
    network.ip('switch', 'address', 'add', `${SWITCH_LINK}/64`, 'dev', 'uplink0', 'nodad')
    const data = join(folder, 'data')
    mkdirSync(data)
    // By name, so that answers leave from the address that was asked. The API is on ::1 alone.
    const addresses = ['::1', `${SERVER_LINK}%cable0`, '127.0.0.1'].join(',')
    const server = parts.use(
      await startSallyport({
        data,
        args: ['--bind', addresses, '--https-bind', '::1'],
        httpsHost: '[::1]',
        prefix: network.prefix('server'),
      }),
    )
    await server.apply(CONFIGURATION)
    return new Ipv6House(parts.move(), network, server, folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** One request by radclient on the server's host. */
  async ask(attributes: readonly string[], ask: Ask): Promise<RadclientReply> {
    const { command = 'auth', from, host = '::1', seconds } = ask
    const port = command === 'acct' ? this.server.acctPort : this.server.authPort
    return await radclient({
      ...{ command, port, host, from, attributes, secret: SECRET },
      prefix: this.network.prefix('server'),
      ...(seconds === undefined ? {} : { seconds }),
    })
  }
}
