/** A TACACS+ server of our own, in Python and from RFC 8907 alone: Debian has none. Debian's client vouches for it. */
import { join } from 'node:path'
import { type Running, runToEnd, start } from './process.ts'

export interface TacacsUser {
  readonly name: string
  readonly password: string
}

/** A START as the server read it, and the octets it came in. */
export interface TacacsStart {
  readonly packet: string
  readonly version: number
  readonly type: number
  readonly user: string
  readonly address: string
}

export class TacacsServer implements AsyncDisposable {
  readonly port: number
  readonly secret: string
  readonly #process: Running
  #hangs = false

  private constructor(process: Running, port: number, secret: string) {
    this.#process = process
    this.port = port
    this.secret = secret
  }

  /**
   * @param port one that was free a moment ago; default any
   * @param prefix before the command line: `ip netns exec NAME`
   */
  static async open(
    secret: string,
    users: readonly TacacsUser[],
    port = 0,
    prefix: readonly string[] = [],
  ): Promise<TacacsServer> {
    const program = join(import.meta.dirname, 'tacacs', 'server.py')
    const named = users.flatMap(({ name, password }) => ['--user', `${name}=${password}`])
    const options = [program, '--port', String(port), '--key', secret, ...named]
    const [command = '', ...line] = [...prefix, '/usr/bin/python3', ...options]
    const running = start(command, line)
    try {
      const [, found] = await running.waitFor(/listening on (\d+)/)
      return new TacacsServer(running, Number(found), secret)
    } catch (error) {
      await running.stop()
      throw error
    }
  }

  /** Of all logins so far. */
  starts(): readonly TacacsStart[] {
    const lines = this.#process.output().split('\n')
    return lines.filter((line) => line.includes('"event": "start"')).map((line) => JSON.parse(line))
  }

  /** Takes connections and says nothing, until `resume`. */
  hang(): void {
    process.kill(-this.#process.pid, 'SIGSTOP')
    this.#hangs = true
  }

  resume(): void {
    if (this.#hangs) process.kill(-this.#process.pid, 'SIGCONT')
    this.#hangs = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume()
    await this.#process.stop()
  }
}

/** Debian's client (libauthen-tacacsplus-perl) logs in; resolves to what it says: `PASS`, or why not. */
export async function debianClient(
  server: { readonly port: number; readonly secret: string },
  { name, password }: TacacsUser,
  kind: 'ascii' | 'pap' | 'chap',
): Promise<string> {
  const program = join(import.meta.dirname, 'tacacs', 'client.pl')
  const args = [program, String(server.port), server.secret, name, password, kind]
  return (await runToEnd('/usr/bin/perl', args)).output.trim()
}

/** tshark's reading of a packet, body opened with the secret. */
export async function dissect(packet: string, secret: string, folder: string): Promise<string> {
  const file = join(folder, 'tacacs.pcap')
  const dump = `0000 ${packet.match(/../g)?.join(' ') ?? ''}\n`
  const made = await runToEnd('text2pcap', ['-q', '-T', '40000,49', '-', file], { input: dump })
  if (made.code !== 0) throw new Error(made.output)
  const { stdout } = await runToEnd('tshark', ['-r', file, '-o', `tacplus.key:${secret}`, '-V'])
  return stdout.slice(stdout.indexOf('TACACS+\n'))
}
