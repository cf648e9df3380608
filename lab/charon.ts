/** strongSwan as a program: gateway or client, each with folders and sockets of its own. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Network } from './network.ts'
import { type Running, runToEnd } from './process.ts'
import { until } from './until.ts'

export interface CharonOptions {
  readonly network: Network
  readonly host: string
  /** Empty; everything of this strongSwan goes into it. */
  readonly folder: string
  /** What is in /etc/swanctl there, by path: `swanctl.conf`, `conf.d/vpn.conf`, `x509ca/ca.pem`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** Plugins besides those both sides need. */
  readonly load: readonly string[]
  /** Lines of `charon { plugins { } }`, such as an `include` of a file. */
  readonly plugins?: string
  /** Stands in for the folder that plugins are loaded from. */
  readonly pluginFolder?: string
}

export const STRONGSWAN_PACKAGES = [
  'strongswan-charon',
  'strongswan-swanctl',
  'libcharon-extra-plugins',
  'libcharon-extauth-plugins',
  'libstrongswan-standard-plugins',
  'libstrongswan-extra-plugins',
] as const

export const PLUGIN_FOLDER = '/usr/lib/ipsec/plugins'

const LOAD =
  'random nonce aes sha1 sha2 md5 hmac kdf pem pkcs1 pkcs8 x509 revocation constraints pubkey openssl gcm curve25519 ' +
  // Before kernel-netlink, or the kernel is asked for ESP, which not every one has.
  'kernel-libipsec kernel-netlink socket-default vici eap-identity'

const FOLDERS = [
  ...[
    'x509',
    'x509ca',
    'private',
    'conf.d',
    'ecdsa',
    'rsa',
    'pkcs12',
    'pkcs8',
    'pubkey',
    'x509aa',
    'x509ocsp',
  ],
  ...['x509crl', 'x509ac', 'bliss'],
]

/** Debian's, without its comments. */
const SWANCTL_CONF = 'include conf.d/*.conf\n'

export class Charon implements AsyncDisposable {
  readonly #options: CharonOptions
  readonly #process: Running

  private constructor(options: CharonOptions, running: Running) {
    this.#options = options
    this.#process = running
  }

  static async start(options: CharonOptions): Promise<Charon> {
    const { network, host, folder, files, pluginFolder } = options
    const swanctl = join(folder, 'swanctl')
    for (const each of FOLDERS) mkdirSync(join(swanctl, each), { recursive: true })
    for (const [path, content] of Object.entries({ 'swanctl.conf': SWANCTL_CONF, ...files })) {
      mkdirSync(dirname(join(swanctl, path)), { recursive: true })
      writeFileSync(join(swanctl, path), content)
      chmodSync(join(swanctl, path), 0o600)
    }
    writeFileSync(join(folder, 'strongswan.conf'), strongswanConf(options))
    // charon keeps its pid in /run: each gets one of its own.
    const mounts = [
      'mount -t tmpfs tmpfs /run',
      ...(pluginFolder === undefined ? [] : [`mount --bind '${pluginFolder}' ${PLUGIN_FOLDER}`]),
    ]
    const command = ['sh', '-c', `${mounts.join(' && ')} && exec /usr/lib/ipsec/charon`]
    const env = { ...process.env, STRONGSWAN_CONF: join(folder, 'strongswan.conf') }
    const charon = new Charon(options, network.start(host, command, { env }))
    try {
      await until('vici socket of charon', () => (existsSync(join(folder, 'vici')) ? true : undefined))
      await charon.load()
      return charon
    } catch (error) {
      await charon[Symbol.asyncDispose]()
      throw error
    }
  }

  get log(): string {
    const file = join(this.#options.folder, 'charon.log')
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  /** As an administrator does after a change of the files; throws where a line is refused. */
  async load(): Promise<void> {
    const { code, output } = await this.swanctl('--load-all', '--noprompt')
    if (code !== 0) throw new Error(`swanctl --load-all:\n${output}\n${this.log}`)
  }

  swanctl(command: string, ...args: string[]): ReturnType<typeof runToEnd> {
    const { folder } = this.#options
    const env = {
      ...process.env,
      STRONGSWAN_CONF: join(folder, 'strongswan.conf'),
      SWANCTL_DIR: join(folder, 'swanctl'),
    }
    return runToEnd('swanctl', [command, '--uri', `unix://${join(folder, 'vici')}`, ...args], { env })
  }

  /** Established IKE_SAs. */
  async associations(): Promise<number> {
    const { output } = await this.swanctl('--list-sas')
    return output.split('\n').filter((line) => line.includes('ESTABLISHED')).length
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process.stop()
  }
}

/** One brace a line: the parser of strongSwan wants it so. */
function strongswanConf({ folder, load, plugins = '' }: CharonOptions): string {
  return `charon {
  load = ${LOAD} ${load.join(' ')}
  syslog {
    daemon {
      default = -1
    }
  }
  filelog {
    file {
      path = ${join(folder, 'charon.log')}
      default = 1
      flush_line = yes
    }
  }
  plugins {
    vici {
      socket = unix://${join(folder, 'vici')}
    }
${plugins}
  }
}
`
}
