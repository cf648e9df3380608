/** A member of the domain with a winbindd of its own, as the machine of a RADIUS server is: it asks the controller over the network. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from './network.ts'
import { type Running, runToEnd } from './process.ts'
import { processTree, programsWith, signalAll } from './process-tree.ts'
import { type DomainController, withWinbindOf } from './samba-domain.ts'
import { until } from './until.ts'

export interface DomainMemberOptions {
  readonly network: Network
  readonly host: string
  /** Interfaces it uses, by name or address. */
  readonly interfaces: string
  readonly controller: DomainController
  /** Where the controller is, as seen from the host. */
  readonly controllerAddress: string
  readonly folder: string
  /** More lines of /etc/hosts there. */
  readonly hosts?: readonly string[]
  /** NetBIOS name; default RADIUS1. */
  readonly name?: string
}

export class DomainMember implements AsyncDisposable {
  readonly #options: DomainMemberOptions
  #winbindd: Running | undefined

  private constructor(options: DomainMemberOptions) {
    this.#options = options
  }

  static async join(options: DomainMemberOptions): Promise<DomainMember> {
    const { network, host, controller, controllerAddress, folder } = options
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true })
    network.files(host, {
      'resolv.conf': `search ${controller.domain}\nnameserver ${controllerAddress}\noptions timeout:1 attempts:1\n`,
      hosts: [
        '127.0.0.1 localhost',
        `${controllerAddress} ${controller.name}`,
        ...(options.hosts ?? []),
        '',
      ].join('\n'),
    })
    writeFileSync(join(folder, 'smb.conf'), configurationOf(options))
    writeFileSync(
      join(folder, 'krb5.conf'),
      `[libdefaults]\n default_realm = ${controller.domain.toUpperCase()}\n dns_lookup_kdc = true\n rdns = false\n`,
    )
    const member = new DomainMember(options)
    const [program = '', ...args] = [
      ...network.prefix(host),
      ...['net', 'ads', 'join', '-s', member.configuration, '--no-dns-updates'],
      ...['-U', `Administrator%${controller.administratorPassword}`],
    ]
    const joined = await runToEnd(program, args, { env: member.#environment, milliseconds: 60_000 })
    if (joined.code !== 0) throw new Error(`net ads join (${joined.code}): ${joined.output}`)
    await member.start()
    return member
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** Path of smb.conf: for `ntlm_auth --configfile=`. */
  get configuration(): string {
    return join(this.#options.folder, 'smb.conf')
  }

  async start(): Promise<void> {
    if (this.#winbindd !== undefined) return
    const { network, host } = this.#options
    const line = this.withWinbind(
      'winbindd',
      '-F',
      '--no-process-group',
      '--debug-stdout',
      '-s',
      this.configuration,
    )
    this.#winbindd = network.start(host, line, { env: this.#environment })
    await until(
      'winbindd of the member',
      async () => ((await this.run('wbinfo', '-t')).code === 0 ? true : undefined),
      20_000,
    ).catch((error: unknown) => {
      throw new Error(`${error}\n${this.#winbindd?.output().slice(-4000)}`)
    })
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#winbindd === undefined) return
    const all = processTree(this.#winbindd.pid)
    await this.#winbindd.stop(signal)
    // samba-dcerpcd, which winbindd starts, detaches itself.
    const detached = programsWith('/usr/libexec/samba/', `--configfile=${this.configuration}`)
    signalAll([...all, ...detached], 'SIGKILL')
    this.#winbindd = undefined
  }

  /** winbindd stands still: who asks it waits. */
  hang(): void {
    if (this.#winbindd !== undefined) signalAll(processTree(this.#winbindd.pid), 'SIGSTOP')
  }

  resume(): void {
    if (this.#winbindd !== undefined) signalAll(processTree(this.#winbindd.pid), 'SIGCONT')
  }

  /** The command line for a program that finds this winbindd where every program looks for it; it needs no network. */
  withWinbind(...command: readonly string[]): readonly string[] {
    return withWinbindOf(join(this.#options.folder, 'winbindd'), command)
  }

  /** Runs wbinfo, ntlm_auth ... beside this winbindd. */
  run(...command: readonly string[]): ReturnType<typeof runToEnd> {
    const [program = '', ...args] = this.withWinbind(...command)
    return runToEnd(program, args)
  }

  get #environment(): NodeJS.ProcessEnv {
    return { ...process.env, KRB5_CONFIG: join(this.#options.folder, 'krb5.conf') }
  }
}

const FOLDERS = ['private', 'lock', 'state', 'cache', 'run', 'winbindd', 'log']

function configurationOf({ folder, interfaces, controller, name = 'RADIUS1' }: DomainMemberOptions): string {
  return `[global]
  netbios name = ${name}
  realm = ${controller.domain.toUpperCase()}
  workgroup = ${controller.netbiosName}
  security = ads
  interfaces = ${interfaces}
  bind interfaces only = yes
  private dir = ${folder}/private
  lock directory = ${folder}/lock
  state directory = ${folder}/state
  cache directory = ${folder}/cache
  pid directory = ${folder}/run
  winbindd socket directory = ${folder}/winbindd
  log file = ${folder}/log/%m.log
  idmap config * : backend = tdb
  idmap config * : range = 100000-199999
  winbind use default domain = yes
  winbind offline logon = no
  ntlm auth = mschapv2-and-ntlmv2-only
`
}
