/** server --10.79.1.0/24-- ldap (.10): the server and its directory in namespaces, with a cable that can lose everything. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt } from '../../admin-api.ts'
import { issue, type LabCertificate, makeCa } from '../../certificates.ts'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { openDoor } from '../../namespace-door.ts'
import { Network } from '../../network.ts'
import { type Running, temporaryFolder } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { SERVICE, SUFFIX } from '../../slapd/people.ts'
import { Slapd } from '../../slapd.ts'
import { until } from '../../until.ts'

export const LOCAL_PASSWORD = 'L0cal-Passw0rd'
export const SERVER_ADDRESS = '10.79.1.2'
const SLAPD_ADDRESS = '10.79.1.10'
const SECRET = 'secret-of-the-gateway'
const SERVER_NAME = 'radius.lab.test'
const COA_PORT = 3799
/** How long source `watched` is believed, in minutes: some seconds. */
const WATCHED_MINUTES = 0.06
const UPN = 'otherName:1.3.6.1.4.1.311.20.2.3;UTF8'

/** What the gateway says it got. */
interface Heard {
  readonly user: string
  readonly proved: boolean
  readonly code: number
}

export class OutageHouse implements AsyncDisposable {
  readonly slapd: Slapd
  server: Sallyport
  readonly #parts: AsyncDisposableStack
  readonly #network: Network
  readonly #folder: string
  readonly #gateway: Running
  readonly #certificate: LabCertificate
  readonly #start: () => Promise<Sallyport>
  #calls = 0

  private constructor(
    parts: AsyncDisposableStack,
    made: {
      readonly network: Network
      readonly folder: string
      readonly slapd: Slapd
      readonly server: Sallyport
      readonly gateway: Running
      readonly certificate: LabCertificate
      readonly start: () => Promise<Sallyport>
    },
  ) {
    this.#parts = parts
    this.slapd = made.slapd
    this.server = made.server
    this.#network = made.network
    this.#folder = made.folder
    this.#gateway = made.gateway
    this.#certificate = made.certificate
    this.#start = made.start
  }

  static async open(): Promise<OutageHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sp-out-')).path
    const part = (name: string): string => {
      mkdirSync(join(folder, name))
      return join(folder, name)
    }
    const network = parts.use(new Network('server', 'ldap'))
    const here = { host: 'server', port: 'ldap', address: `${SERVER_ADDRESS}/24` }
    const there = { host: 'ldap', port: 'lan', address: `${SLAPD_ADDRESS}/24` }
    network.cable(here, there)
    network.knowEachOther(here, there)
    const place = { network, host: 'ldap', address: SLAPD_ADDRESS }
    const slapd = parts.use(await Slapd.start({ folder: part('ldap'), place }))
    const ca = makeCa(part('client-ca'), 'Lab Enterprise CA')
    const certificate = issue(ca, 'carol', {
      commonName: 'carol',
      subjectAltName: `${UPN}:carol@kept.test`,
    })
    const script = join(import.meta.dirname, '../coa/pyrad-nas.py')
    const line = ['/usr/bin/python3', script, '127.0.0.1', String(COA_PORT), SECRET]
    const gateway = parts.use(network.start('server', line))
    await gateway.waitFor(/listening/)
    const data = part('data')
    const doors = parts.use(new AsyncDisposableStack())
    const start = () =>
      startSallyport({
        data,
        args: ['--bind', '127.0.0.1'],
        prefix: network.prefix('server'),
        door: async (port) =>
          doors.use(await openDoor({ network, host: 'server', to: { address: '127.0.0.1', port }, folder })),
      })
    const server = await start()
    const house = new OutageHouse(parts.move(), {
      ...{ network, folder, slapd, server, gateway, certificate, start },
    })
    try {
      await server.apply(configuration(slapd, ca.certificate))
    } catch (error) {
      await house[Symbol.asyncDispose]()
      throw error
    }
    return house
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    await this.#parts.disposeAsync()
  }

  /** As a crash: nothing is handed over. */
  async restartServer(): Promise<void> {
    await this.server.process.stop('SIGKILL')
    await this.server[Symbol.asyncDispose]()
    this.server = await this.#start()
  }

  async login(
    user: string,
    password: string,
    seconds = 4,
  ): Promise<RadclientReply & { readonly station: string }> {
    const station = this.#station()
    const reply = await this.#radclient('auth', seconds, [
      `User-Name = "${user}"`,
      `User-Password = "${password}"`,
      `Calling-Station-Id = "${station}"`,
    ])
    return { ...reply, station }
  }

  /** EAP-TLS as carol@kept.test, in full each time. */
  async loginByCertificate(): Promise<EapolResult & { readonly station: string }> {
    const station = this.#station()
    const { certificate, key } = this.#certificate
    const result = await eapolTest({
      network: [
        ...['eap=TLS', 'identity="carol@kept.test"'],
        ...[`client_cert="${certificate}"`, `private_key="${key}"`],
        ...[`ca_cert="${join(this.server.data, 'ca.pem')}"`, `domain_suffix_match="${SERVER_NAME}"`],
      ],
      server: { port: this.server.authPort, secret: SECRET },
      ...{ seconds: 10, folder: this.#folder, prefix: this.#network.prefix('server') },
      mac: station.replaceAll('-', ':'),
    })
    return { ...result, station }
  }

  /** The gateway reports a session that rests on an accept. */
  async account(status: 'Start' | 'Stop', user: string, id: string, attributes: readonly string[]) {
    const reply = await this.#radclient('acct', 4, [
      `Acct-Status-Type = ${status}`,
      `User-Name = "${user}"`,
      `Acct-Session-Id = ${id}`,
      ...attributes.filter((line) => line.startsWith('Class = ')),
    ])
    if (reply.code !== 'Accounting-Response') throw new Error(reply.output)
  }

  /** Disconnects (40) and CoAs (43) the gateway got so far. */
  heard(): readonly Heard[] {
    return this.#gateway
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Heard) // printed by pyrad-nas.py
  }

  async receipt(station: string): Promise<Receipt> {
    const row = await until(`receipt of ${station}`, async () =>
      (await this.server.api.receipts()).find((each) => each.callingStationId === station),
    )
    return await this.server.api.receipt(row.id)
  }

  #radclient(command: 'auth' | 'acct', seconds: number, attributes: readonly string[]) {
    const port = command === 'auth' ? this.server.authPort : this.server.acctPort
    return radclient({
      ...{ command, port, secret: SECRET, seconds, prefix: this.#network.prefix('server') },
      attributes: [...attributes, ...(command === 'auth' ? [MESSAGE_AUTHENTICATOR] : [])],
    })
  }

  #station(): string {
    const number = (++this.#calls).toString(16).padStart(6, '0').toUpperCase()
    return `02-00-05-${number.slice(0, 2)}-${number.slice(2, 4)}-${number.slice(4)}`
  }
}

function configuration(slapd: Slapd, clientCa: string): string {
  const ldap = {
    ...{ kind: 'ldap', type: 'generic', servers: [slapd.tlsUrl], baseDn: `ou=People,${SUFFIX}` },
    authorities: readFileSync(slapd.ca.certificate, 'utf8'),
    ...{ bindDn: SERVICE.dn, bindPassword: SERVICE.password },
  }
  const sources = [
    { name: 'local', kind: 'local', passwordStorage: 'reversible' },
    { ...ldap, name: 'staff' },
    // Asked at every login, so that an outage is felt at once.
    { ...ldap, name: 'kept', cache: { minutes: 0 }, offline: { passwordHours: 24 } },
    {
      ...{ ...ldap, name: 'watched', cache: { minutes: WATCHED_MINUTES, negativeSeconds: 1 } },
      // What is seen here is seen by asking about each account anew.
      changes: { seconds: 0 },
    },
  ]
  // JSON is YAML.
  return JSON.stringify({
    settings: { serverName: SERVER_NAME, timeZone: 'UTC' },
    clients: [
      { name: 'gateway', address: '127.0.0.1', secret: SECRET, dynamicAuthorization: { port: COA_PORT } },
    ],
    sources,
    realms: sources.map(({ name }) => ({
      ...{ name, suffixes: [`${name}.test`], sources: [name], default: name === 'local' },
    })),
    trust: [
      { name: 'enterprise', kind: 'pem', pem: readFileSync(clientCa, 'utf8'), revocation: { check: 'none' } },
    ],
    profiles: [{ name: 'restricted', vlan: 99 }],
    rules: [
      { name: 'offline', when: 'user.lookup == "offline"', effect: 'accept', profiles: ['restricted'] },
      {
        name: 'members',
        when: 'user.source != "watched" || "vpn-users" in user.groups',
        effect: 'accept',
      },
    ],
    users: [{ name: 'lola', password: LOCAL_PASSWORD }],
  })
}
