/**
 * certmonger, which asks for a certificate, tracks it and renews it. Without systemd: on a bus of its own, with all it
 * keeps in a temporary folder. Every call of `getcert` has an end, because one may wait for minutes.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from './certificates.ts'
import { privateBus } from './private-bus.ts'
import { type Running, runToEnd, start } from './process.ts'
import { until } from './until.ts'

export interface TrackedRequest {
  /** File name of key and certificate, and nickname of the request. */
  readonly name: string
  readonly subject: string
  readonly dns?: string
  readonly challenge?: string
  readonly profile?: string
}

export interface Tracked extends LabCertificate {
  readonly name: string
}

export class Certmonger implements AsyncDisposable {
  readonly #folder: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #parts: AsyncDisposableStack
  readonly #daemon: Running

  private constructor(
    folder: string,
    environment: NodeJS.ProcessEnv,
    daemon: Running,
    parts: AsyncDisposableStack,
  ) {
    this.#folder = folder
    this.#environment = environment
    this.#daemon = daemon
    this.#parts = parts
  }

  /** @param under an existing folder, which certmonger gets one of its own in */
  static async start(under: string): Promise<Certmonger> {
    const folder = join(under, 'certmonger')
    for (const name of ['cas', 'requests', 'local', 'tmp', 'config', 'out']) {
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
    }
    writeFileSync(join(folder, 'config', 'certmonger.conf'), '[defaults]\nnotification_method = none\n')
    await using parts = new AsyncDisposableStack()
    const bus = parts.use(await privateBus(folder))
    const environment = {
      ...process.env,
      DBUS_SESSION_BUS_ADDRESS: bus.address,
      CERTMONGER_CAS_DIR: join(folder, 'cas'),
      CERTMONGER_REQUESTS_DIR: join(folder, 'requests'),
      CERTMONGER_LOCAL_CA_DIR: join(folder, 'local'),
      CERTMONGER_TMPDIR: join(folder, 'tmp'),
      CERTMONGER_CONFIG_DIR: join(folder, 'config'),
    }
    const daemon = parts.use(start('/usr/sbin/certmonger', ['-s', '-n', '-d', '3'], { env: environment }))
    const certmonger = new Certmonger(folder, environment, daemon, parts.move())
    try {
      await until('certmonger answers', async () =>
        (await certmonger.getcert('list-cas')).code === 0 ? true : undefined,
      )
    } catch (error) {
      await certmonger[Symbol.asyncDispose]()
      throw error
    }
    return certmonger
  }

  /** `getcert COMMAND ARGS` on our bus; it is ended where it takes longer than that. */
  getcert(
    command: string,
    args: readonly string[] = [],
    milliseconds = 15_000,
  ): Promise<{ code: number | null; output: string }> {
    return runToEnd('getcert', [command, '-s', ...args], { env: this.#environment, milliseconds })
  }

  /** What the daemon said; of use where a request fails. */
  get log(): string {
    return this.#daemon.output()
  }

  /** PEM files, where it is not to take what the server offers: of the RA, of the CA above it, of the others. */
  async addScepCa(
    name: string,
    url: string,
    { ra, ca, others }: { ra?: string; ca?: string; others?: string } = {},
  ): Promise<void> {
    const files = [
      ...(ra === undefined ? [] : ['-r', ra]),
      ...(ca === undefined ? [] : ['-N', ca]),
      ...(others === undefined ? [] : ['-I', others]),
    ]
    const { code, output } = await this.getcert('add-scep-ca', ['-c', name, '-u', url, ...files])
    if (code !== 0) throw new Error(`getcert add-scep-ca: ${output}`)
  }

  /** Of a request that is tracked, also by an earlier daemon of the same folder. */
  files(name: string): Tracked {
    const at = (kind: string) => join(this.#folder, 'out', `${name}.${kind}`)
    return { name, key: at('key'), certificate: at('pem') }
  }

  /** Asks for a certificate and tracks it from then on. */
  async request(ca: string, wanted: TrackedRequest): Promise<Tracked> {
    const { name, subject, dns, challenge, profile } = wanted
    const { key, certificate } = this.files(name)
    const { code, output } = await this.getcert('request', [
      ...['-c', ca, '-I', name, '-k', key, '-f', certificate, '-N', subject, '-g', '2048'],
      ...(dns === undefined ? [] : ['-D', dns]),
      ...(challenge === undefined ? [] : ['-L', challenge]),
      ...(profile === undefined ? [] : ['-T', profile]),
    ])
    if (code !== 0) throw new Error(`getcert request: ${output}`)
    return { name, key, certificate }
  }

  /** Asks for a new certificate now, as it does by itself before the end of the old one. */
  async renew(name: string): Promise<void> {
    const { code, output } = await this.getcert('resubmit', ['-i', name])
    if (code !== 0) throw new Error(`getcert resubmit: ${output}`)
  }

  /** `MONITORING`, `CA_REJECTED`, `CA_UNREACHABLE` ...; `text` is all that `getcert list` says. */
  async status(name: string): Promise<{ readonly status: string; readonly text: string }> {
    const { output } = await this.getcert('list', ['-i', name])
    return { status: /status: (\S+)/.exec(output)?.[1] ?? 'UNKNOWN', text: output }
  }

  /** Resolves with the text of `getcert list` once the request is in that state. */
  waitFor(name: string, wanted: RegExp, milliseconds = 20_000): Promise<string> {
    return until(
      () => `certmonger has ${name} in ${wanted}: ${this.log.slice(-2000)}`,
      async () => {
        const { status, text } = await this.status(name)
        return wanted.test(status) ? text : undefined
      },
      milliseconds,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}
