/** Two RADIUS servers that know the same user, the same client and the same CA: ours, and the one inside hostapd. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, type LabCa, type LabCertificate, makeCa } from '../../certificates.ts'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { startHostapdRadius } from '../../hostapd-radius.ts'
import { temporaryFolder } from '../../process.ts'
import { startSallyport } from '../../sallyport.ts'

export const SECRET = 'secret-of-both-servers'
export const PASSWORD = 'Vpn-Passw0rd!'
export const SERVER_NAME = 'radius.lab.test'

/** hostapd tells phases apart: what may stand outside, and, marked [2], what inside a tunnel. */
const HOSTAPD_USERS = [
  `"alice" PEAP,TTLS,TLS,MSCHAPV2,MD5,GTC "${PASSWORD}"`,
  '"alice@lab.test" TLS,PEAP,TTLS',
  `"alice" TTLS-PAP,TTLS-CHAP,TTLS-MSCHAP,TTLS-MSCHAPV2,MSCHAPV2,MD5,GTC "${PASSWORD}" [2]`,
  '"alice@lab.test" TLS [2]',
  '"anonymous" PEAP,TTLS',
]

export interface Server {
  readonly name: 'ours' | 'hostapd'
  readonly port: number
  /** File of the CA above its certificate. */
  readonly authority: string
}

export class DifferentialHouse implements AsyncDisposable {
  readonly folder: string
  readonly ours: Server
  readonly hostapd: Server
  readonly ca: LabCa
  readonly strangerCa: LabCa
  readonly #parts: AsyncDisposableStack
  readonly #certificates = new Map<string, LabCertificate>()

  private constructor(
    parts: AsyncDisposableStack,
    values: Pick<DifferentialHouse, 'folder' | 'ours' | 'hostapd' | 'ca' | 'strangerCa'>,
  ) {
    this.#parts = parts
    this.folder = values.folder
    this.ours = values.ours
    this.hostapd = values.hostapd
    this.ca = values.ca
    this.strangerCa = values.strangerCa
  }

  static async open(): Promise<DifferentialHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-differential-')).path
    const ca = makeCa(join(folder, 'ca'), 'Lab CA')
    const strangerCa = makeCa(join(folder, 'stranger'), 'Stranger CA')
    const certificate = issue(ca, 'radius', {
      commonName: SERVER_NAME,
      subjectAltName: `DNS:${SERVER_NAME}`,
      extendedKeyUsage: 'serverAuth',
    })
    const hostapd = parts.use(
      await startHostapdRadius({
        folder: join(folder, 'hostapd'),
        secret: SECRET,
        authority: ca.certificate,
        server: certificate,
        users: HOSTAPD_USERS,
      }),
    )
    const data = join(folder, 'data')
    mkdirSync(data)
    const ours = parts.use(await startSallyport({ data, args: ['--bind', '127.0.0.1'] }))
    await ours.apply(configuration(readFileSync(ca.certificate, 'utf8')))
    return new DifferentialHouse(parts.move(), {
      folder,
      ca,
      strangerCa,
      ours: { name: 'ours', port: ours.authPort, authority: join(data, 'ca.pem') },
      hostapd: { name: 'hostapd', port: hostapd.port, authority: ca.certificate },
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** Made at the first use. */
  certificate(name: string, ca = this.ca, flaws: Partial<Parameters<typeof issue>[2]> = {}): LabCertificate {
    const known = this.#certificates.get(name)
    if (known !== undefined) return known
    const made = issue(ca, name, {
      commonName: 'alice',
      subjectAltName: 'email:alice@lab.test,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@lab.test',
      ...flaws,
    })
    this.#certificates.set(name, made)
    return made
  }

  async login(server: Server, network: readonly string[], noKeys: boolean): Promise<EapolResult> {
    return await eapolTest({
      network,
      noKeys,
      server: { port: server.port, secret: SECRET },
      folder: this.folder,
      seconds: 4,
    })
  }
}

function configuration(clientCa: string): string {
  return `
settings: { serverName: ${SERVER_NAME} }
clients: [{ name: lab, address: 127.0.0.0/8, secret: ${SECRET} }]
sources: [{ name: local, kind: local, passwordStorage: reversible, lockout: { threshold: 0 } }]
realms:
  - { name: default, default: true, sources: [local] }
  - { name: lab.test, suffixes: [lab.test], sources: [local] }
trust:
  - name: lab
    kind: pem
    pem: |
${clientCa.trim().replace(/^/gm, '      ')}
rules: [{ name: staff, when: '"Staff" in user.groups', effect: accept }]
groups: [{ name: Staff }]
users: [{ name: alice, password: ${PASSWORD}, groups: [Staff] }]
`
}
