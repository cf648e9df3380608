/**
 * An Active Directory domain controller (Samba) in a network namespace, from nothing, below a temporary folder. Its people
 * are in `samba/people.ts`. What changes them goes through the socket of its administrator, also while its network is cut.
 */
import { join } from 'node:path'
import { issue, type LabCa, makeCa } from './certificates.ts'
import type { Counterpart } from './debian.ts'
import { type LdapAnswer, type LdapClient, ldapi, modify, search, tryBind } from './ldap-client.ts'
import { type Door, openDoor } from './namespace-door.ts'
import type { Network } from './network.ts'
import { type Running, runToEnd } from './process.ts'
import { processTree, signalAll } from './process-tree.ts'
import {
  LOCKOUT_THRESHOLD,
  manyUsers,
  organizationalUnit,
  PEOPLE,
  type Person,
  type PersonName,
  population,
  unicodePassword,
  userDn,
} from './samba/people.ts'
import {
  ADMINISTRATOR_PASSWORD,
  BASE_DN,
  CONTROLLER,
  DOMAIN,
  NETBIOS_NAME,
  provision,
} from './samba/provision.ts'
import { until } from './until.ts'

export const SAMBA_PACKAGES: readonly Counterpart[] = [
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-common-bin',
  'python3-samba',
  'winbind',
  'ldap-utils',
  'iproute2',
  'openssl',
]

export interface DomainControllerOptions {
  readonly network: Network
  readonly host: string
  /** It listens on them and nowhere else; they are on interfaces of the host already. */
  readonly addresses: readonly [string, ...string[]]
  /** Of its own, with room for a socket's path: /tmp/something-short. */
  readonly folder: string
}

export class DomainController implements AsyncDisposable {
  readonly domain = DOMAIN
  readonly netbiosName = NETBIOS_NAME
  readonly baseDn = BASE_DN
  readonly name = CONTROLLER
  readonly administratorPassword = ADMINISTRATOR_PASSWORD
  /** Issued its LDAPS certificate, for `name`, the domain and the addresses. */
  readonly ca: LabCa
  readonly #options: DomainControllerOptions
  readonly #configuration: string
  readonly #doors = new AsyncDisposableStack()
  #samba: Running | undefined

  private constructor(options: DomainControllerOptions, ca: LabCa, configuration: string) {
    this.#options = options
    this.ca = ca
    this.#configuration = configuration
  }

  static async start(options: DomainControllerOptions): Promise<DomainController> {
    const { addresses, folder, network, host } = options
    const ca = makeCa(join(folder, 'ca'), 'Lab Directory CA')
    const names = [CONTROLLER, DOMAIN].map((name) => `DNS:${name}`)
    const { certificate, key } = issue(ca, 'dc1', {
      commonName: CONTROLLER,
      subjectAltName: [...names, ...addresses.map((address) => `IP:${address}`)].join(','),
      extendedKeyUsage: 'serverAuth',
    })
    // samba_dnsupdate and Kerberos of the controller ask its own DNS.
    network.files(host, {
      'resolv.conf': `search ${DOMAIN}\nnameserver ${addresses[0]}\n`,
      hosts: `127.0.0.1 localhost\n${addresses[0]} ${CONTROLLER} dc1\n`,
    })
    const tls = { certificate, key, ca: ca.certificate }
    const configuration = await provision({ folder: join(folder, 'domain'), addresses, tls })
    const controller = new DomainController(options, ca, configuration)
    try {
      await controller.start()
      await controller.ldif(population())
      await controller.agePassword(userDn(PEOPLE.oldPassword))
    } catch (error) {
      await controller[Symbol.asyncDispose]()
      throw error
    }
    return controller
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#doors.disposeAsync()
    await this.stop()
  }

  /** Of the service account Sallyport binds as: a plain user. */
  get service(): { readonly dn: string; readonly name: string; readonly password: string } {
    const { password } = PEOPLE.service
    return { dn: userDn(PEOPLE.service), name: `${PEOPLE.service.name}@${DOMAIN}`, password }
  }

  person(name: PersonName): Person & { readonly dn: string; readonly upn: string } {
    const person = PEOPLE[name]
    return { ...person, dn: userDn(person), upn: `${person.name}@${DOMAIN}` }
  }

  async start(): Promise<void> {
    if (this.#samba !== undefined) return
    const { network, host } = this.#options
    const line = this.withWinbind('samba', '-s', this.#configuration, '-i', '--debug-stdout')
    // -i ends with its standard input, so with us, however we end.
    this.#samba = network.start(host, line, { stdio: ['pipe', 'pipe', 'pipe'] })
    await until(
      'the domain controller',
      async () =>
        (await tryBind(this.#administrator)).code === 0 && (await this.#run('wbinfo', '-p')).code === 0
          ? true
          : undefined,
      30_000,
    ).catch((error: unknown) => {
      throw new Error(`${error}\n${this.log.slice(-4000)}`)
    })
  }

  /** Without `signal` it ends in order; `SIGKILL` is a crash. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#samba === undefined) return
    this.resume()
    const all = processTree(this.#samba.pid)
    await this.#samba.stop(signal)
    signalAll(all, 'SIGKILL')
    this.#samba = undefined
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** Its processes stand still: the kernel still takes connections for them, and nobody answers. */
  hang(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#samba !== undefined) signalAll(processTree(this.#samba.pid), signal)
  }

  /** The network between the controller and `address` loses everything, both ways, and tells nobody. */
  cutOff(address: string): void {
    this.#options.network.drop(this.#options.host, address)
  }

  reconnect(address: string): void {
    this.#options.network.pass(this.#options.host, address)
  }

  get log(): string {
    return this.#samba?.output() ?? ''
  }

  /** Changes or adds entries, with no right withheld. */
  async ldif(text: string): Promise<void> {
    await modify(this.#administrator, text)
  }

  /** LDIF of what is found below the domain, or below `base`: `search(['(cn=alice)', 'memberOf'])`. */
  async search(words: readonly string[], base = BASE_DN): Promise<string> {
    return await search(this.#administrator, base, ...words)
  }

  /** Replaces the values of one attribute; none: it is removed. A value that begins with `:` is base64. */
  async change(dn: string, attribute: string, ...values: readonly string[]): Promise<void> {
    const lines = values.map((value) => `${attribute}:${value.startsWith(':') ? value : ` ${value}`}`)
    await this.ldif([`dn: ${dn}`, 'changetype: modify', `replace: ${attribute}`, ...lines, ''].join('\n'))
  }

  async setPassword(dn: string, password: string): Promise<void> {
    await this.change(dn, 'unicodePwd', `: ${unicodePassword(password)}`)
  }

  /** The password is from so many days ago: the domain's live for 42. */
  async agePassword(dn: string, days = 100): Promise<void> {
    const database = join(this.#options.folder, 'domain/private/sam.ldb')
    const program = join(import.meta.dirname, 'samba/age-password.py')
    const line = [program, this.#configuration, database, dn, String(days)]
    const { code, output } = await runToEnd('/usr/bin/python3', line)
    if (code !== 0) throw new Error(output)
  }

  async addMember(group: string, dn: string): Promise<void> {
    await this.#member('add', group, dn)
  }

  async removeMember(group: string, dn: string): Promise<void> {
    await this.#member('delete', group, dn)
  }

  async #member(change: 'add' | 'delete', group: string, dn: string): Promise<void> {
    const entry = `CN=${group},OU=Groups,${BASE_DN}`
    await this.ldif(
      [`dn: ${entry}`, 'changetype: modify', `${change}: member`, `member: ${dn}`, ''].join('\n'),
    )
  }

  /** `PREFIX00001` ... below OU=PREFIX,OU=People, as many as are asked for. With a password each takes longer. */
  async addUsers(prefix: string, count: number, password?: string): Promise<void> {
    await this.ldif(organizationalUnit(`OU=${prefix},OU=People`))
    for (let from = 1; from <= count; from += 500)
      await this.ldif(manyUsers(prefix, from, Math.min(500, count - from + 1), password))
  }

  /** As people lock accounts: by that many wrong passwords. */
  async failPassword(upn: string, times = LOCKOUT_THRESHOLD): Promise<void> {
    for (let failure = 0; failure < times; failure++) await this.bind(upn, 'not-the-password')
  }

  async unlock(dn: string): Promise<void> {
    await this.change(dn, 'lockoutTime', '0')
  }

  /** LDIF of what an account finds below the domain, over LDAPS. */
  async searchAs(
    account: { readonly name: string; readonly password: string },
    words: readonly string[],
  ): Promise<string> {
    const { network, host, addresses } = this.#options
    return await search(
      {
        ...{ url: `ldaps://${addresses[0]}`, authority: this.ca.certificate, prefix: network.prefix(host) },
        ...{ bindDn: account.name, password: account.password },
      },
      BASE_DN,
      ...words,
    )
  }

  /** Runs a script as its administrator would, in a shell of the machine; throws with its output where a line fails. */
  async shell(script: string): Promise<string> {
    const { network, host } = this.#options
    const [program = '', ...args] = [...network.prefix(host), ...this.withWinbind('sh', '-e', '-c', script)]
    const env = { ...process.env, SMB_CONF_PATH: this.#configuration }
    const { code, output } = await runToEnd(program, args, { env, milliseconds: 60_000 })
    if (code !== 0) throw new Error(`${script}\n(${code}) ${output}`)
    return output
  }

  /** A simple bind over LDAPS by a client that is not ours. */
  async bind(name: string, password: string): Promise<LdapAnswer> {
    const { network, host, addresses } = this.#options
    return await tryBind({
      ...{ url: `ldaps://${addresses[0]}`, authority: this.ca.certificate },
      ...{ bindDn: name, password, prefix: network.prefix(host) },
    })
  }

  /**
   * The command line for a program that finds the winbindd of the controller where every program looks for it. It needs no
   * network: it may run on any host, and on none.
   */
  withWinbind(...command: readonly string[]): readonly string[] {
    return withWinbindOf(join(this.#options.folder, 'domain/winbindd'), command)
  }

  /** Runs a program that asks winbindd, such as wbinfo. */
  async winbind(...command: readonly string[]): Promise<string> {
    const { code, output } = await this.#run(...command)
    if (code !== 0) throw new Error(`${command.join(' ')} (${code}): ${output}`)
    return output.trim()
  }

  #run(...command: readonly string[]): ReturnType<typeof runToEnd> {
    const [program = '', ...args] = this.withWinbind(...command)
    return runToEnd(program, args)
  }

  /** A port on 127.0.0.1 of this process that leads to a port of the controller: 389, 636, 3268, 3269. */
  async door(port = 636): Promise<Door> {
    const { network, host, addresses, folder } = this.#options
    return this.#doors.use(await openDoor({ network, host, to: { address: addresses[0], port }, folder }))
  }

  /** Through a socket of the machine: works whatever happens to the network. */
  get #administrator(): LdapClient {
    return {
      url: ldapi(join(this.#options.folder, 'domain/private/ldap_priv/ldapi')),
      bindDn: `Administrator@${DOMAIN}`,
      password: ADMINISTRATOR_PASSWORD,
    }
  }
}

/** For a program that looks for winbindd at the path every Samba of this machine has built in. */
export function withWinbindOf(socketFolder: string, command: readonly string[]): readonly string[] {
  const script = 'mkdir -p /run/samba/winbindd; mount --bind "$0" /run/samba/winbindd && exec "$@"'
  return ['unshare', '--mount', 'sh', '-c', script, socketFolder, ...command]
}
