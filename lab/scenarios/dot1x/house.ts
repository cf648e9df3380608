/** Server, switch and computer, each a host of its own: server --10.77.0.0/24-- switch port1 --wire-- eth1 computer. hostapd runs on the file `sallyport gateways make` wrote. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Network } from '../../network.ts'
import { type Running, temporaryFolder } from '../../process.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { plugIn } from '../../supplicant.ts'
import { SwitchPort } from '../../switch-port.ts'
import { until } from '../../until.ts'

const SERVER_ADDRESS = '10.77.0.2'
const SWITCH_ADDRESS = '10.77.0.3'
/** With everything that could mean something in hostapd.conf: it has to arrive unchanged. */
const SECRET = ' # secret="of\' the\\switch\\n '
const DAS_SECRET = 'secret of  its #das= '
const SERVER_NAME = 'radius.lab.test'
export const PASSWORD = 'Wired-Passw0rd!'
export const STAFF_VLAN = 42
export const OTHER_VLAN = 99

/** `extra`: more of dynamicAuthorization. `groups`: of alice. */
export function configuration(extra = '', groups = 'Staff'): string {
  return `
settings: { serverName: ${SERVER_NAME} }
clients:
  - name: switch-1
    address: ${SWITCH_ADDRESS}
    secret: ${JSON.stringify(SECRET)}
    dynamicAuthorizationSecret: ${JSON.stringify(DAS_SECRET)}
    dynamicAuthorization: { timeoutSeconds: 0.4, retries: 1${extra} }
sources:
  - { name: local, kind: local, passwordStorage: nt-hash }
realms:
  - { name: default, default: true, sources: [local] }
trust:
  - { name: own, kind: own }
profiles:
  - { name: staff, vlan: ${STAFF_VLAN} }
  - { name: staff-often, vlan: ${STAFF_VLAN}, sessionTimeoutSeconds: 2, terminationAction: radius-request }
  - { name: plain }
rules:
  - { name: often, when: 'user.name == "olga"', effect: accept, profiles: [staff-often] }
  - { name: staff, when: '"Staff" in user.groups', effect: accept, profiles: [staff] }
  - { name: others, when: 'true', effect: accept, profiles: [plain] }
connections:
  - { name: Lab LAN, kind: wired }
gateways:
  - name: switch-1
    kind: hostapd
    client: switch-1
    connections: [Lab LAN]
    radiusServers: [${SERVER_ADDRESS}]
    interimSeconds: 1
    outside: { interface: port1 }
    inside: { interface: lan, address: ${SWITCH_ADDRESS} }
groups: [{ name: Staff }]
users:
  - { name: alice, password: ${PASSWORD}, groups: [${groups}] }
  - { name: olga, password: ${PASSWORD}, groups: [Staff] }
  - { name: bob, password: ${PASSWORD} }
  - { name: carol, password: ${PASSWORD}, groups: [Staff] }
`
}

/** What the lab looks at in a session. */
export interface LabSession {
  readonly id: string
  readonly user?: string
  readonly state: string
  readonly callingStationId?: string
  readonly sessionSeconds: number
  readonly terminateCause?: string
  readonly receipt?: string
}

export interface ActionResult {
  readonly outcome: string
  readonly errorCause?: string
  readonly reason?: string
}

export class Dot1xHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly port: SwitchPort
  readonly #parts: AsyncDisposableStack
  readonly #network: Network
  readonly #folder: string
  #supplicant: Running | undefined
  #computers = 0

  private constructor(
    parts: AsyncDisposableStack,
    network: Network,
    server: Sallyport,
    port: SwitchPort,
    folder: string,
  ) {
    this.#parts = parts
    this.#network = network
    this.server = server
    this.port = port
    this.#folder = folder
  }

  static async open(): Promise<Dot1xHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-dot1x-')).path
    const network = parts.use(new Network('server', 'switch', 'computer'))
    network.cable(
      { host: 'server', port: 'lan', address: `${SERVER_ADDRESS}/24` },
      { host: 'switch', port: 'lan', address: `${SWITCH_ADDRESS}/24` },
    )
    network.cable({ host: 'switch', port: 'port1' }, { host: 'computer', port: 'eth1' })
    for (const vlan of [STAFF_VLAN, OTHER_VLAN]) {
      network.ip('computer', 'address', 'add', `10.77.${vlan}.7/24`, 'dev', 'eth1')
    }
    const data = join(folder, 'data')
    mkdirSync(data)
    const server = parts.use(
      await startSallyport({
        ...{ data, args: ['--bind', SERVER_ADDRESS], prefix: network.prefix('server') },
        // Nobody else is in its namespace: the ports the switch is told.
        ...{ authPort: 1812, acctPort: 1813 },
      }),
    )
    await server.apply(configuration())
    const made = join(folder, 'made')
    const { code, output } = await server.cli('gateways', 'make', 'switch-1', '--out', made)
    if (code !== 0) throw new Error(`gateways make:\n${output}`)
    const port = parts.use(
      await SwitchPort.start({
        ...{ network, host: 'switch', port: 'port1', vlans: [STAFF_VLAN, OTHER_VLAN] },
        configuration: join(made, 'hostapd.conf'),
      }),
    )
    return new Dot1xHouse(parts.move(), network, server, port, folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug()
    await this.#parts.disposeAsync()
  }

  /** Another computer is plugged in and logs in; `lines` are its credentials. Whether it was let in. */
  async logIn(lines: readonly string[]): Promise<boolean> {
    await this.unplug()
    this.#computers++
    this.#network.ip('computer', 'link', 'set', 'eth1', 'address', this.mac)
    const trust = [`ca_cert="${join(this.server.data, 'ca.pem')}"`, `domain_match="${SERVER_NAME}"`]
    const block = ['key_mgmt=IEEE8021X', 'eapol_flags=0', ...trust, ...lines].map((line) => `  ${line}`)
    const configuration = join(this.#folder, `supplicant-${this.#computers}.conf`)
    writeFileSync(configuration, ['ap_scan=0', 'network={', ...block, '}', ''].join('\n'))
    const { supplicant, success } = await plugIn({
      ...{ network: this.#network, host: 'computer', port: 'eth1', configuration },
    })
    this.#supplicant = supplicant
    return success
  }

  /** MAC address of the computer that was plugged in last. */
  get mac(): string {
    return `02:00:00:77:00:0${this.#computers}`
  }

  async unplug(): Promise<void> {
    await this.#supplicant?.stop()
    this.#supplicant = undefined
  }

  /** Which VLANs the computer reaches, by ping. */
  async reachable(): Promise<readonly number[]> {
    const vlans = [STAFF_VLAN, OTHER_VLAN]
    const answers = await Promise.all(
      vlans.map((vlan) => this.#network.reaches('computer', `10.77.${vlan}.1`)),
    )
    return vlans.filter((_, index) => answers[index])
  }

  /** Parsed `--json` output of `sallyport ARGS`, whatever its exit code. */
  async json<Result>(...args: string[]): Promise<Result> {
    const { output } = await this.server.cli(...args, '--json')
    try {
      return JSON.parse(output) as Result // the caller names what it asked for
    } catch {
      throw new Error(`sallyport ${args.join(' ')} printed:\n${output}`)
    }
  }

  async sessions(...filter: string[]): Promise<readonly LabSession[]> {
    return (await this.json<{ items: LabSession[] }>('sessions', ...filter)).items
  }

  /** The session of a user, once it looks as wanted. */
  /** What `sallyport sessions ACTION --user USER` brought for the one live session there is. */
  async act(action: string, user: string): Promise<ActionResult> {
    const results = await this.json<ActionResult[]>('sessions', action, '--user', user)
    const [result] = results
    if (result === undefined || results.length > 1) throw new Error(`${results.length} sessions of ${user}`)
    return result
  }

  /** The last thing that was done to a session of the user because a fact changed. */
  async done(user: string): Promise<{ readonly reason: string; readonly changes: readonly string[] }> {
    return await until(`what was done about ${user}`, async () => {
      const { items } = await this.json<{ items: { state: string; reason: string; changes: string[] }[] }>(
        'grants',
        '--user',
        user,
      )
      return items[0]?.state === 'done' ? items[0] : undefined
    })
  }

  async session(user: string, isWanted: (session: LabSession) => boolean): Promise<LabSession> {
    return await until(`the session of ${user}`, async () =>
      (await this.sessions('--user', user, '--all')).find(isWanted),
    )
  }
}
