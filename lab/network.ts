/**
 * Network namespaces: hosts of their own inside this machine, joined by virtual cables (veth). Everything is in them and
 * named after this process, so nothing outside changes and two runs do not meet. They end with the scope that made them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Running, runToEnd, start } from './process.ts'

const PREFIX = 'sallyport-lab'
/** Where `ip netns exec` looks for them (ip-netns(8)). */
const OWN_FILES = '/etc/netns'
const live = new Set<string>()
process.on('exit', () => {
  for (const name of live) deleteNamespace(name)
})
let networks = 0

/** Why there can be no namespaces here; undefined where there can. */
export function namespaceObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const name = `${PREFIX}-${process.pid}-probe`
  const { status, stderr, error } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  spawnSync('ip', ['netns', 'del', name])
  if (status === 0) return undefined
  return `no network namespaces here: ${(error?.message ?? stderr).trim()}`
}

export class Network implements Disposable {
  readonly #names = new Set<string>()
  readonly #number = ++networks

  /** @param hosts short names: `sup`, `sw` */
  constructor(...hosts: readonly string[]) {
    deleteLeftovers()
    try {
      for (const host of hosts) {
        const name = this.#nameOf(host)
        ip('netns', 'add', name)
        live.add(name)
        this.#names.add(name)
        this.ip(host, 'link', 'set', 'lo', 'up')
      }
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** What stands before a command line that is to run on a host. */
  prefix(host: string): readonly string[] {
    return ['ip', 'netns', 'exec', this.#nameOf(host)]
  }

  /** `ip ARGS` on a host; throws with what it complained about. */
  ip(host: string, ...args: readonly string[]): string {
    return ip('-n', this.#nameOf(host), ...args)
  }

  /** A cable between two hosts, each end up, with an address where one is given. */
  cable(one: CableEnd, other: CableEnd): void {
    const peer = ['peer', 'name', other.port, 'netns', this.#nameOf(other.host)]
    this.ip(one.host, 'link', 'add', one.port, 'type', 'veth', ...peer)
    for (const { host, port, address } of [one, other]) {
      if (address !== undefined) this.ip(host, 'address', 'add', address, 'dev', port)
      this.ip(host, 'link', 'set', port, 'up')
    }
  }

  /** One Ethernet segment: a bridge on a host, which is its own end, and a cable from it to each of the others. */
  segment(bridge: CableEnd, ...ends: readonly CableEnd[]): void {
    this.ip(bridge.host, 'link', 'add', bridge.port, 'type', 'bridge')
    if (bridge.address !== undefined)
      this.ip(bridge.host, 'address', 'add', bridge.address, 'dev', bridge.port)
    this.ip(bridge.host, 'link', 'set', bridge.port, 'up')
    for (const end of ends) {
      this.cable({ host: bridge.host, port: `to-${end.host}` }, end)
      this.ip(bridge.host, 'link', 'set', `to-${end.host}`, 'master', bridge.port)
    }
  }

  start(host: string, command: readonly string[], options: Parameters<typeof start>[2] = {}): Running {
    const [program = '', ...args] = [...this.prefix(host), ...command]
    return start(program, args, options)
  }

  run(host: string, command: readonly string[]): ReturnType<typeof runToEnd> {
    const [program = '', ...args] = [...this.prefix(host), ...command]
    return runToEnd(program, args)
  }

  /** What programs on a host find as /etc/FILE: `ip netns exec` puts these files over those of the machine. */
  files(host: string, contents: Readonly<Record<string, string>>): void {
    mkdirSync(join(OWN_FILES, this.#nameOf(host)), { recursive: true })
    for (const [name, text] of Object.entries(contents)) writeFileSync(this.file(host, name), text)
  }

  /** Where the file lies that programs on a host find as /etc/NAME. */
  file(host: string, name: string): string {
    return join(OWN_FILES, this.#nameOf(host), name)
  }

  /**
   * From now on a host loses every packet of `address`, and every packet to it, without a word to either end: no reset,
   * no ICMP. Not even the address is asked for: see `knowEachOther`.
   */
  drop(host: string, address: string): void {
    this.ip(host, 'route', 'replace', 'blackhole', `${address}/32`)
  }

  /** Ends `drop`. */
  pass(host: string, address: string): void {
    this.ip(host, 'route', 'delete', 'blackhole', `${address}/32`)
  }

  /** Fixes the link-layer addresses of two ends, so that lost packets never turn into "no route to host". */
  knowEachOther(one: CableEnd, other: CableEnd): void {
    for (const [here, there] of [
      [one, other],
      [other, one],
    ] as const) {
      const [{ address = '' } = {}] = JSON.parse(
        this.ip(there.host, '-json', 'link', 'show', there.port),
      ) as { address?: string }[] // what ip prints
      const neighbour = (there.address ?? '').split('/')[0] ?? ''
      const entry = [neighbour, 'lladdr', address, 'dev', here.port, 'nud', 'permanent']
      this.ip(here.host, 'neighbour', 'replace', ...entry)
    }
  }

  /** Whether `address` answers a ping within the time. */
  async reaches(host: string, address: string, seconds = 1): Promise<boolean> {
    const { code } = await this.run(host, ['ping', '-q', '-c', '1', '-W', String(seconds), address])
    return code === 0
  }

  [Symbol.dispose](): void {
    for (const name of this.#names) {
      deleteNamespace(name)
      live.delete(name)
    }
    this.#names.clear()
  }

  #nameOf(host: string): string {
    return `${PREFIX}-${process.pid}-${this.#number}-${host}`
  }
}

export interface CableEnd {
  readonly host: string
  /** Name of the interface. */
  readonly port: string
  /** `10.77.0.2/24` */
  readonly address?: string
}

function ip(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`)
  return stdout
}

/** With the files that were put over those of the machine there. */
function deleteNamespace(name: string): void {
  spawnSync('ip', ['netns', 'del', name])
  rmSync(join(OWN_FILES, name), { recursive: true, force: true })
}

/** Of runs that were killed before they could clean up. */
function deleteLeftovers(): void {
  const folder = '/run/netns'
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) deleteNamespace(name)
  }
}
