/** An organisation as the tutorial has it. Gateway, switch and clients run on what `sallyport ... make` wrote, unedited. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt } from '../../admin-api.ts'
import { Charon } from '../../charon.ts'
import { openDoor } from '../../namespace-door.ts'
import type { Network } from '../../network.ts'
import { type PeapPlugin, peapPlugin } from '../../peap-plugin.ts'
import { runToEnd, temporaryFolder } from '../../process.ts'
import { CLI, type Sallyport, startSallyport } from '../../sallyport.ts'
import type { PersonName } from '../../samba/people.ts'
import { DomainController } from '../../samba-domain.ts'
import { DomainMember } from '../../samba-member.ts'
import { SwitchPort } from '../../switch-port.ts'
import { until } from '../../until.ts'
import { ClientMachine, type Own } from './client-machine.ts'
import { Desk } from './desk.ts'
import {
  ADDRESSES,
  cabled,
  GATEWAY_RULES,
  OTHER_VLAN,
  PING_RULES,
  STAFF_VLAN,
  serverRules,
} from './network.ts'
import { FULL_GATEWAY_NAME, GATEWAY_NAME, SERVER_NAME, site } from './site.ts'

export interface LabSession {
  readonly id: string
  readonly user?: string
  readonly state: string
  readonly framedIpAddress?: string
  readonly receipt?: string
}

interface Parts {
  readonly network: Network
  readonly folder: string
  readonly controller: DomainController
  readonly server: Sallyport
  readonly gateway: Charon
  readonly port: SwitchPort
  readonly peap: PeapPlugin
}

export class VpnHouse implements AsyncDisposable {
  readonly network: Network
  readonly controller: DomainController
  readonly server: Sallyport
  readonly gateway: Charon
  readonly port: SwitchPort
  readonly peap: PeapPlugin
  readonly desk: Desk
  readonly #folder: string
  readonly #parts: AsyncDisposableStack
  #made = 0

  private constructor(parts: AsyncDisposableStack, made: Parts) {
    this.#parts = parts
    this.network = made.network
    this.#folder = made.folder
    this.controller = made.controller
    this.server = made.server
    this.gateway = made.gateway
    this.port = made.port
    this.peap = made.peap
    this.desk = parts.use(new Desk(made.network))
  }

  static async open(): Promise<VpnHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sp-vpn-')).path
    const part = (name: string): string => {
      mkdirSync(join(folder, name))
      return join(folder, name)
    }
    const peap = peapPlugin()
    const network = parts.use(cabled())
    const controller = parts.use(
      await DomainController.start({
        ...{ network, host: 'dc', addresses: [ADDRESSES.dc], folder: part('dc') },
      }),
    )
    await population(controller)
    const member = parts.use(
      await DomainMember.join({
        ...{ network, host: 'server', interfaces: 'lo lan', folder: part('member') },
        ...{ controller, controllerAddress: ADDRESSES.dc },
      }),
    )
    const server = parts.use(
      await startSallyport({
        data: part('data'),
        args: ['--bind', ADDRESSES.server, '--enrol-bind', ADDRESSES.server],
        // The usual ones: in a namespace nobody else has them.
        ...{ authPort: 1812, acctPort: 1813, httpsPort: 8443 },
        prefix: [...network.prefix('server'), ...member.withWinbind()],
        door: async (port) =>
          parts.use(await openDoor({ network, host: 'server', to: { address: '127.0.0.1', port }, folder })),
      }),
    )
    await server.apply(site({ controller, member, enrolPort: server.enrolPort }))
    await filtered(network, 'server', serverRules(server.enrolPort))
    await filtered(network, 'inside', PING_RULES)
    const gateway = parts.use(await startGateway(network, server, part('gateway')))
    const port = parts.use(await startSwitch(network, server, part('switch')))
    const made = { network, folder, controller, server, gateway, port, peap: await peap }
    return new VpnHouse(parts.move(), made)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** The folder with the files of one connection for a person: `sallyport connections make`. */
  async profile(connection: string, output: string, user: string, ...flags: string[]): Promise<string> {
    const folder = join(this.#folder, `profile-${++this.#made}`)
    const words = ['connections', 'make', connection, output, '--user', user, '--out', folder, ...flags]
    await sallyport(this.server, ...words)
    return folder
  }

  /** A computer at home with the profile of a person on it, and what the person types. */
  async machine(profile: string, own: Own = {}): Promise<ClientMachine> {
    return await ClientMachine.start({
      ...{ network: this.network, folder: join(this.#folder, `machine-${++this.#made}`), profile, ...own },
      ...('folder' in this.peap && { pluginFolder: this.peap.folder }),
    })
  }

  person(name: PersonName) {
    return this.controller.person(name)
  }

  /** What `sallyport explain --user NAME` says of the last login. */
  async explanation(user: string): Promise<string> {
    return await sallyport(this.server, 'explain', '--user', user)
  }

  async sallyport(...words: string[]): Promise<string> {
    return await sallyport(this.server, ...words)
  }

  async json<Result>(...words: string[]): Promise<Result> {
    return JSON.parse(await sallyport(this.server, ...words, '--json')) as Result // the caller names what it asked for
  }

  async session(user: string, isWanted: (session: LabSession) => boolean): Promise<LabSession> {
    const ask = () =>
      this.server.api.send<{ items: readonly LabSession[] }>(
        'GET',
        `/sessions?${new URLSearchParams({ user })}`,
      )
    return await until(`the session of ${user}`, async () => (await ask()).items.find(isWanted))
  }

  /** Receipts are written in batches: a session may be known a moment earlier. */
  async receipt(id: string): Promise<Receipt> {
    await until(`receipt ${id}`, async () => (await this.server.api.receipts()).find((row) => row.id === id))
    return await this.server.api.receipt(id)
  }

  /** Serial number of the certificate the last accepted login of this session was by. */
  async serialOf({ receipt = '' }: LabSession): Promise<string> {
    const { body } = await this.receipt(receipt)
    return (body.facts.certificate as { serial: string }).serial // a fact of EAP-TLS
  }

  /** Whom a host saw ping one of its addresses. */
  async pings(host: 'inside' | 'gateway', address: string): Promise<readonly string[]> {
    const { output } = await this.network.run(host, ['nft', 'list', 'set', 'inet', 'pings', 'seen'])
    const seen = [...output.matchAll(/([0-9.]+) \. ([0-9.]+)/g)]
    return seen.flatMap(([, pinged, by = '']) => (pinged === address ? [by] : [])).toSorted()
  }

  /** Seconds until the gateway has no tunnel any more, counted from before `cause`. */
  async secondsToTheEnd(cause: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now()
    await cause()
    await until('the end of the tunnel', async () =>
      (await this.gateway.associations()) === 0 ? true : undefined,
    )
    return (performance.now() - startedAt) / 1000
  }
}

/** `sallyport WORDS` with its output; throws where it fails. */
async function sallyport(server: Sallyport, ...words: readonly string[]): Promise<string> {
  const { code, output } = await server.cli(...words)
  if (code !== 0) throw new Error(`sallyport ${words.join(' ')} (${code}):\n${output}`)
  return output
}

async function population(controller: DomainController): Promise<void> {
  const { baseDn, domain, administratorPassword } = controller
  const group = `CN=VPN Admins,OU=Groups,${baseDn}`
  await controller.ldif(
    `dn: ${group}\nchangetype: add\nobjectClass: group\nsAMAccountName: VPN Admins\nmember: ${controller.person('alice').dn}\n`,
  )
  const record = (name: string, address: string) =>
    `samba-tool dns add ${ADDRESSES.dc} ${domain} ${name.split('.')[0]} A ${address} -U 'Administrator%${administratorPassword}'`
  await controller.shell(
    [
      record(GATEWAY_NAME, ADDRESSES.outside),
      record(FULL_GATEWAY_NAME, ADDRESSES.outside),
      record(SERVER_NAME, ADDRESSES.server),
    ].join('\n'),
  )
}

/** strongSwan and the packet filter, with a certificate the gateway asked for itself. */
async function startGateway(network: Network, server: Sallyport, folder: string): Promise<Charon> {
  const made = join(folder, 'made')
  await sallyport(server, 'gateways', 'make', 'vpn-1', '--out', made)
  network.files('gateway', { 'resolv.conf': `nameserver ${ADDRESSES.dc}\n` })
  await inside(network, 'gateway', 'sh', '-ec', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
  await filtered(network, 'gateway', `${GATEWAY_RULES}${PING_RULES}`, join(made, 'firewall-gateway.nft'))
  await filtered(network, 'server', '', join(made, 'firewall-server.nft'))
  const certificate = join(folder, 'certificate')
  const dns = ['--device', 'vpn-1', '--dns', `${GATEWAY_NAME},${FULL_GATEWAY_NAME}`]
  const output = await sallyport(server, 'challenges', 'create', '--template', 'gateways', ...dns)
  const [, challenge = ''] = /^([A-Z2-9-]{29})$/m.exec(output) ?? []
  const url = `https://${SERVER_NAME}:${server.enrolPort}`
  const trust = ['--ca', join(server.data, 'ca.pem')]
  const how = ['--url', url, '--template', 'gateways', '--challenge', challenge, ...trust]
  await inside(network, 'gateway', process.execPath, CLI, 'enrol', ...how, '--out', certificate)
  const anchors = readdirSync(made).filter((name) => /^ca-.*\.pem$/.test(name))
  return await Charon.start({
    ...{ network, host: 'gateway', folder, load: ['eap-radius'] },
    plugins: `    include ${join(made, 'eap-radius.conf')}`,
    files: {
      'swanctl.conf': readFileSync(join(made, 'swanctl.conf')),
      ...Object.fromEntries(anchors.map((name) => [`x509ca/${name}`, readFileSync(join(made, name))])),
      'x509/gateway.pem': readFileSync(join(certificate, 'live/cert.pem')),
      'private/gateway.key': readFileSync(join(certificate, 'live/key.pem')),
    },
  })
}

async function startSwitch(network: Network, server: Sallyport, folder: string): Promise<SwitchPort> {
  const made = join(folder, 'made')
  await sallyport(server, 'gateways', 'make', 'switch-1', '--out', made)
  await filtered(network, 'server', '', join(made, 'firewall-server.nft'))
  return await SwitchPort.start({
    ...{ network, host: 'switch', port: 'port1', vlans: [STAFF_VLAN, OTHER_VLAN] },
    configuration: join(made, 'hostapd.conf'),
  })
}

/** Rules of the machine, and files of rules that were generated for it. */
async function filtered(
  network: Network,
  host: string,
  rules: string,
  ...generated: string[]
): Promise<void> {
  await inside(network, host, 'sh', '-ec', 'printf %s "$0" | nft -f -', rules)
  for (const file of generated) await inside(network, host, 'nft', '-f', file)
}

async function inside(network: Network, host: string, ...command: readonly string[]): Promise<void> {
  const [program = '', ...args] = [...network.prefix(host), ...command]
  const { code, output } = await runToEnd(program, args)
  if (code !== 0) throw new Error(`${command.join(' ')} on ${host} (${code}):\n${output}`)
}
