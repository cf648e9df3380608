/** The server and everything around it that the EAP cases log in with. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt, ReceiptRow } from '../../admin-api.ts'
import { issue, type LabCa, type LabCertificate, makeCa } from '../../certificates.ts'
import { openRelay, type Passing } from '../../eap-relay.ts'
import { type EapolResult, type EapolTest, eapolTest, startEapolTest } from '../../eapol-test.ts'
import { startPostgres } from '../../postgres.ts'
import { type Running, temporaryFolder } from '../../process.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { until } from '../../until.ts'
import { CLIENTS, configuration, PASSWORD, type RadiusClient, SERVER_NAME } from './configuration.ts'

export interface LoginOptions extends Pick<EapolTest, 'noKeys' | 'repeat' | 'attributes' | 'globals'> {
  /** Lines of the network block, besides those that hold for all. */
  readonly network: readonly string[]
  readonly client?: RadiusClient
  /** Ask for the server's certificate chain. */
  readonly serverCertificate?: string
}

export interface Login extends EapolResult {
  /** Calling-Station-Id of this login alone: how its receipts are found. */
  readonly station: string
}

export class EapHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly folder: string
  /** The CA that issues the client certificates, and one that nobody trusts. */
  readonly ca: LabCa
  readonly strangerCa: LabCa
  readonly #parts: AsyncDisposableStack
  readonly #certificates = new Map<string, LabCertificate>()
  #stations = 0

  private constructor(
    parts: AsyncDisposableStack,
    server: Sallyport,
    folder: string,
    ca: LabCa,
    other: LabCa,
  ) {
    this.#parts = parts
    this.server = server
    this.folder = folder
    this.ca = ca
    this.strangerCa = other
  }

  static async open(engine: 'sqlite' | 'postgresql'): Promise<EapHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-eap-')).path
    const data = join(folder, 'data')
    const ca = makeCa(join(folder, 'lab-ca'), 'Lab CA')
    const strangerCa = makeCa(join(folder, 'stranger-ca'), 'Stranger CA')
    mkdirSync(data)
    const database = engine === 'sqlite' ? [] : ['--database', await postgresDatabase(parts)]
    const server = parts.use(await startSallyport({ data, args: ['--bind', '127.0.0.1', ...database] }))
    await server.apply(configuration(readFileSync(ca.certificate, 'utf8')))
    return new EapHouse(parts.move(), server, folder, ca, strangerCa)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** `ca_cert` and name check of a supplicant that trusts this server. */
  get trust(): readonly string[] {
    return [`ca_cert="${join(this.server.data, 'ca.pem')}"`, `domain_suffix_match="${SERVER_NAME}"`]
  }

  /** The certificate of alice, made at the first use; other names for other flaws. */
  certificate(
    name = 'alice',
    options: Partial<Parameters<typeof issue>[2]> & { readonly ca?: LabCa } = {},
  ): LabCertificate {
    const known = this.#certificates.get(name)
    if (known !== undefined) return known
    const { ca = this.ca, ...rest } = options
    const made = issue(ca, name, { commonName: name, subjectAltName: upn(`${name}@lab.test`), ...rest })
    this.#certificates.set(name, made)
    return made
  }

  async login(options: LoginOptions): Promise<Login> {
    const test = this.#test(options)
    return { ...(await eapolTest(test)), station: test.mac.replaceAll(':', '-') }
  }

  /** Logs in again and again until stopped. */
  repeatLogin(options: LoginOptions): { readonly process: Running; readonly station: string } {
    const test = this.#test({ ...options, repeat: 400 })
    return { process: startEapolTest(test), station: test.mac.replaceAll(':', '-') }
  }

  /**
   * Its process is killed the moment the server says what `isLast` names; that never reaches it. Returns what its receipts
   * are found by.
   */
  async killedAt(options: LoginOptions, isLast: (passing: Passing) => boolean): Promise<string> {
    const test = this.#test(options)
    let isKilled = false
    await using relay = await openRelay(
      { port: this.server.authPort, address: CLIENTS[options.client ?? 'gateway'].address },
      (passing) => {
        isKilled ||= passing.towards === 'client' && isLast(passing)
        if (isKilled) void supplicant.stop('SIGKILL')
        return isKilled
      },
    )
    const { from: _ourRelaysOwn, server, ...rest } = test
    await using supplicant = startEapolTest({ ...rest, server: { ...server, port: relay.port } })
    await supplicant.ended
    if (!isKilled) throw new Error(`it ended by itself:\n${supplicant.output()}`)
    return test.mac.replaceAll(':', '-')
  }

  /** Receipts of one station, oldest first, once there are `count`; the journal writes a moment after the answer. */
  async receipts(station: string, count = 1): Promise<readonly ReceiptRow[]> {
    return await until(`${count} receipts of ${station}`, async () => {
      const own = (await this.server.api.receipts()).filter((row) => row.callingStationId === station)
      return own.length >= count ? own.toReversed() : undefined
    })
  }

  async receipt(station: string): Promise<Receipt> {
    const rows = await this.receipts(station)
    const [row] = rows
    if (row === undefined || rows.length > 1)
      throw new Error(`${rows.length} receipts of ${station}, not one`)
    return await this.server.api.receipt(row.id)
  }

  #test(options: LoginOptions): EapolTest & { readonly mac: string } {
    const { network, client = 'gateway', ...rest } = options
    const number = ++this.#stations
    const octets = [number >> 8, number & 255].map((octet) => octet.toString(16).padStart(2, '0'))
    return {
      ...rest,
      network,
      folder: this.folder,
      server: { port: this.server.authPort, secret: CLIENTS[client].secret },
      from: CLIENTS[client].address,
      mac: `02:00:00:00:${octets.join(':').toUpperCase()}`, // as eapol_test writes it into Calling-Station-Id
    }
  }
}

async function postgresDatabase(parts: AsyncDisposableStack): Promise<string> {
  const postgres = await startPostgres()
  parts.defer(() => postgres.stop())
  return postgres.database('sallyport')
}

/** Other name of type UPN, as Active Directory certificates carry it. */
export function upn(name: string): string {
  return `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${name}`
}

/** `identity` and `password` lines. */
export function credentials(user = 'alice', password = PASSWORD): readonly string[] {
  return [`identity="${user}"`, `password="${password}"`]
}

/** The certificate lines of EAP-TLS; `inside` for phase 2 of a tunnel. */
export function certificateLines({ certificate, key }: LabCertificate, inside = false): readonly string[] {
  const suffix = inside ? '2' : ''
  return [`client_cert${suffix}="${certificate}"`, `private_key${suffix}="${key}"`]
}
