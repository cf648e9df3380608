/** The server, the made-up site, and the ways to log in and to ask. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asn1Time, issue, type LabCa, type LabCertificate, makeCa } from '../../certificates.ts'
import { openRelay, type Passing } from '../../eap-relay.ts'
import { type EapolTest, eapolTest } from '../../eapol-test.ts'
import { temporaryFolder } from '../../process.ts'
import { type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'
import { until } from '../../until.ts'
import type { Cause, Clue, Finding } from './cause.ts'
import type { ClientKind, Site } from './site.ts'

export interface SupplicantOptions extends Pick<EapolTest, 'attributes' | 'prefix' | 'globals' | 'seconds'> {
  readonly client?: ClientKind
  readonly secret?: string
  /** What the network between client and server loses. */
  readonly loses?: (passing: Passing) => boolean
  readonly mac?: string
}

export interface RequestOptions {
  readonly client?: ClientKind
  readonly command?: 'auth' | 'acct'
  readonly secret?: string
  /** Another source address than that of the client. */
  readonly address?: string
  readonly seconds?: number
}

const DAY = 86_400_000
const PATIENCE_MILLISECONDS = 8000

export class DiagnosisHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly site: Site
  readonly folder: string
  readonly ca: LabCa
  readonly strangerCa: LabCa
  readonly unreachableCa: LabCa
  /** Code of each cause that was found. */
  readonly found = new Map<string, Finding>()
  readonly #parts: AsyncDisposableStack
  readonly #begun = new Map<Cause, Promise<Clue>>()

  private constructor(
    parts: AsyncDisposableStack,
    server: Sallyport,
    site: Site,
    folder: string,
    cas: readonly [LabCa, LabCa, LabCa],
  ) {
    this.#parts = parts
    this.server = server
    this.site = site
    this.folder = folder
    ;[this.ca, this.strangerCa, this.unreachableCa] = cas
  }

  static async open(site: Site, causes: readonly Cause[]): Promise<DiagnosisHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-diagnosis-')).path
    const data = join(folder, 'data')
    const ca = makeCa(join(folder, 'client-ca'), site.clientCa)
    const strangerCa = makeCa(join(folder, 'stranger-ca'), site.strangerCa)
    const unreachableCa = makeCa(join(folder, 'unreachable-ca'), site.unreachableCa)
    mkdirSync(data)
    const server = parts.use(await startSallyport({ data, args: ['--bind', '127.0.0.1'] }))
    const expired = issue(strangerCa, 'expired-server', {
      commonName: site.expiredName,
      subjectAltName: `DNS:${site.expiredName}`,
      extendedKeyUsage: 'serverAuth',
      notBefore: asn1Time(Date.now() - 30 * DAY),
      notAfter: asn1Time(Date.now() - DAY),
    })
    const read = (file: string) => readFileSync(file, 'utf8')
    const shown = { chain: read(expired.certificate), key: read(expired.key) }
    await server.apply(
      site.configuration(
        { client: read(ca.certificate), unreachable: read(unreachableCa.certificate) },
        shown,
      ),
    )
    const house = new DiagnosisHouse(parts.move(), server, site, folder, [ca, strangerCa, unreachableCa])
    for (const cause of causes.filter(({ slow }) => slow === true)) {
      const clue = cause.happen(house)
      clue.catch(() => undefined) // told by its own case
      house.#begun.set(cause, clue)
    }
    return house
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#begun.values())
    await this.#parts.disposeAsync()
  }

  clueOf(cause: Cause): Promise<Clue> {
    return this.#begun.get(cause) ?? cause.happen(this)
  }

  /** What supplicants need to trust this server. */
  get trust(): readonly string[] {
    return [`ca_cert="${join(this.server.data, 'ca.pem')}"`, `domain_suffix_match="${this.site.serverName}"`]
  }

  /** Lines of a password inside a tunnel. */
  tunnel(
    method: 'PEAP' | 'TTLS',
    phase2: string,
    { name, password }: { readonly name: string; readonly password: string },
    trust: readonly string[] = this.trust,
  ): readonly string[] {
    return [
      `eap=${method}`,
      `identity="${name}"`,
      `password="${password}"`,
      `phase2="auth=${phase2}"`,
      ...trust,
    ]
  }

  /** Lines of EAP-TLS by a certificate. */
  tls(user: string, { certificate, key }: LabCertificate): readonly string[] {
    return [
      'eap=TLS',
      `identity="${user}"`,
      `client_cert="${certificate}"`,
      `private_key="${key}"`,
      ...this.trust,
    ]
  }

  /** A client certificate for a user name, by the CA the server trusts unless told otherwise. */
  certificate(
    user: string,
    options: Partial<Parameters<typeof issue>[2]> & { readonly ca?: LabCa } = {},
  ): LabCertificate {
    const { ca = this.ca, ...rest } = options
    const subjectAltName = `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${user}@${this.site.realm}`
    return issue(ca, `${user}-${this.site.seeded.name()}`, { commonName: user, subjectAltName, ...rest })
  }

  /** eapol_test, to its end. */
  async supplicant(network: readonly string[], options: SupplicantOptions = {}): Promise<void> {
    const { client = 'gateway', loses, secret, mac = this.site.seeded.mac(), ...rest } = options
    const { address, secret: right } = this.site.clients[client]
    await using parts = new AsyncDisposableStack()
    const relay =
      loses === undefined
        ? undefined
        : parts.use(await openRelay({ port: this.server.authPort, address }, loses))
    const { accepted } = await eapolTest({
      ...rest,
      network,
      mac,
      folder: this.folder,
      server: { port: relay?.port ?? this.server.authPort, secret: secret ?? right },
      ...(relay === undefined ? { from: address } : {}),
    })
    assert.equal(accepted, false, 'an Access-Accept came')
  }

  /** radclient, once. */
  async request(attributes: readonly string[], options: RequestOptions = {}): Promise<RadclientReply> {
    const { client = 'gateway', command = 'auth', seconds = 2 } = options
    const { address, secret } = this.site.clients[client]
    const { authPort, acctPort } = this.server
    const reply = await radclient({
      command,
      port: command === 'acct' ? acctPort : authPort,
      secret: options.secret ?? secret,
      from: options.address ?? address,
      attributes,
      seconds,
    })
    assert.notEqual(reply.code, 'Access-Accept')
    return reply
  }

  /** Octets as they are, from the address of a client. */
  async raw(octets: Uint8Array, client: ClientKind = 'gateway'): Promise<void> {
    const socket = createSocket('udp4')
    try {
      await new Promise<void>((bound) => socket.bind(0, this.site.clients[client].address, bound))
      await new Promise((sent) => socket.send(octets, this.server.authPort, '127.0.0.1', sent))
    } finally {
      socket.close()
    }
  }

  /** What the server says, asked over the API or on the command line with nothing but the clue. */
  async ask(clue: Clue, code: string, through: 'api' | 'cli'): Promise<Finding> {
    return clue.by === 'drop'
      ? await this.#askDrops(clue.sender, code, through)
      : await this.#askDecision(clue, code, through)
  }

  async #askDrops(sender: string, code: string, through: 'api' | 'cli'): Promise<Finding> {
    const { clients } = this.site
    const isClient = Object.values(clients).some(({ name }) => name === sender)
    type Drop = Finding & { readonly address: string }
    const list = async (): Promise<readonly Drop[]> => {
      if (through === 'api') {
        const query = isClient ? `?client=${sender}` : ''
        return (await this.server.api.send<{ items: Drop[] }>('GET', `/drops${query}`)).items
      }
      const about = isClient ? ['--client', sender] : []
      const { output } = await this.server.cli('log', '--dropped', ...about, '--json')
      return JSON.parse(output) as Drop[] // the schema of GET /drops
    }
    return await until(`a dropped packet of ${sender} for ${code}`, async () =>
      (await list()).find((drop) => drop.reason === code && (isClient || drop.address === sender)),
    )
  }

  async #askDecision(
    { by, value, decisions = 1 }: Exclude<Clue, { by: 'drop' }>,
    code: string,
    through: 'api' | 'cli',
  ): Promise<Finding> {
    const { api } = this.server
    const latest = async () => {
      const receipts = await api.receipts({ [by]: value, limit: `${decisions}` })
      return receipts.length < decisions ? undefined : receipts[0]
    }
    const patience = performance.now() + PATIENCE_MILLISECONDS
    const id = await until(
      `a decision about ${by} ${value}`,
      async () => {
        // The journal writes a moment after the answer: of several decisions the last one may still be on its way.
        const receipt = await latest()
        return receipt?.reason === code || performance.now() > patience ? receipt?.id : undefined
      },
      15_000,
    )
    if (through === 'api') return await api.send('GET', `/receipts/${id}/explanation`)
    const answer = await this.server.cli('explain', `--${by}`, value, '--json')
    assert.equal(answer.code, 0, answer.output)
    return JSON.parse(answer.output) as Finding // the schema of the explanation
  }
}
