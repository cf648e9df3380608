/**
 * NetworkManager without systemd: on a bus and in a network namespace of its own, with all it keeps in a temporary
 * folder. It touches no device.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from './network.ts'
import { privateBus } from './private-bus.ts'
import { type Running, runToEnd } from './process.ts'
import { until } from './until.ts'

const SERVICE = 'org.freedesktop.NetworkManager'

/** Settings by group and name, as NetworkManager hands them out on the bus. */
export type BusSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export class NetworkManager implements AsyncDisposable {
  readonly #folder: string
  readonly #address: string
  readonly #parts: AsyncDisposableStack
  readonly #daemon: Running

  private constructor(folder: string, address: string, daemon: Running, parts: AsyncDisposableStack) {
    this.#folder = folder
    this.#address = address
    this.#daemon = daemon
    this.#parts = parts
  }

  /** @param folder empty; @param host one of the network, which gets no other NetworkManager */
  static async start(network: Network, host: string, folder: string): Promise<NetworkManager> {
    for (const name of ['keyfiles', 'state', 'conf.d']) mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, 'NetworkManager.conf'), configuration(folder))
    await using parts = new AsyncDisposableStack()
    const { address } = parts.use(await privateBus(folder))
    const command = [
      ...['/usr/sbin/NetworkManager', '--no-daemon', '--config', join(folder, 'NetworkManager.conf')],
      ...['--config-dir', join(folder, 'conf.d'), '--system-config-dir', join(folder, 'conf.d')],
      ...['--state-file', join(folder, 'state/state'), '--pid-file', join(folder, 'state/pid')],
    ]
    const own = 'mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/lib/NetworkManager && exec "$@"'
    const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: address }
    const daemon = parts.use(network.start(host, ['sh', '-c', own, 'sh', ...command], { env }))
    const manager = new NetworkManager(folder, address, daemon, parts.move())
    try {
      await until('NetworkManager answers', async () =>
        (await manager.nmcli('-t', '-f', 'RUNNING', 'general')).output.startsWith('running')
          ? true
          : undefined,
      )
      return manager
    } catch (error) {
      await manager[Symbol.asyncDispose]()
      throw error
    }
  }

  get log(): string {
    return this.#daemon.output()
  }

  nmcli(...args: string[]): Promise<{ code: number | null; output: string }> {
    return runToEnd('nmcli', args, { env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: this.#address } })
  }

  /** Writes the keyfiles and has them read; what cannot be read is not among the connections afterwards. */
  async load(files: readonly { readonly name: string; readonly content: string }[]): Promise<string> {
    for (const { name, content } of files) {
      const path = join(this.#folder, 'keyfiles', name)
      writeFileSync(path, content)
      chmodSync(path, 0o600)
    }
    return (await this.nmcli('connection', 'reload')).output
  }

  /** Every connection with its settings and, of these groups, its secrets, by UUID. */
  async connections(...secretGroups: readonly string[]): Promise<ReadonlyMap<string, BusSettings>> {
    const [paths] = (await this.#call(
      `/${SERVICE.replaceAll('.', '/')}/Settings`,
      'Settings',
      'ListConnections',
    )) as [readonly string[]] // ao
    const all = await Promise.all(
      paths.map(async (path): Promise<[string, BusSettings]> => {
        const settings = readSettings(await this.#call(path, 'Settings.Connection', 'GetSettings'))
        const secrets = await Promise.all(
          secretGroups
            .filter((group) => settings[group] !== undefined)
            // Where there is none it asks somebody who is not there.
            .map((group) =>
              this.#call(path, 'Settings.Connection', 'GetSecrets', 's', group).then(
                readSettings,
                () => ({}),
              ),
            ),
        )
        const groups = Object.entries(settings).map(([group, values]): [string, Record<string, unknown>] => [
          group,
          Object.assign({}, values, ...secrets.map((secret: BusSettings) => secret[group] ?? {})),
        ])
        return [String(settings.connection?.uuid), Object.fromEntries(groups)]
      }),
    )
    return new Map(all)
  }

  async #call(
    path: string,
    face: string,
    method: string,
    ...args: readonly string[]
  ): Promise<readonly unknown[]> {
    const options = [`--address=${this.#address}`, '--json=short', 'call', SERVICE, path]
    const { code, output } = await runToEnd('busctl', [...options, `${SERVICE}.${face}`, method, ...args])
    if (code !== 0) throw new Error(`busctl ${method}: ${output}\n${this.log.slice(-2000)}`)
    return (JSON.parse(output) as { data: readonly unknown[] }).data // what busctl prints
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}

/** a{sa{sv}}, where each value is `{type, data}`. */
function readSettings([groups]: readonly unknown[]): BusSettings {
  const typed = groups as Record<string, Record<string, { data: unknown }>> // its signature says so
  return Object.fromEntries(
    Object.entries(typed).map(([group, values]) => [
      group,
      Object.fromEntries(Object.entries(values).map(([name, { data }]) => [name, data])),
    ]),
  )
}

const configuration = (folder: string): string => `[main]
plugins=keyfile
auth-polkit=false
dns=none
rc-manager=unmanaged
no-auto-default=*
configure-and-quit=no
[keyfile]
path=${join(folder, 'keyfiles')}
unmanaged-devices=*
[connectivity]
enabled=false
`
