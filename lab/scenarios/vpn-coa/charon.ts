/** strongSwan as a program: gateway or client, each with folders and sockets of its own. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from '../../network.ts'
import { type Running, runToEnd } from '../../process.ts'
import { until } from '../../until.ts'

export interface CharonOptions {
  readonly network: Network
  readonly host: string
  /** Empty; everything of this strongSwan goes into it. */
  readonly folder: string
  /** CA that both sides trust, PEM file. */
  readonly ca: string
  readonly certificate?: { readonly certificate: string; readonly key: string }
  /** Plugins besides those both sides need. */
  readonly load: readonly string[]
  /** Lines of `plugins { }`. */
  readonly plugins: string
  /** swanctl.conf. */
  readonly connections: string
}

const LOAD =
  'random nonce aes sha1 sha2 md5 hmac kdf pem pkcs1 pkcs8 x509 revocation constraints pubkey openssl gcm curve25519 ' +
  // Before kernel-netlink, or the kernel is asked for ESP, which not every one has.
  'kernel-libipsec kernel-netlink socket-default vici eap-identity'

const FOLDERS = ['x509', 'x509ca', 'private', 'conf.d', 'ecdsa', 'rsa', 'pkcs12', 'pkcs8', 'pubkey', 'x509aa']

export class Charon implements AsyncDisposable {
  readonly #options: CharonOptions
  readonly #process: Running

  private constructor(options: CharonOptions, running: Running) {
    this.#options = options
    this.#process = running
  }

  static async start(options: CharonOptions): Promise<Charon> {
    const { network, host, folder, ca, certificate } = options
    const swanctl = join(folder, 'swanctl')
    for (const each of [...FOLDERS, 'x509ocsp', 'x509crl', 'x509ac', 'bliss']) {
      mkdirSync(join(swanctl, each), { recursive: true })
    }
    copyFileSync(ca, join(swanctl, 'x509ca/ca.pem'))
    if (certificate !== undefined) {
      copyFileSync(certificate.certificate, join(swanctl, 'x509/gateway.pem'))
      copyFileSync(certificate.key, join(swanctl, 'private/gateway.key'))
      chmodSync(join(swanctl, 'private/gateway.key'), 0o600)
    }
    writeFileSync(join(folder, 'strongswan.conf'), strongswanConf(options))
    writeFileSync(join(swanctl, 'swanctl.conf'), options.connections)
    // charon keeps its pid in /run: each gets one of its own.
    const command = ['sh', '-c', 'mount -t tmpfs tmpfs /run && exec /usr/lib/ipsec/charon']
    const env = { ...process.env, STRONGSWAN_CONF: join(folder, 'strongswan.conf') }
    const charon = new Charon(options, network.start(host, command, { env }))
    try {
      await until('vici socket of charon', () => (existsSync(join(folder, 'vici')) ? true : undefined))
      const { code, output } = await charon.swanctl('--load-all', '--file', join(swanctl, 'swanctl.conf'))
      if (code !== 0) throw new Error(`swanctl --load-all:\n${output}\n${charon.log}`)
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
function strongswanConf({ folder, load, plugins }: CharonOptions): string {
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
