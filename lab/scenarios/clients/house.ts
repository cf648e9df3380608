/** A server that can be started again, and RADIUS clients whose secrets and habits change. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'

export const PASSWORD = 'Vpn-Passw0rd!'
export const SECRET = 'secret-of-the-network'

const CONFIGURATION = `
clients:
  - { name: here, address: 127.0.0.1, secret: ${SECRET} }
  - { name: network, address: 127.0.1.0/24, secret: ${SECRET} }
  - { name: legacy, address: 127.0.0.2, secret: ${SECRET}, requireMessageAuthenticator: false }
sources: [{ name: local, kind: local, passwordStorage: reversible }]
realms: [{ name: default, default: true, sources: [local] }]
rules: [{ name: everybody, when: 'true', effect: accept }]
users: [{ name: alice, password: ${PASSWORD} }]
`

export class ClientsHouse implements AsyncDisposable {
  readonly #folder: ReturnType<typeof temporaryFolder>
  #server: Sallyport

  private constructor(folder: ReturnType<typeof temporaryFolder>, server: Sallyport) {
    this.#folder = folder
    this.#server = server
  }

  static async open(): Promise<ClientsHouse> {
    const folder = temporaryFolder('sallyport-clients-')
    try {
      mkdirSync(join(folder.path, 'data'))
      const house = new ClientsHouse(folder, await startIn(folder.path))
      await house.server.apply(CONFIGURATION)
      return house
    } catch (error) {
      folder[Symbol.dispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
    this.#folder[Symbol.dispose]()
  }

  get server(): Sallyport {
    return this.#server
  }

  async restart(): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
    this.#server = await startIn(this.#folder.path)
  }

  /** alice by PAP; `signed` false: without Message-Authenticator, as radclient 3.2.1 does by itself. */
  async login(
    from: string,
    secret: string = SECRET,
    { signed = true, more = [] as readonly string[], seconds = 5 } = {},
  ): Promise<RadclientReply> {
    const attributes = ['User-Name = "alice"', `User-Password = "${PASSWORD}"`, ...more]
    return await radclient({
      ...{ command: 'auth', port: this.server.authPort, secret, from, seconds },
      attributes: signed ? [...attributes, MESSAGE_AUTHENTICATOR] : attributes,
    })
  }

  async cli(...args: string[]): Promise<string> {
    const { code, output } = await this.server.cli(...args)
    if (code !== 0) throw new Error(`sallyport ${args.join(' ')} ended with ${code}:\n${output}`)
    return output
  }

  async refused(...args: string[]): Promise<string> {
    const { code, output } = await this.server.cli(...args)
    if (code !== 1) throw new Error(`sallyport ${args.join(' ')} ended with ${code}, not 1:\n${output}`)
    return output
  }
}

function startIn(folder: string): Promise<Sallyport> {
  return startSallyport({ data: join(folder, 'data'), args: ['--bind', '127.0.0.1'] })
}
