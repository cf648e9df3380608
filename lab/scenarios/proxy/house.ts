/** Our server between RADIUS clients and two FreeRADIUS servers, with a wire to each that can be listened to and cut. */
import { join } from 'node:path'
import type { Receipt } from '../../admin-api.ts'
import { issue, type LabCa, type LabCertificate, makeCa } from '../../certificates.ts'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { type FreeRadiusTarget, startFreeRadiusTarget } from '../../freeradius-target.ts'
import { temporaryFolder } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { type UdpTap, udpTap } from '../../udp-tap.ts'
import { until } from '../../until.ts'
import { configuration, NAS_SECRET, PASSWORD, UPSTREAM_SECRET, UPSTREAM_USERS } from './configuration.ts'

export interface Upstream {
  readonly server: FreeRadiusTarget
  readonly wire: UdpTap
  readonly accountingWire: UdpTap
}

export class ProxyHouse implements AsyncDisposable {
  readonly folder: string
  readonly first: Upstream
  readonly second: Upstream
  readonly user: LabCertificate
  readonly ca: LabCa
  readonly tls: LabCertificate & { readonly ca: string }
  readonly #parts: AsyncDisposableStack
  #server: Sallyport
  #calls = 0

  private constructor(
    parts: AsyncDisposableStack,
    made: Pick<ProxyHouse, 'folder' | 'first' | 'second' | 'user' | 'ca' | 'tls' | 'server'>,
  ) {
    this.#parts = parts
    this.folder = made.folder
    this.first = made.first
    this.second = made.second
    this.user = made.user
    this.ca = made.ca
    this.tls = made.tls
    this.#server = made.server
  }

  static async open(): Promise<ProxyHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-proxy-')).path
    const ca = makeCa(join(folder, 'pki'), 'Partner CA')
    const name = {
      commonName: 'radius',
      subjectAltName: 'DNS:radius.partner.test',
      extendedKeyUsage: 'serverAuth',
    }
    const tls = { ...issue(ca, 'server', name), ca: ca.certificate }
    const user = issue(ca, 'bob', { commonName: 'bob', subjectAltName: 'email:bob@partner.test' })
    const upstream = async (label: string): Promise<Upstream> => {
      const server = parts.use(
        await startFreeRadiusTarget({
          folder: join(folder, label),
          secret: UPSTREAM_SECRET,
          user: { name: 'bob@partner.test', password: PASSWORD },
          users: UPSTREAM_USERS,
          signsReplies: true,
          tls,
        }),
      )
      const wire = parts.use(await udpTap(() => server.port))
      const accountingWire = parts.use(await udpTap(() => server.acctPort))
      return { server, wire, accountingWire }
    }
    const [first, second] = [await upstream('first'), await upstream('second')]
    const server = await startSallyport({ data: join(folder, 'data'), args: ['--bind', '127.0.0.1'] })
    const house = new ProxyHouse(parts.move(), { folder, first, second, user, ca, tls, server })
    await house.serve()
    return house
  }

  get server(): Sallyport {
    return this.#server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
    await this.#parts.disposeAsync()
  }

  /** Applies the usual configuration with some words of it replaced. */
  async serve(replace: (yaml: string) => string = (yaml) => yaml): Promise<void> {
    const { first, second } = this
    await this.#server.apply(replace(configuration([first, second])))
  }

  /** kill -9, and the same server again over what it had written. */
  async crash(): Promise<void> {
    const { data, authPort, acctPort, httpsPort } = this.#server
    await this.#server.process.stop('SIGKILL')
    await this.#server[Symbol.asyncDispose]()
    this.#server = await startSallyport({
      data,
      authPort,
      acctPort,
      httpsPort,
      args: ['--bind', '127.0.0.1'],
    })
  }

  /** Everything passes again, and both upstreams are known to be up. */
  async mend(): Promise<void> {
    for (const { wire, accountingWire } of [this.first, this.second]) {
      for (const each of [wire, accountingWire]) {
        each.loses = () => false
        each.alters = ({ octets }) => octets
        each.forget()
      }
    }
    await this.state('first', 'up')
    await this.state('second', 'up')
  }

  /** Waits until the API says so of the authentication port. */
  async state(upstream: string, wanted: string): Promise<void> {
    await until(`upstream ${upstream} ${wanted}`, async () => {
      const { items } = await this.#server.api.send<UpstreamList>('GET', '/upstreams')
      const port = items.find(({ name }) => name === upstream)?.authentication
      return port?.state === wanted && port.heardAt !== undefined ? true : undefined
    })
  }

  /** A login by radclient; `station` finds its receipt. */
  async login(
    user: string,
    attributes: readonly string[] = [`User-Password = "${PASSWORD}"`],
    seconds = 5,
  ): Promise<RadclientReply & { readonly station: string }> {
    const station = this.#station()
    const reply = await radclient({
      command: 'auth',
      port: this.#server.authPort,
      secret: NAS_SECRET,
      seconds,
      attributes: [
        `User-Name = "${user}"`,
        `Calling-Station-Id = "${station}"`,
        ...attributes,
        MESSAGE_AUTHENTICATOR,
      ],
    })
    return { ...reply, station }
  }

  async eap(
    network: readonly string[],
    noKeys = false,
    seconds = 10,
    repeat = 0,
  ): Promise<EapolResult & { readonly station: string }> {
    const mac = this.#station().replaceAll('-', ':')
    const result = await eapolTest({
      network,
      noKeys,
      seconds,
      repeat,
      folder: this.folder,
      server: { port: this.#server.authPort, secret: NAS_SECRET },
      mac,
    })
    return { ...result, station: mac.replaceAll(':', '-') }
  }

  async receipt(station: string): Promise<Receipt> {
    const row = await until(`receipt of ${station}`, async () =>
      (await this.#server.api.receipts()).find((each) => each.callingStationId === station),
    )
    return await this.#server.api.receipt(row.id)
  }

  #station(): string {
    const number = (++this.#calls).toString(16).padStart(4, '0').toUpperCase()
    return `02-00-00-01-${number.slice(0, 2)}-${number.slice(2)}`
  }
}

interface UpstreamList {
  readonly items: readonly {
    readonly name: string
    readonly authentication: { readonly state: string; readonly heardAt?: string }
  }[]
}
