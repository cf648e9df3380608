/** A PKI made by the openssl command line, several CAs deep, in which every field of a certificate can be set. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asn1Time, type LabCertificate } from './certificates.ts'

export interface CertificateFields {
  /** `/CN=alice/O=Lab`, in the order of the encoding. */
  readonly subject?: string
  /** By their names of `x509v3_config`; replace the usual ones, undefined leaves one out. */
  readonly extensions?: Readonly<Record<string, string | undefined>>
  /** subjectAltName: `DNS:a.test`, `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice`. */
  readonly names?: readonly string[]
  /** Milliseconds since the epoch. */
  readonly notBefore?: number
  readonly notAfter?: number
  readonly key?: 'p256' | 'rsa2048' | 'rsa1024'
  readonly digest?: 'sha256' | 'sha1'
}

const DAY = 86_400_000
const KEYS = {
  p256: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  rsa2048: ['rsa:2048'],
  rsa1024: ['rsa:1024'],
} as const

const OF_CA = { basicConstraints: 'critical,CA:TRUE', keyUsage: 'critical,keyCertSign,cRLSign' }
const OF_LEAF = {
  basicConstraints: 'CA:FALSE',
  keyUsage: 'critical,digitalSignature',
  extendedKeyUsage: 'clientAuth',
}
const OF_ALL = { subjectKeyIdentifier: 'hash', authorityKeyIdentifier: 'keyid' }

export class ForeignCa implements LabCertificate {
  readonly certificate: string
  readonly key: string
  /** Its CAs, from its own certificate up, without the root. */
  readonly chain: readonly string[]
  readonly #folder: string
  #count = 0

  private constructor(folder: string, own: LabCertificate, chain: readonly string[]) {
    this.#folder = folder
    this.certificate = own.certificate
    this.key = own.key
    this.chain = chain
    writeFileSync(join(folder, 'index.txt'), '')
    writeFileSync(join(folder, 'crlnumber'), '1000\n')
  }

  static root(folder: string, name: string): ForeignCa {
    mkdirSync(folder, { recursive: true })
    const own = { certificate: join(folder, 'ca.pem'), key: join(folder, 'ca.key') }
    openssl(
      ...['req', '-x509', '-newkey', ...KEYS.p256, '-nodes', '-days', '3650', '-subj', `/CN=${name}`],
      ...['-keyout', own.key, '-out', own.certificate],
      ...Object.entries(OF_CA).flatMap(([type, value]) => ['-addext', `${type}=${value}`]),
    )
    return new ForeignCa(folder, own, [])
  }

  /** A CA below this one. */
  ca(name: string, fields: CertificateFields = {}): ForeignCa {
    const folder = join(this.#folder, `ca-${++this.#count}`)
    mkdirSync(folder)
    const own = this.#sign(folder, `/CN=${name}`, OF_CA, fields)
    return new ForeignCa(folder, own, [own.certificate, ...this.chain])
  }

  /** A certificate for a client. Its file holds the CAs above it as well, unless `alone`. */
  issue(fields: CertificateFields = {}, { alone = false } = {}): LabCertificate {
    const folder = join(this.#folder, `leaf-${++this.#count}`)
    mkdirSync(folder)
    const { certificate, key } = this.#sign(folder, '/CN=leaf', OF_LEAF, fields)
    const whole = join(folder, 'chain.pem')
    const files = alone ? [certificate] : [certificate, ...this.chain]
    writeFileSync(whole, files.map((file) => readFileSync(file, 'utf8')).join(''))
    return { certificate: whole, key }
  }

  revoke({ certificate }: LabCertificate, reason = 'keyCompromise'): void {
    const config = this.#configuration(this.#folder, OF_LEAF, {})
    openssl('ca', '-config', config, '-revoke', certificate, '-crl_reason', reason)
  }

  /** Lists serials nobody was ever given, so that the list is long. */
  revokeMany(count: number): void {
    const day = asn1Time(Date.now() - DAY).slice(2)
    const end = asn1Time(Date.now() + 365 * DAY).slice(2)
    const lines: string[] = []
    for (let at = 0; at < count; at++) {
      const serial = `4A${(Math.imul(at, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')}${at.toString(16).padStart(22, '0')}`
      lines.push(`R\t${end}\t${day},keyCompromise\t${serial.toUpperCase()}\tunknown\t/CN=gone\n`)
    }
    writeFileSync(join(this.#folder, 'index.txt'), lines.join(''), { flag: 'a' })
  }

  /** A list in DER that ends after so many seconds; of late, where they are negative. */
  crl(seconds: number): Buffer {
    const config = this.#configuration(this.#folder, OF_LEAF, {})
    const [pem, der] = [join(this.#folder, 'crl.pem'), join(this.#folder, 'crl.der')]
    const now = Date.now()
    const times = ['-crl_lastupdate', asn1Time(now - DAY), '-crl_nextupdate', asn1Time(now + seconds * 1000)]
    openssl('ca', '-config', config, '-gencrl', ...times, '-out', pem)
    openssl('crl', '-in', pem, '-outform', 'DER', '-out', der)
    return readFileSync(der)
  }

  #sign(
    folder: string,
    subject: string,
    usual: Readonly<Record<string, string>>,
    fields: CertificateFields,
  ): LabCertificate {
    const [key, request, certificate] = ['key', 'csr', 'pem'].map((kind) => join(folder, `own.${kind}`)) as [
      string,
      string,
      string,
    ] // one for each kind
    const name = ['-utf8', '-subj', fields.subject ?? subject]
    openssl(
      'req',
      '-new',
      '-newkey',
      ...KEYS[fields.key ?? 'p256'],
      '-nodes',
      ...name,
      '-keyout',
      key,
      '-out',
      request,
    )
    const config = this.#configuration(folder, usual, fields)
    openssl(
      ...['ca', '-batch', '-notext', '-preserveDN', '-config', config, '-extensions', 'wanted'],
      ...['-md', fields.digest ?? 'sha256', '-in', request, '-out', certificate],
      ...['-startdate', asn1Time(fields.notBefore ?? Date.now() - DAY)],
      ...['-enddate', asn1Time(fields.notAfter ?? Date.now() + 365 * DAY)],
    )
    return { certificate, key }
  }

  #configuration(
    folder: string,
    usual: Readonly<Record<string, string>>,
    { extensions = {}, names = [] }: CertificateFields,
  ): string {
    const file = join(folder, 'openssl.cnf')
    const wanted = Object.entries({ ...OF_ALL, ...usual, ...extensions }).flatMap(([type, value]) =>
      value === undefined ? [] : [`${type} = ${value}`],
    )
    const alternative = names.map((name, at) => name.replace(/^([^:]+):/, `$1.${at + 1} = `))
    const text = `[ca]
default_ca = lab
[lab]
database = ${join(this.#folder, 'index.txt')}
new_certs_dir = ${folder}
certificate = ${this.certificate}
private_key = ${this.key}
crlnumber = ${join(this.#folder, 'crlnumber')}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = optional
[wanted]
${wanted.join('\n')}
${alternative.length === 0 ? '' : 'subjectAltName = @names'}
[names]
${alternative.join('\n')}
`
    writeFileSync(file, text)
    return file
  }
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
