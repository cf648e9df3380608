/** Certificates made by the openssl command line: a foreign CA, and client certificates with any flaw a test wants. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LabCa {
  readonly folder: string
  readonly certificate: string
  readonly key: string
}

export interface LabCertificate {
  readonly certificate: string
  readonly key: string
}

export function makeCa(folder: string, commonName: string): LabCa {
  mkdirSync(folder, { recursive: true })
  const [key, certificate] = [join(folder, 'ca.key'), join(folder, 'ca.pem')]
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '3650',
    '-subj',
    `/O=Lab/CN=${commonName}`,
    '-keyout',
    key,
    '-out',
    certificate,
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  )
  return { folder, certificate, key }
}

export interface LeafOptions {
  readonly commonName: string
  /** `openssl x509v3_config` syntax: `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice,email:a@b`. */
  readonly subjectAltName?: string
  /** More names, with commas in them. */
  readonly uris?: readonly string[]
  /** Active Directory: goes into the extension that names the account (KB5014754). */
  readonly sid?: string
  readonly extendedKeyUsage?: string
  readonly keyType?: 'rsa' | 'ec'
  /** `YYYYMMDDHHMMSSZ`; default: from yesterday for two years. */
  readonly notBefore?: string
  readonly notAfter?: string
}

export function issue(ca: LabCa, name: string, options: LeafOptions): LabCertificate {
  const path = (suffix: string): string => join(ca.folder, `${name}${suffix}`)
  const newKey = options.keyType === 'rsa' ? ['rsa:2048'] : ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  openssl(
    'req',
    '-new',
    '-newkey',
    ...newKey,
    '-nodes',
    '-subj',
    `/O=Lab/CN=${options.commonName}`,
    '-keyout',
    path('.key'),
    '-out',
    path('.csr'),
  )
  writeFileSync(path('.index'), '')
  writeFileSync(
    path('.cnf'),
    `[ca]
default_ca = lab
[lab]
database = ${path('.index')}
new_certs_dir = ${ca.folder}
certificate = ${ca.certificate}
private_key = ${ca.key}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = ${options.extendedKeyUsage ?? 'clientAuth'}
${options.subjectAltName === undefined ? '' : 'subjectAltName = @names'}
${options.sid === undefined ? '' : sidExtension(options.sid)}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[names]
${alternativeNames(options).join('\n')}
`,
  )
  const day = 86_400_000
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-config',
    path('.cnf'),
    '-extensions',
    'leaf',
    '-in',
    path('.csr'),
    '-out',
    path('.pem'),
    '-startdate',
    options.notBefore ?? asn1Time(Date.now() - day),
    '-enddate',
    options.notAfter ?? asn1Time(Date.now() + 730 * day),
  )
  return { certificate: path('.pem'), key: path('.key') }
}

/** GeneralNames with one otherName that holds an OCTET STRING of ASCII text. */
function sidExtension(sid: string): string {
  const tlv = (tag: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([tag, content.length]), content])
  const type = Buffer.from('060a2b060104018237190201', 'hex')
  const value = tlv(0xa0, tlv(0x04, Buffer.from(sid)))
  const names = tlv(0x30, tlv(0xa0, Buffer.concat([type, value])))
  return `1.3.6.1.4.1.311.25.2 = DER:${names.toString('hex').replace(/..(?=.)/g, '$&:')}`
}

/** `email:a@b` as `email.1 = a@b`: a section takes values that hold commas. */
function alternativeNames({ subjectAltName = '', uris = [] }: LeafOptions): readonly string[] {
  const names = subjectAltName === '' ? [] : subjectAltName.split(',')
  return [...names, ...uris.map((uri) => `URI:${uri}`)].map((name, at) =>
    name.replace(/^([^:]+):/, `$1.${at + 1} = `).replaceAll('$', '\\$'),
  )
}

/** GeneralizedTime as `openssl ca` takes it. */
export function asn1Time(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
