/** The server between a NAC that sends CoA and Disconnect and a device (pyrad) that takes them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { freeUdpPort } from '../../free-port.ts'
import { type Running, runToEnd, start, temporaryFolder } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { until } from '../../until.ts'

/** Each at an address of its own on the loopback network. */
export const NAC = { address: '127.0.0.5', secret: 'secret-of-the-nac' }
export const DEVICE = { address: '127.0.0.6', secret: 'secret-of-the-device' }
export const STRANGER = '127.0.0.99'

/** What the device says it got. */
export interface Heard {
  readonly octets: string
  readonly user: string
  readonly proved: boolean
  readonly code: number
}

export interface PastAction {
  readonly user?: string
  readonly action: string
  readonly askedBy: string
  readonly askedByName?: string
  readonly outcome: string
  readonly errorCause?: string
  readonly attempts: number
}

function configuration(port: number, maySend = true): string {
  return `
clients:
  - name: nac
    address: ${NAC.address}
    secret: ${NAC.secret}
    dynamicAuthorization: { maySend: ${maySend} }
  - name: device
    address: ${DEVICE.address}
    vendor: cisco
    secret: ${DEVICE.secret}
    dynamicAuthorization:
      port: ${port}
      timeoutSeconds: 0.3
      retries: 1
      identify: [User-Name, Acct-Session-Id, NAS-Identifier]
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, sources: [local] }]
`
}

export class CoaHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly folder: string
  readonly coaPort: number
  readonly devicePort: number
  readonly #device: Running
  readonly #parts: AsyncDisposableStack

  private constructor(
    parts: AsyncDisposableStack,
    server: Sallyport,
    device: Running,
    house: { folder: string; coaPort: number; devicePort: number },
  ) {
    this.#parts = parts
    this.server = server
    this.#device = device
    this.folder = house.folder
    this.coaPort = house.coaPort
    this.devicePort = house.devicePort
  }

  static async open(): Promise<CoaHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-coa-')).path
    const data = join(folder, 'data')
    mkdirSync(data)
    const [coaPort, devicePort] = [await freeUdpPort(), await freeUdpPort()]
    const script = join(import.meta.dirname, 'pyrad-nas.py')
    const { address, secret } = DEVICE
    const device = parts.use(start('/usr/bin/python3', [script, address, String(devicePort), secret]))
    await device.waitFor(/listening/)
    const args = ['--bind', '127.0.0.1', '--coa-port', String(coaPort)]
    const server = parts.use(await startSallyport({ data, args }))
    const house = new CoaHouse(parts.move(), server, device, { folder, coaPort, devicePort })
    await house.letNacSend(true)
    return house
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  async letNacSend(maySend: boolean): Promise<void> {
    await this.server.apply(configuration(this.devicePort, maySend))
  }

  /** The device reports a session. */
  async report(user: string, status: 'Start' | 'Stop' = 'Start'): Promise<void> {
    const { code, output } = await radclient({
      ...{ command: 'acct', port: this.server.acctPort, secret: DEVICE.secret, from: DEVICE.address },
      attributes: [
        `Acct-Status-Type = ${status}`,
        `User-Name = ${user}`,
        `Acct-Session-Id = session-of-${user}`,
        'NAS-Identifier = switch-1',
        'Calling-Station-Id = 02-00-00-00-00-07',
      ],
    })
    if (code !== 'Accounting-Response') throw new Error(output)
  }

  /** The NAC asks by radclient; the time is now unless `attributes` say another. */
  async send(
    command: 'coa' | 'disconnect',
    attributes: readonly string[],
    options: { from?: string; secret?: string; seconds?: number; at?: number } = {},
  ): Promise<RadclientReply> {
    const { from = NAC.address, secret = NAC.secret, at = Date.now() } = options
    return await radclient({
      ...{ command, port: this.coaPort, secret, from, seconds: options.seconds ?? 5 },
      attributes: [...attributes, `Event-Timestamp = ${Math.floor(at / 1000)}`, MESSAGE_AUTHENTICATOR],
    })
  }

  /** What the device got so far. */
  heard(): readonly Heard[] {
    return this.#device
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Heard) // printed by pyrad-nas.py
  }

  /** The last line of `sallyport sessions actions`, once it has ended. */
  async lastAction(): Promise<PastAction> {
    return await until('an action that has ended', async () => {
      const { items } = await this.server.api.send<{ items: PastAction[] }>('GET', '/session-actions?limit=1')
      return items[0]?.outcome === 'sending' ? undefined : items[0]
    })
  }

  pyradSends(code: number, user: string): ReturnType<typeof runToEnd> {
    const script = join(import.meta.dirname, 'pyrad-sender.py')
    const { address, secret } = NAC
    return runToEnd('/usr/bin/python3', [script, address, String(this.coaPort), secret, String(code), user])
  }
}
