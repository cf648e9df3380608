/** A private slapd of OpenLDAP: a temporary folder, an address or port of its own, the people of `slapd/people.ts`. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, type LabCa, makeCa } from './certificates.ts'
import type { Counterpart } from './debian.ts'
import { freeTcpPort } from './free-port.ts'
import { type LdapClient, ldapi, modify, search, tryBind } from './ldap-client.ts'
import type { Network } from './network.ts'
import { type Running, runToEnd, start } from './process.ts'
import { signalAll } from './process-tree.ts'
import { bulkUsers, passwordPolicy, population, ROOT, SUFFIX } from './slapd/people.ts'
import { until } from './until.ts'

export const SLAPD_PACKAGES: readonly Counterpart[] = ['slapd', 'ldap-utils', 'openssl']

export interface SlapdOptions {
  /** Of its own, with room for a socket's path. */
  readonly folder: string
  /** Absent: 127.0.0.1 and free ports. In a namespace: ports 389 and 636. */
  readonly place?: { readonly network: Network; readonly host: string; readonly address: string }
  /** Who issues its certificate; absent: a CA of its own. */
  readonly ca?: LabCa
  /** Names in its certificate; default `ldap.example.org` and its address. */
  readonly certificateNames?: readonly string[]
  /** false: neither LDAPS nor StartTLS. */
  readonly tls?: boolean
  /** false: who gives no name is refused (48) and finds nothing. Default: anybody may read. */
  readonly anonymous?: boolean
  /** Bind over an unencrypted connection is refused (13, confidentiality required). */
  readonly requiresTls?: boolean
  /** An account is locked after three wrong passwords. */
  readonly passwordPolicy?: boolean
  /** Entries have memberOf. */
  readonly memberOf?: boolean
  /** It tells what changed (overlay syncprov), as servers that have replicas do. */
  readonly tellsChanges?: boolean
  /** So many users more. */
  readonly bulk?: number
}

export class Slapd implements AsyncDisposable {
  readonly suffix = SUFFIX
  readonly ca: LabCa
  readonly address: string
  readonly port: number
  readonly tlsPort: number
  readonly #options: SlapdOptions
  #process: Running | undefined

  private constructor(options: SlapdOptions, ca: LabCa, ports: { plain: number; tls: number }) {
    this.#options = options
    this.ca = ca
    this.address = options.place?.address ?? '127.0.0.1'
    this.port = ports.plain
    this.tlsPort = ports.tls
  }

  static async start(options: SlapdOptions): Promise<Slapd> {
    const { folder, place, bulk = 0 } = options
    for (const name of ['data', 'program']) mkdirSync(join(folder, name), { recursive: true })
    const ca = options.ca ?? makeCa(join(folder, 'ca'), 'Lab LDAP CA')
    const ports =
      place === undefined
        ? { plain: await freeTcpPort(), tls: await freeTcpPort() }
        : { plain: 389, tls: 636 }
    const slapd = new Slapd(options, ca, ports)
    slapd.#configure()
    await slapd.#load(
      [population(), ...(options.passwordPolicy === true ? [passwordPolicy()] : [])].join('\n'),
    )
    if (bulk > 0) await slapd.#load([...bulkUsers(bulk)].join(''))
    await slapd.start()
    return slapd
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** `ldap://127.0.0.1:1234` */
  get url(): string {
    return `ldap://${this.address}:${this.port}`
  }

  get tlsUrl(): string {
    return `ldaps://${this.address}:${this.tlsPort}`
  }

  async start(): Promise<void> {
    if (this.#process !== undefined) return
    const urls = [this.url, this.#socket, ...(this.#options.tls === false ? [] : [this.tlsUrl])]
    const line = [this.#program, '-f', this.#file('slapd.conf'), '-h', urls.join(' '), '-d', 'stats']
    const { place } = this.#options
    const [program = '', ...args] = line
    this.#process = place === undefined ? start(program, args) : place.network.start(place.host, line)
    await until('slapd', async () => ((await tryBind(this.#root)).code === 0 ? true : undefined)).catch(
      (error: unknown) => {
        throw new Error(`${error}\n${this.log.slice(-4000)}`)
      },
    )
  }

  /** `SIGKILL`: a crash. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.resume()
    await this.#process?.stop(signal)
    this.#process = undefined
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** It stands still: the kernel still takes connections for it, and nobody answers. */
  hang(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process !== undefined) signalAll([this.#process.pid], signal)
  }

  /** In a namespace: everything between it and `address` is lost, both ways, and nobody is told. */
  cutOff(address: string): void {
    const { network, host } = this.#place
    network.drop(host, address)
  }

  reconnect(address: string): void {
    const { network, host } = this.#place
    network.pass(host, address)
  }

  get #place(): NonNullable<SlapdOptions['place']> {
    if (this.#options.place === undefined) throw new Error('this slapd is in no namespace')
    return this.#options.place
  }

  /** Each question as it was understood: `SRCH base="..." scope=2 deref=0 filter="(uid=alice)"`. */
  get log(): string {
    return this.#process?.output() ?? ''
  }

  async ldif(text: string): Promise<void> {
    await modify(this.#root, text)
  }

  async search(words: readonly string[], base: string = SUFFIX): Promise<string> {
    return await search(this.#root, base, ...words)
  }

  async #load(ldif: string): Promise<void> {
    const file = this.#file('load.ldif')
    writeFileSync(file, ldif)
    const { code, output } = await runToEnd('slapadd', ['-q', '-f', this.#file('slapd.conf'), '-l', file], {
      milliseconds: 300_000,
    })
    if (code !== 0) throw new Error(`slapadd (${code}): ${output.slice(-2000)}`)
  }

  #configure(): void {
    // Debian's AppArmor profile lets /usr/sbin/slapd read its own folders alone; a copy is another program.
    copyFileSync('/usr/sbin/slapd', this.#program)
    const { tls = true, anonymous = true, requiresTls, passwordPolicy: hasPolicy } = this.#options
    const { memberOf, tellsChanges } = this.#options
    const overlays = [
      hasPolicy === true ? 'ppolicy' : '',
      memberOf === true ? 'memberof' : '',
      tellsChanges === true ? 'syncprov' : '',
    ].filter(Boolean)
    writeFileSync(
      this.#file('slapd.conf'),
      [
        ...SCHEMAS.map((name) => `include /etc/ldap/schema/${name}.schema`),
        'modulepath /usr/lib/ldap',
        ...['back_mdb', ...overlays].map((name) => `moduleload ${name}`),
        `pidfile ${this.#file('pid')}`,
        'threads 8',
        'sizelimit 1000',
        ...(tls ? this.#tls() : []),
        ...(anonymous ? [] : ['disallow bind_anon', 'require authc']),
        ...(requiresTls === true ? ['security simple_bind=64'] : []),
        'localSSF 256',
        'database mdb',
        `suffix "${SUFFIX}"`,
        `directory ${this.#file('data')}`,
        'maxsize 1073741824',
        `rootdn "${ROOT.dn}"`,
        `rootpw ${ROOT.password}`,
        ...['objectClass', 'uid', 'cn', 'mail', 'member', 'memberUid', 'entryUUID'].map(
          (name) => `index ${name} eq`,
        ),
        'index modifyTimestamp,entryCSN eq',
        'access to attrs=userPassword by anonymous auth by * none',
        `access to * by users read by * ${anonymous ? 'read' : 'none'}`,
        `limits dn.exact="cn=sallyport,ou=Services,${SUFFIX}" size.soft=1000 size.hard=1000 size.prtotal=unlimited`,
        ...overlays.map((name) => `overlay ${name}`),
        ...(hasPolicy === true
          ? [`ppolicy_default "cn=default,ou=Policies,${SUFFIX}"`, 'ppolicy_use_lockout']
          : []),
        '',
      ].join('\n'),
    )
  }

  #tls(): readonly string[] {
    const names = this.#options.certificateNames ?? ['DNS:ldap.example.org', `IP:${this.address}`]
    const { certificate, key } = issue(this.ca, `slapd-${this.port}-${this.address}`, {
      ...{ commonName: 'ldap.example.org', subjectAltName: names.join(','), extendedKeyUsage: 'serverAuth' },
    })
    return [
      `TLSCACertificateFile ${this.ca.certificate}`,
      `TLSCertificateFile ${certificate}`,
      `TLSCertificateKeyFile ${key}`,
    ]
  }

  #file(name: string): string {
    return join(this.#options.folder, name)
  }

  get #program(): string {
    return this.#file('program/slapd')
  }

  get #socket(): string {
    return ldapi(this.#file('ldapi'))
  }

  get #root(): LdapClient {
    return { url: this.#socket, bindDn: ROOT.dn, password: ROOT.password }
  }
}

const SCHEMAS = ['core', 'cosine', 'inetorgperson', 'nis']
