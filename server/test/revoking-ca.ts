/** A CA of `openssl ca` that revokes: its CRL on a small web server, its OCSP by `openssl ocsp`. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freeTcpPort } from '@sallyport/lab/free-port'
import { type Running, start } from '@sallyport/lab/process'

export interface Issued {
  readonly certificate: string
  readonly key: string
}

/** Where the certificates of a CA say that their revocation can be asked for. */
export interface Pointers {
  readonly crl?: string
  readonly ocsp?: string
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

export class RevokingCa {
  readonly certificate: string
  readonly key: string
  readonly #folder: string
  #count = 0

  constructor(folder: string, name: string, pointers: Pointers) {
    mkdirSync(folder)
    this.#folder = folder
    this.certificate = this.file('ca.pem')
    this.key = this.file('ca.key')
    writeFileSync(this.file('index.txt'), '')
    writeFileSync(this.file('crlnumber'), '1000\n')
    writeFileSync(this.file('ca.cnf'), this.#configuration(pointers))
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
    const subject = ['-days', '3650', '-subj', `/CN=${name}`, ...usage]
    openssl('req', '-x509', ...EC, ...subject, '-keyout', this.key, '-out', this.certificate)
  }

  file(name: string): string {
    return join(this.#folder, name)
  }

  /** For a user, by UPN; or with the extensions of another section. */
  issue(user: string, section = 'user'): Issued {
    const name = `${user}-${++this.#count}`
    const [certificate, key] = [this.file(`${name}.pem`), this.file(`${name}.key`)]
    const request = ['-subj', `/CN=${user}`, '-keyout', key, '-out', this.file('csr')]
    const upn = ['-addext', `subjectAltName=otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${user}@corp.test`]
    openssl('req', '-new', ...EC, ...request, ...upn)
    const options = [
      '-batch',
      '-notext',
      '-days',
      '30',
      '-config',
      this.file('ca.cnf'),
      '-extensions',
      section,
    ]
    openssl('ca', ...options, '-in', this.file('csr'), '-out', certificate)
    return { certificate, key }
  }

  revoke({ certificate }: Issued): void {
    openssl('ca', '-config', this.file('ca.cnf'), '-revoke', certificate, '-crl_reason', 'keyCompromise')
  }

  /** A new list in DER, valid for so many seconds. */
  crl(seconds: number): Buffer {
    const time = ['-crlsec', String(seconds)]
    openssl('ca', '-config', this.file('ca.cnf'), '-gencrl', ...time, '-out', this.file('crl.pem'))
    openssl('crl', '-in', this.file('crl.pem'), '-outform', 'DER', '-out', this.file('crl.der'))
    return readFileSync(this.file('crl.der'))
  }

  #configuration({ crl, ocsp }: Pointers): string {
    return `[ca]
default_ca = lab
[lab]
database = ${this.file('index.txt')}
new_certs_dir = ${this.#folder}
certificate = ${this.certificate}
private_key = ${this.key}
crlnumber = ${this.file('crlnumber')}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[user]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
${crl === undefined ? '' : `crlDistributionPoints = URI:${crl}`}
${ocsp === undefined ? '' : `authorityInfoAccess = OCSP;URI:${ocsp}`}
[responder]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
`
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** A web server for CRLs, and for whatever a hostile or slow one does. */
export class CrlServer implements AsyncDisposable {
  readonly #server: Server
  /** What is answered; undefined: nothing, the connection stays open. */
  answer: { readonly status: number; readonly octets: Uint8Array; readonly location?: string } | undefined
  requests = 0

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<CrlServer> {
    const server = createServer((request, response) => {
      crls.requests++
      request.resume()
      const { answer } = crls
      if (answer === undefined) return
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location })
      response.end(answer.octets)
    })
    const crls = new CrlServer(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return crls
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port // a TCP server has no path
  }

  serve(octets: Uint8Array): void {
    this.answer = { status: 200, octets }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** `openssl ocsp` as a responder over the index of a CA. */
export async function startResponder(
  ca: RevokingCa,
  port: number,
  signer: Issued = { certificate: ca.certificate, key: ca.key },
  more: readonly string[] = ['-nmin', '60'],
): Promise<Running> {
  const files = ['-index', ca.file('index.txt'), '-CA', ca.certificate, '-ignore_err', '-text']
  const signing = ['-rsigner', signer.certificate, '-rkey', signer.key]
  const responder = start('openssl', ['ocsp', '-port', String(port), ...files, ...signing, ...more])
  await responder.waitFor(/waiting for OCSP client connections/i, 5000)
  return responder
}

export { freeTcpPort }
