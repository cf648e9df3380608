/** Server, VPN gateway and client: server --10.77.0.0/24-- gateway --10.77.2.0/24-- client; 10.77.9.1 is behind the gateway. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { issue, makeCa } from '../../certificates.ts'
import { Network } from '../../network.ts'
import { temporaryFolder } from '../../process.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { until } from '../../until.ts'
import { Charon } from './charon.ts'

const SERVER = '10.77.0.2'
const GATEWAY = '10.77.0.1'
const OUTSIDE = '10.77.2.1'
const INSIDE = '10.77.9.1'
const SECRET = 'secret-of-the-gateway'
const DAE_SECRET = 'secret-of-its-dae'
const PASSWORD = 'Vpn-Passw0rd!'

export interface LabSession {
  readonly id: string
  readonly state: string
  readonly framedIpAddress?: string
}

export interface ActionResult {
  readonly outcome: string
  readonly errorCause?: string
  readonly reason?: string
}

/** `settings`: more of dynamicAuthorization. `granted`: names of profiles. */
export function configuration(settings = '', secret = DAE_SECRET, granted = ''): string {
  return `
clients:
  - name: vpn
    address: ${GATEWAY}
    vendor: strongswan
    secret: ${SECRET}
    dynamicAuthorizationSecret: ${secret}
    dynamicAuthorization: { timeoutSeconds: 0.4, retries: 1${settings} }
sources:
  - { name: local, kind: local, passwordStorage: nt-hash }
realms:
  - { name: default, default: true, sources: [local] }
profiles:
  - { name: two-minutes, sessionTimeoutSeconds: 120 }
  - { name: filtered, filterId: guests }
  - { name: group-staff, role: staff }
rules:
  - { name: everybody, when: 'true', effect: accept, profiles: [${granted}] }
users:
  - { name: alice, password: ${PASSWORD} }
`
}

export class VpnHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly gateway: Charon
  readonly client: Charon
  readonly #network: Network
  readonly #parts: AsyncDisposableStack

  private constructor(
    parts: AsyncDisposableStack,
    network: Network,
    server: Sallyport,
    gateway: Charon,
    client: Charon,
  ) {
    this.#parts = parts
    this.#network = network
    this.server = server
    this.gateway = gateway
    this.client = client
  }

  static async open(): Promise<VpnHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-vpn-')).path
    const network = parts.use(new Network('server', 'gateway', 'client'))
    network.cable(
      { host: 'server', port: 'lan', address: `${SERVER}/24` },
      { host: 'gateway', port: 'lan', address: `${GATEWAY}/24` },
    )
    network.cable(
      { host: 'gateway', port: 'wan', address: `${OUTSIDE}/24` },
      { host: 'client', port: 'wan', address: '10.77.2.2/24' },
    )
    network.ip('gateway', 'address', 'add', `${INSIDE}/32`, 'dev', 'lo')
    const data = join(folder, 'data')
    mkdirSync(data)
    const server = parts.use(
      await startSallyport({ data, args: ['--bind', SERVER], prefix: network.prefix('server') }),
    )
    await server.apply(configuration())
    const ca = makeCa(join(folder, 'ca'), 'Lab CA')
    const certificate = issue(ca, 'gateway', {
      commonName: 'vpn.lab.test',
      subjectAltName: 'DNS:vpn.lab.test',
      extendedKeyUsage: 'serverAuth',
      keyType: 'rsa',
    })
    for (const side of ['gateway', 'client']) mkdirSync(join(folder, side))
    const common = { network, ca: ca.certificate }
    const gateway = parts.use(
      await Charon.start({
        ...{ ...common, certificate, host: 'gateway', folder: join(folder, 'gateway') },
        ...{ load: ['eap-radius'], plugins: eapRadius(server), connections: GATEWAY_CONNECTIONS },
      }),
    )
    const client = parts.use(
      await Charon.start({
        ...{ ...common, host: 'client', folder: join(folder, 'client') },
        ...{ load: ['eap-mschapv2', 'updown'], plugins: '', connections: CLIENT_CONNECTIONS },
      }),
    )
    return new VpnHouse(parts.move(), network, server, gateway, client)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  async connect(): Promise<void> {
    const { code, output } = await this.client.swanctl('--initiate', '--child', 'net', '--timeout', '15')
    if (code !== 0) throw new Error(`${output}\n${this.gateway.log.slice(-2000)}`)
  }

  reachesInside(): Promise<boolean> {
    return this.#network.reaches('client', INSIDE)
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

  /** What `sallyport sessions ACTION --user alice` brought for her one live session. */
  async act(action: string, ...flags: string[]): Promise<ActionResult> {
    const results = await this.json<ActionResult[]>('sessions', action, '--user', 'alice', ...flags)
    const [result] = results
    if (result === undefined || results.length > 1) throw new Error(`${results.length} live sessions`)
    return result
  }

  async session(state: string): Promise<LabSession> {
    return await until(`a session that is ${state}`, async () => {
      const { items } = await this.json<{ items: LabSession[] }>('sessions', '--user', 'alice', '--all')
      return items.find((each) => each.state === state)
    })
  }
}

function eapRadius({ authPort, acctPort }: Sallyport): string {
  return `    eap-radius {
      accounting = yes
      accounting_send_class = yes
      nas_identifier = vpn-1
      filter_id = yes
      dae {
        enable = yes
        listen = 0.0.0.0
        port = 3799
        secret = ${DAE_SECRET}
      }
      servers {
        sallyport {
          address = ${SERVER}
          secret = ${SECRET}
          auth_port = ${authPort}
          acct_port = ${acctPort}
          nas_identifier = vpn-1
        }
      }
    }`
}

const PROPOSALS = `proposals = aes256-sha256-x25519
    over_time = 2s
    rand_time = 0s`

/** Who is in the group staff gets the first connection; charon goes on to the next where the group is missing. */
const GATEWAY_CONNECTIONS = `connections {
${gatewayConnection('staff', 'staff-addresses', 'groups = staff')}
${gatewayConnection('vpn', 'addresses')}
}
pools {
  addresses {
    addrs = 10.77.101.0/24
  }
  staff-addresses {
    addrs = 10.77.102.0/24
  }
}
`

function gatewayConnection(name: string, pool: string, constraint = ''): string {
  return `  ${name} {
    version = 2
    local_addrs = ${OUTSIDE}
    ${PROPOSALS}
    pools = ${pool}
    send_cert = always
    local {
      auth = pubkey
      certs = own.pem
      id = vpn.lab.test
    }
    remote {
      auth = eap-radius
      id = %any
      eap_id = %any
      ${constraint}
    }
    children {
      net {
        local_ts = 10.77.9.0/24
        esp_proposals = aes256gcm16
      }
    }
  }`
}

const CLIENT_CONNECTIONS = `connections {
  vpn {
    version = 2
    local_addrs = 10.77.2.2
    remote_addrs = ${OUTSIDE}
    ${PROPOSALS}
    vips = 0.0.0.0
    local {
      auth = eap-mschapv2
      eap_id = alice
      id = alice
    }
    remote {
      auth = pubkey
      id = vpn.lab.test
    }
    children {
      net {
        remote_ts = 10.77.9.0/24
        esp_proposals = aes256gcm16
      }
    }
  }
}
secrets {
  eap-1 {
    id = alice
    secret = "${PASSWORD}"
  }
}
`
