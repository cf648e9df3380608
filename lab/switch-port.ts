/** hostapd as a switch with one 802.1X port (`driver=wired`). */
import type { Network } from './network.ts'
import type { Running } from './process.ts'

export interface SwitchOptions {
  readonly network: Network
  readonly host: string
  /** The interface with the supplicant behind it. */
  readonly port: string
  /** Path of hostapd.conf. */
  readonly configuration: string
  /** VLANs it knows; the last one is for who has none. */
  readonly vlans: readonly number[]
}

const EVENT = /(CTRL-EVENT-EAP-SUCCESS2|CTRL-EVENT-EAP-FAILURE2|AP-STA-DISCONNECTED) ([0-9a-f:]{17})/

/**
 * The wired driver of hostapd neither blocks a port nor knows VLANs, so this class does what a switch does: after a
 * login the port joins the bridge of the VLAN in the Access-Accept, and it leaves it when hostapd says that the login
 * failed or has ended.
 */
export class SwitchPort implements AsyncDisposable {
  readonly #options: SwitchOptions
  readonly #hostapd: Running
  #rest = ''
  #isVlanNext = false
  #offered: number | undefined
  #vlan: number | undefined
  /** MAC address of the computer the port is open for. */
  #station: string | undefined

  private constructor(options: SwitchOptions) {
    this.#options = options
    // Its control sockets go below /run: each hostapd gets one of its own.
    const script = 'mount -t tmpfs tmpfs /run && exec hostapd -dd "$0"'
    const command = ['sh', '-c', script, options.configuration]
    this.#hostapd = options.network.start(options.host, command, { heard: (text) => this.#hear(text) })
  }

  static async start(options: SwitchOptions): Promise<SwitchPort> {
    const { network, host, vlans } = options
    for (const vlan of vlans) {
      network.ip(host, 'link', 'add', bridgeOf(vlan), 'type', 'bridge')
      network.ip(host, 'address', 'add', `10.77.${vlan}.1/24`, 'dev', bridgeOf(vlan))
      network.ip(host, 'link', 'set', bridgeOf(vlan), 'up')
    }
    const port = new SwitchPort(options)
    try {
      await port.#hostapd.waitFor(/AP-ENABLED/)
      return port
    } catch (error) {
      await port[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The VLAN its port is in now; undefined: the port is closed. */
  get vlan(): number | undefined {
    return this.#vlan
  }

  get output(): string {
    return this.#hostapd.output()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#hostapd.stop()
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#read(line)
  }

  #read(line: string): void {
    if (line.includes('code=2 (Access-Accept)')) this.#offered = undefined
    if (this.#isVlanNext) {
      const value = /Value: ([0-9a-f]+)/.exec(line)?.[1] ?? ''
      this.#offered = Number(Buffer.from(value, 'hex').toString('latin1'))
    }
    this.#isVlanNext = / Attribute 81 /.test(line) // Tunnel-Private-Group-Id
    const [, event, station] = EVENT.exec(line) ?? []
    if (event === 'CTRL-EVENT-EAP-SUCCESS2') this.#join(station)
    // hostapd forgets a computer five seconds after it was disconnected, when another one may long be there.
    else if (event !== undefined && station === this.#station) this.#leave()
  }

  #join(station: string | undefined): void {
    const { network, host, port, vlans } = this.#options
    const vlan = this.#offered ?? vlans.at(-1) ?? 1
    if (!vlans.includes(vlan)) return
    network.ip(host, 'link', 'set', port, 'master', bridgeOf(vlan))
    network.ip(host, 'neighbour', 'flush', 'dev', bridgeOf(vlan))
    this.#vlan = vlan
    this.#station = station
  }

  #leave(): void {
    const { network, host, port } = this.#options
    network.ip(host, 'link', 'set', port, 'nomaster')
    this.#vlan = undefined
    this.#station = undefined
  }
}

function bridgeOf(vlan: number): string {
  return `br${vlan}`
}
