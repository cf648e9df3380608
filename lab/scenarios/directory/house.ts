/**
 * The server in a namespace of its own, member of a Samba domain, with a cable to the domain controller and one to each of
 * three LDAP servers: each cable can lose everything.
 *
 * server --10.78.0.0/24-- dc (.10, .11)      server --10.78.N.0/24-- ldapN (.10), N = 1, 2, 3
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt } from '../../admin-api.ts'
import { issue, type LabCa, type LabCertificate, type LeafOptions, makeCa } from '../../certificates.ts'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { openDoor } from '../../namespace-door.ts'
import { Network } from '../../network.ts'
import { runToEnd, temporaryFolder } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { CLI, type Sallyport, startSallyport } from '../../sallyport.ts'
import { DomainController } from '../../samba-domain.ts'
import { DomainMember } from '../../samba-member.ts'
import { Slapd, type SlapdOptions } from '../../slapd.ts'
import { until } from '../../until.ts'
import { type Backends, configuration, type More, SECRET, SERVER_NAME, type Source } from './configuration.ts'

const DC_ADDRESSES = ['10.78.0.10', '10.78.0.11'] as const
/** Of the server, on its cable to each. */
export const SERVER_TO = {
  dc: '10.78.0.2',
  ldap1: '10.78.1.2',
  ldap2: '10.78.2.2',
  ldap3: '10.78.3.2',
} as const

export class DirectoryHouse implements AsyncDisposable {
  readonly network: Network
  readonly folder: string
  readonly server: Sallyport
  readonly backends: Backends
  /** Issues what people and computers log in with. */
  readonly clientCa: LabCa
  readonly #parts: AsyncDisposableStack
  #calls = 0

  private constructor(
    parts: AsyncDisposableStack,
    made: Pick<DirectoryHouse, 'network' | 'folder' | 'server' | 'backends' | 'clientCa'>,
  ) {
    this.#parts = parts
    this.network = made.network
    this.folder = made.folder
    this.server = made.server
    this.backends = made.backends
    this.clientCa = made.clientCa
  }

  static async open(): Promise<DirectoryHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sp-dir-')).path
    const network = parts.use(cabled())
    const part = (name: string): string => {
      mkdirSync(join(folder, name))
      return join(folder, name)
    }
    const startSlapd = async (
      host: string,
      address: string,
      options: Partial<SlapdOptions>,
    ): Promise<Slapd> =>
      parts.use(await Slapd.start({ folder: part(host), place: { network, host, address }, ...options }))
    const [controller, slapd, strictSlapd, misnamedSlapd] = await Promise.all([
      DomainController.start({ network, host: 'dc', addresses: DC_ADDRESSES, folder: part('dc') }).then(
        (started) => parts.use(started),
      ),
      startSlapd('ldap1', '10.78.1.10', {}),
      startSlapd('ldap2', '10.78.2.10', { anonymous: false, requiresTls: true }),
      startSlapd('ldap3', '10.78.3.10', { certificateNames: ['DNS:another.example.org'] }),
    ])
    const member = parts.use(
      await DomainMember.join({
        ...{ network, host: 'server', interfaces: 'lo dc', folder: part('member') },
        ...{ controller, controllerAddress: DC_ADDRESSES[0] },
      }),
    )
    const clientCa = makeCa(part('client-ca'), 'Lab Enterprise CA')
    const backends = {
      ...{ controller, controllerAddresses: DC_ADDRESSES, member, slapd, strictSlapd, misnamedSlapd },
      clientCa: clientCa.certificate,
    }
    const doorway = (port: number) =>
      openDoor({ network, host: 'server', to: { address: '127.0.0.1', port }, folder })
    const server = parts.use(
      await startSallyport({
        data: part('data'),
        args: ['--bind', '127.0.0.1'],
        // The usual ones: in a namespace nobody else has them.
        ...{ authPort: 1812, acctPort: 1813, httpsPort: 8443 },
        prefix: [...network.prefix('server'), ...member.withWinbind()],
        door: async (port) => parts.use(await doorway(port)),
      }),
    )
    const house = new DirectoryHouse(parts.move(), { network, folder, server, backends, clientCa })
    try {
      await house.serve()
    } catch (error) {
      await house[Symbol.asyncDispose]()
      throw error
    }
    return house
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** Applies the usual configuration, with settings of single sources replaced. */
  async serve(change: Readonly<Record<string, Source>> = {}, more: More = {}): Promise<void> {
    await this.server.apply(configuration(this.backends, change, more))
  }

  /** Its first address goes, and nobody is told: what is sent there is for nobody. The second one stays. */
  firstController(change: 'add' | 'delete'): void {
    this.network.ip('dc', 'address', change, `${DC_ADDRESSES[0]}/32`, 'dev', 'lan')
  }

  /** Runs a script on the machine of the server, where `npx sallyport` is the command of this tree. */
  async shell(script: string, folder: string): Promise<string> {
    const command = `npx() { shift; ${process.execPath} ${CLI} "$@"; }\n`
    const [program = '', ...args] = [
      ...this.network.prefix('server'),
      'sh',
      '-e',
      '-c',
      `${command}${script}`,
    ]
    const { code, output } = await runToEnd(program, args, {
      cwd: folder,
      env: { ...process.env, SALLYPORT_DATA: this.server.data },
      milliseconds: 60_000,
    })
    if (code !== 0) throw new Error(`${script}\n(${code}) ${output}`)
    return output
  }

  /** A login by radclient; `station` finds its receipt. Names and passwords are taken as they are. */
  async login(
    user: string,
    password: string,
    seconds = 8,
    station = this.#station(),
  ): Promise<RadclientReply & { readonly station: string }> {
    const reply = await radclient({
      ...{ command: 'auth', port: this.server.authPort, secret: SECRET, seconds },
      prefix: this.network.prefix('server'),
      attributes: [
        `User-Name = "${quoted(user)}"`,
        `User-Password = "${quoted(password)}"`,
        `Calling-Station-Id = "${station}"`,
        MESSAGE_AUTHENTICATOR,
      ],
    })
    return { ...reply, station }
  }

  /** A login by eapol_test with these lines of its network block. */
  async eap(
    network: readonly string[],
    { noKeys = false, seconds = 10, station = this.#station() } = {},
  ): Promise<EapolResult & { readonly station: string }> {
    const result = await eapolTest({
      ...{ network: [...network, ...this.trust], noKeys, seconds, folder: this.folder },
      server: { port: this.server.authPort, secret: SECRET },
      prefix: this.network.prefix('server'),
      mac: station.replaceAll('-', ':'),
    })
    return { ...result, station }
  }

  get member(): DomainMember {
    return this.backends.member
  }

  get trust(): readonly string[] {
    return [`ca_cert="${join(this.server.data, 'ca.pem')}"`, `domain_suffix_match="${SERVER_NAME}"`]
  }

  certificate(name: string, options: Omit<LeafOptions, 'commonName'>): LabCertificate {
    return issue(this.clientCa, name, { commonName: name, ...options })
  }

  async receipt(station: string): Promise<Receipt> {
    const row = await until(`receipt of ${station}`, async () =>
      (await this.server.api.receipts()).find((each) => each.callingStationId === station),
    )
    return await this.server.api.receipt(row.id)
  }

  #station(): string {
    const number = (++this.#calls).toString(16).padStart(4, '0').toUpperCase()
    return `02-00-00-04-${number.slice(0, 2)}-${number.slice(2)}`
  }
}

function cabled(): Network {
  const network = new Network('server', 'dc', 'ldap1', 'ldap2', 'ldap3')
  for (const [host, address] of Object.entries(SERVER_TO)) {
    const here = { host: 'server', port: host, address: `${address}/24` }
    const there = { host, port: 'lan', address: address.replace(/2$/, host === 'dc' ? '11/24' : '10/24') }
    network.cable(here, there)
    network.knowEachOther(here, there)
  }
  const [first] = DC_ADDRESSES
  network.ip('dc', 'address', 'add', `${first}/32`, 'dev', 'lan')
  network.knowEachOther(
    { host: 'server', port: 'dc', address: SERVER_TO.dc },
    { host: 'dc', port: 'lan', address: first },
  )
  return network
}

/** Within quotation marks of radclient: backslash, quotation mark, and octets by number. */
function quoted(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/\p{Cc}/gu, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
