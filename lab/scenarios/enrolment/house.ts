/** One server that issues, an access point that takes Disconnect requests (pyrad), and the files of its CAs. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt } from '../../admin-api.ts'
import type { LabCertificate } from '../../certificates.ts'
import { ChallengeDns } from '../../challenge-dns.ts'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { freeTcpPort, freeUdpPort } from '../../free-port.ts'
import { type Running, runToEnd, start } from '../../process.ts'
import { radclient } from '../../radclient.ts'
import { type OpenedServer, openServer, ServerHouse } from '../../server-house.ts'
import { until } from '../../until.ts'
import { configuration, PASSWORD, SECRET } from './configuration.ts'

const PYRAD_NAS = join(import.meta.dirname, '../coa/pyrad-nas.py')
const DISCONNECT_REQUEST = 40

/** Where a certificate says its state can be asked for. */
export interface Pointers {
  readonly ocsp: string
  readonly crl: string
  readonly caIssuers: string
}

export class EnrolmentHouse extends ServerHouse {
  /** PEM files. */
  readonly root: string
  readonly issuing: string
  /** Where an ACME client answers; every name is at 127.0.0.1. */
  readonly challengePort: number
  readonly #device: Running
  #logins = 0

  private constructor(opened: OpenedServer, device: Running, challengePort: number) {
    super(opened)
    this.challengePort = challengePort
    this.#device = device
    this.root = join(opened.server.data, 'ca.pem')
    this.issuing = join(opened.folder, 'issuing.pem')
  }

  static async open(postgres = false): Promise<EnrolmentHouse> {
    await using parts = new AsyncDisposableStack()
    const devicePort = await freeUdpPort()
    const device = parts.use(start('/usr/bin/python3', [PYRAD_NAS, '127.0.0.1', String(devicePort), SECRET]))
    await device.waitFor(/listening/)
    const { port: dnsPort } = parts.use(await ChallengeDns.start())
    const challengePort = await freeTcpPort()
    const opened = await openServer({
      ...{ name: 'enrolment', postgres, args: ['--enrol-bind', '127.0.0.1'] },
      configuration: ({ enrolPort, httpPort }) =>
        configuration({ devicePort, enrolPort, httpPort, dnsPort, challengePort }),
    })
    opened.parts.use(parts.move())
    const house = new EnrolmentHouse(opened, device, challengePort)
    try {
      await house.#fetchIssuing()
    } catch (error) {
      await house[Symbol.asyncDispose]()
      throw error
    }
    return house
  }

  get estUrl(): string {
    return `https://localhost:${this.server.enrolPort}`
  }

  get scepUrl(): string {
    return `http://127.0.0.1:${this.server.httpPort}/scep`
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** The command line of the product, which must succeed. */
  async sallyport(...args: string[]): Promise<string> {
    const { code, output } = await this.server.cli(...args)
    if (code !== 0) throw new Error(`sallyport ${args.join(' ')}: ${output}`)
    return output
  }

  /** The same without the address of the server and what it trusts: as another host would call it. */
  async command(...args: string[]): Promise<string> {
    const { code, output } = await this.server.command(...args)
    if (code !== 0) throw new Error(`sallyport ${args.join(' ')}: ${output}`)
    return output
  }

  file(name: string, text: string): string {
    const path = this.path(name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }

  /** A challenge for one SCEP request of this account. */
  async challenge(user: string): Promise<string> {
    const output = await this.sallyport('challenges', 'create', '--template', 'scep', '--user', user)
    const [, challenge] = /^([A-Z2-9-]{29})$/m.exec(output) ?? []
    if (challenge === undefined) throw new Error(output)
    return challenge
  }

  /** EAP-TLS by eapol_test, and what the server decided. */
  async logIn(user: string, certificate: LabCertificate): Promise<{ login: EapolResult; receipt: Receipt }> {
    const mac = `02:00:00:00:06:${(++this.#logins).toString(16).padStart(2, '0').toUpperCase()}`
    const login = await eapolTest({
      network: [
        ...['eap=TLS', `identity="${user}"`, `ca_cert="${this.root}"`],
        ...[`client_cert="${certificate.certificate}"`, `private_key="${certificate.key}"`],
      ],
      ...{ folder: this.folder, mac, seconds: 6 },
      server: { port: this.server.authPort, secret: SECRET },
    })
    const row = await until(`a receipt of ${mac}`, async () =>
      (await this.server.api.receipts()).find(
        ({ callingStationId }) => callingStationId === mac.replaceAll(':', '-'),
      ),
    )
    return { login, receipt: await this.server.api.receipt(row.id) }
  }

  /** The access point reports the session that began with this decision. */
  async reportSession(user: string, receipt: Receipt): Promise<void> {
    const { code, output } = await radclient({
      ...{ command: 'acct', port: this.server.acctPort, secret: SECRET, from: '127.0.0.1' },
      attributes: [
        'Acct-Status-Type = Start',
        `User-Name = ${user}`,
        `Acct-Session-Id = session-${receipt.id}`,
        'NAS-IP-Address = 127.0.0.1',
        `Class = 0x${Buffer.from(`sallyport:${receipt.id}`).toString('hex')}`,
      ],
    })
    if (code !== 'Accounting-Response') throw new Error(output)
  }

  /** Resolves once the access point was told to end this session by name of its user. */
  async sessionCut(user: string): Promise<number> {
    const begun = performance.now()
    await until(`a Disconnect-Request about ${user}`, () =>
      this.#device
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as { user: string; proved: boolean; code: number }) // by pyrad-nas.py
        .find((heard) => heard.user === user && heard.proved && heard.code === DISCONNECT_REQUEST),
    )
    return performance.now() - begun
  }

  /** Octets at a plain HTTP address, as DER in a file. */
  async fetchTo(name: string, url: string): Promise<string> {
    const file = this.path(name)
    const { code, output } = await runToEnd('curl', ['-sS', '--fail', '-o', file, url])
    if (code !== 0) throw new Error(`curl ${url}: ${output}`)
    return file
  }

  /** The CA all certificates here are of, from the address they name. */
  async #fetchIssuing(): Promise<void> {
    const out = this.path('first')
    await this.sallyport('certificates', 'issue', '--user', 'anybody', '--template', 'people', '--out', out)
    const { caIssuers } = pointersOf(join(out, 'anybody.pem'))
    const der = await this.fetchTo('issuing.cer', caIssuers)
    writeFileSync(this.issuing, new X509Certificate(readFileSync(der)).toString())
  }
}

export function pointersOf(certificate: string): Pointers {
  const parsed = new X509Certificate(readFileSync(certificate))
  const access = parsed.infoAccess ?? ''
  const find = (text: string, pattern: RegExp): string => {
    const [, url] = pattern.exec(text) ?? []
    if (url === undefined) throw new Error(`${pattern} is not in ${text}`)
    return url
  }
  // Node shows no distribution points: the only other address that ends in .crl stands in the octets as it is.
  const crl = find(parsed.raw.toString('latin1'), /(http:\/\/[\x21-\x7e]+?\.crl)/)
  return {
    ocsp: find(access, /OCSP - URI:(\S+)/),
    caIssuers: find(access, /CA Issuers - URI:(\S+)/),
    crl,
  }
}

export { PASSWORD }
