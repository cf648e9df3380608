/**
 * Network namespaces: hosts of their own inside this machine, joined by virtual cables (veth). Everything is in them and
 * named after this process, so nothing outside changes and two runs do not meet. They end with the scope that made them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { type Running, runToEnd, start } from './process.ts'

const PREFIX = 'sallyport-lab'
const live = new Set<string>()
process.on('exit', () => {
  for (const name of live) spawnSync('ip', ['netns', 'del', name])
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

  start(host: string, command: readonly string[], options: Parameters<typeof start>[2] = {}): Running {
    const [program = '', ...args] = [...this.prefix(host), ...command]
    return start(program, args, options)
  }

  run(host: string, command: readonly string[]): ReturnType<typeof runToEnd> {
    const [program = '', ...args] = [...this.prefix(host), ...command]
    return runToEnd(program, args)
  }

  /** Whether `address` answers a ping within the time. */
  async reaches(host: string, address: string, seconds = 1): Promise<boolean> {
    const { code } = await this.run(host, ['ping', '-q', '-c', '1', '-W', String(seconds), address])
    return code === 0
  }

  [Symbol.dispose](): void {
    for (const name of this.#names) {
      spawnSync('ip', ['netns', 'del', name])
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

/** Of runs that were killed before they could clean up. */
function deleteLeftovers(): void {
  const folder = '/run/netns'
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) spawnSync('ip', ['netns', 'del', name])
  }
}
