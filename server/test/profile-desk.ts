import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

/** What one `connections make` left behind. */
export interface MadeFiles {
  /** Paths, in the order of their names. */
  readonly files: readonly string[]
  readonly output: string
}

/**
 * Hands out files of connections from the command line, for the demo user, and lets eapol_test log in with what stands in
 * them. Around the tests of every client system.
 */
export class ProfileDesk implements AsyncDisposable {
  readonly #parts = new AsyncDisposableStack()
  readonly folder: string
  #server: Sallyport | undefined
  #count = 0

  constructor() {
    this.folder = this.#parts.use(temporaryFolder('sallyport-profiles-')).path
  }

  /** `configuration` is applied to a new server; ports are known by then. */
  async open(configuration: (server: Sallyport) => string): Promise<void> {
    const data = join(this.folder, 'data')
    mkdirSync(data)
    const args = ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1']
    const server = this.#parts.use(await startSallyport({ data, args }))
    this.#server = server
    const file = this.path('yaml')
    writeFileSync(file, configuration(server))
    const { code, output } = await server.cli('apply', '-f', file)
    assert.equal(code, 0, output)
  }

  get server(): Sallyport {
    return this.#server ?? assert.fail('the desk is not open')
  }

  /** Of the demo user. */
  get password(): string {
    return this.#shown(/demo user +demo +password (\S+)/)
  }

  /** A path nothing lies at yet. */
  path(extension: string): string {
    return join(this.folder, `${++this.#count}.${extension}`)
  }

  async make(connection: string, form: string, ...args: readonly string[]): Promise<MadeFiles> {
    const out = this.path('made')
    const words = ['connections', 'make', connection, form, '--out', out, ...args]
    const { code, output } = await this.server.cli(...words)
    assert.equal(code, 0, output)
    const files = readdirSync(out).toSorted()
    assert.ok(files.length > 0, output)
    return { files: files.map((name) => join(out, name)), output }
  }

  /** With `lines` as the network of wpa_supplicant. */
  async logsIn(lines: readonly string[]): Promise<boolean> {
    const server = { port: this.server.authPort, secret: this.#shown(/ {3}secret (\S+)$/m) }
    return (await eapolTest({ network: lines, server, folder: this.folder })).success
  }

  #shown(pattern: RegExp): string {
    const output = this.server.process.output()
    return pattern.exec(output)?.[1] ?? assert.fail(`${String(pattern)} was not shown:\n${output}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}

/** The password of a container, which is told apart from the file. */
export function shownPassword(output: string): string {
  return /^Password of the certificate: (\S+)/m.exec(output)?.[1] ?? assert.fail(output)
}
