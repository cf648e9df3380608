/** Server, VPN gateway and client: server --10.77.0.0/24-- gateway --10.77.2.0/24-- client; 10.77.9.1 is behind the gateway, which runs on the files `sallyport gateways make` wrote. */
import { X509Certificate } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { swanctlOfPayload } from '../../apple-ikev2.ts'
import { issue, makeCa } from '../../certificates.ts'
import { Charon } from '../../charon.ts'
import { MobileConfig, type PlistTable } from '../../mobileconfig.ts'
import { Network } from '../../network.ts'
import { temporaryFolder } from '../../process.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { until } from '../../until.ts'

const SERVER = '10.77.0.2'
const GATEWAY = '10.77.0.1'
const OUTSIDE = '10.77.2.1'
const INSIDE = '10.77.9.1'
/** With everything that means something in strongswan.conf: it has to arrive unchanged. */
const SECRET = ' secret "of\' the\\gateway\\n {#$x;} include %any= '
const DAE_SECRET = 'secret\\ "of its dae\\'
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

export interface Differing {
  /** More of dynamicAuthorization. */
  readonly settings?: string
  readonly secret?: string
  /** Names of profiles. */
  readonly granted?: string
  readonly gatewayCa?: string
  readonly withoutRole?: 'refused' | 'connection'
  /** Condition of the one rule. */
  readonly when?: string
}

export const ADMINS = 'Lab VPN for admins'

export function configuration(differing: Differing = {}): string {
  const { settings = '', secret = DAE_SECRET, granted = '', gatewayCa } = differing
  const { withoutRole = 'connection', when = 'true' } = differing
  return `
clients:
  - name: vpn
    address: ${GATEWAY}
    vendor: strongswan
    secret: ${JSON.stringify(SECRET)}
    dynamicAuthorizationSecret: ${JSON.stringify(secret)}
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
  - { name: everybody, when: '${when}', effect: accept, profiles: [${granted}] }
connections:
  - name: Lab VPN
    kind: vpn
    gateways: [{ address: vpn.lab.test }]
    authentication: eap-mschapv2
    ${gatewayCa === undefined ? '' : `gatewayAnchors: [${JSON.stringify(gatewayCa)}]`}
    routing: split
    routes: [{ prefix: 10.77.9.0/24 }]
  - name: ${ADMINS}
    kind: vpn
    gateways: [{ address: admins.lab.test }]
    authentication: eap-mschapv2
    routing: split
    routes: [{ prefix: 10.77.9.0/24 }]
gateways:
  - name: vpn-1
    kind: strongswan
    client: vpn
    connections: [Lab VPN, ${ADMINS}]
    radiusServers: [${SERVER}]
    outside: { interface: wan, address: ${OUTSIDE} }
    inside: { interface: lan, address: ${GATEWAY} }
    addressPool: 10.77.101.0/24
    roles: [{ name: staff, addressPool: 10.77.102.0/24 }]
    withoutRole: ${withoutRole}
users:
  - { name: alice, password: ${PASSWORD} }
`
}

export class VpnHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly gateway: Charon
  readonly client: Charon
  /** PEM file of the CA the gateway's certificate comes from. */
  readonly gatewayCa: string
  readonly #folder: string
  readonly #network: Network
  readonly #parts: AsyncDisposableStack

  private constructor(
    parts: AsyncDisposableStack,
    network: Network,
    server: Sallyport,
    gateway: Charon,
    client: Charon,
    folder: string,
    gatewayCa: string,
  ) {
    this.#parts = parts
    this.#network = network
    this.server = server
    this.gateway = gateway
    this.client = client
    this.#folder = folder
    this.gatewayCa = gatewayCa
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
      await startSallyport({
        ...{ data, args: ['--bind', SERVER], prefix: network.prefix('server') },
        // Nobody else is in its namespace: the ports the gateway is told.
        ...{ authPort: 1812, acctPort: 1813 },
      }),
    )
    await server.apply(configuration())
    const made = join(folder, 'made')
    const { code, output } = await server.cli('gateways', 'make', 'vpn-1', '--out', made)
    if (code !== 0) throw new Error(`gateways make:\n${output}`)
    const ca = makeCa(join(folder, 'ca'), 'Lab CA')
    const certificate = issue(ca, 'gateway', {
      commonName: 'vpn.lab.test',
      subjectAltName: 'DNS:vpn.lab.test,DNS:admins.lab.test',
      extendedKeyUsage: 'serverAuth',
      keyType: 'rsa',
    })
    for (const side of ['gateway', 'client']) mkdirSync(join(folder, side))
    const trust = { 'x509ca/ca.pem': readFileSync(ca.certificate) }
    const gateway = parts.use(
      await Charon.start({
        ...{ network, host: 'gateway', folder: join(folder, 'gateway'), load: ['eap-radius'] },
        plugins: `include ${join(made, 'eap-radius.conf')}`,
        files: {
          ...trust,
          'x509/gateway.pem': readFileSync(certificate.certificate),
          'private/gateway.key': readFileSync(certificate.key),
          'swanctl.conf': readFileSync(join(made, 'swanctl.conf')),
        },
      }),
    )
    const client = parts.use(
      await Charon.start({
        ...{ network, host: 'client', folder: join(folder, 'client'), load: ['eap-mschapv2', 'updown'] },
        files: { ...trust, 'swanctl.conf': CLIENT_CONNECTIONS },
      }),
    )
    return new VpnHouse(parts.move(), network, server, gateway, client, folder, ca.certificate)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** The gateway gets its connections anew. @param withoutRole what becomes of whoever has none of its roles */
  async loadGateway(withoutRole: 'refused' | 'connection'): Promise<void> {
    await this.server.apply(configuration({ withoutRole }))
    const made = join(this.#folder, 'made')
    const { code, output } = await this.server.cli('gateways', 'make', 'vpn-1', '--out', made, '--force')
    if (code !== 0) throw new Error(`gateways make:\n${output}`)
    cpSync(join(made, 'swanctl.conf'), join(this.#folder, 'gateway/swanctl/swanctl.conf'))
    await this.gateway.load()
  }

  /** A client of Apple is told what stands in this person's profile, and her password. */
  async loadApplePayload(connection: string, user: string): Promise<PlistTable> {
    const made = join(this.#folder, 'apple')
    const words = ['connections', 'make', connection, 'apple-mobileconfig', '--user', user, '--out', made]
    const { code, output } = await this.server.cli(...words)
    if (code !== 0) throw new Error(`connections make:\n${output}`)
    const file = join(made, readdirSync(made)[0] ?? '')
    const profile = await MobileConfig.open(file, join(this.server.data, 'ca.pem'), this.#folder)
    const anchors = profile.payloads('com.apple.security.root').map(({ PayloadContent }) => PayloadContent)
    const gatewayCa = new X509Certificate(readFileSync(this.gatewayCa)).raw
    if (!anchors.some((der) => gatewayCa.equals(der as Buffer))) throw new Error('the gateway is not trusted')
    const ikev2 = profile.payloads('com.apple.vpn.managed')[0]?.IKEv2 as PlistTable
    const conf = join(this.#folder, 'apple.conf')
    writeFileSync(
      conf,
      CLIENT_CONNECTIONS + swanctlOfPayload({ ikev2, address: OUTSIDE, password: PASSWORD }),
    )
    const loaded = await this.client.swanctl('--load-all', '--file', conf)
    if (loaded.code !== 0) throw new Error(loaded.output)
    return ikev2
  }

  /** @param child one of the client's: `net`, `admins`, `nameless`, `apple` */
  async connect(child = 'net'): Promise<void> {
    const { code, output } = await this.client.swanctl('--initiate', '--child', child, '--timeout', '15')
    if (code !== 0) throw new Error(`${output}\n${this.gateway.log.slice(-2000)}`)
  }

  /** With this password in the client; undefined: the right one. */
  async connectAs(password: string | undefined): Promise<void> {
    const conf = join(this.#folder, 'client/swanctl/swanctl.conf')
    writeFileSync(
      conf,
      CLIENT_CONNECTIONS.replace(PASSWORD, () => password ?? PASSWORD),
    )
    await this.client.load()
    await this.connect()
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

/** @param gateway what it calls the gateway; `%any`: nothing, as Windows does */
const clientConnection = (name: string, child: string, gateway: string) => `
  ${name} {
    version = 2
    local_addrs = 10.77.2.2
    remote_addrs = ${OUTSIDE}
    proposals = aes256-sha256-ecp256
    over_time = 2s
    rand_time = 0s
    vips = 0.0.0.0
    local {
      auth = eap-mschapv2
      eap_id = alice
      id = alice
    }
    remote {
      auth = pubkey
      id = ${gateway}
    }
    children {
      ${child} {
        remote_ts = 10.77.9.0/24
        esp_proposals = aes256gcm16
      }
    }
  }`

const CLIENT_CONNECTIONS = `connections {${[
  clientConnection('vpn', 'net', 'vpn.lab.test'),
  clientConnection('vpn-admins', 'admins', 'admins.lab.test'),
  clientConnection('vpn-nameless', 'nameless', '%any'),
].join('')}
}
secrets {
  eap-1 {
    id = alice
    secret = "${PASSWORD}"
  }
}
`
