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
  readonly subjectAltName: string
  readonly extendedKeyUsage?: string
  /** More lines in the syntax of `openssl x509v3_config`. */
  readonly extensions?: readonly string[]
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
subjectAltName = ${options.subjectAltName}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
${(options.extensions ?? []).join('\n')}
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

/**
 * The extension Windows CAs write the holder's SID into (szOID_NTDS_CA_SECURITY_EXT, MS-WCCE 2.2.2.7.7.4): an otherName
 * whose value is the SID as text.
 */
export function sidExtension(sid: string): string {
  const text = Buffer.from(sid, 'ascii')
  const value = der(0xa0, der(0x04, text))
  const objectId = Buffer.from('060a2b060104018237190201', 'hex')
  return `1.3.6.1.4.1.311.25.2 = DER:${der(0x30, der(0xa0, Buffer.concat([objectId, value]))).toString('hex')}`
}

/** Contents shorter than 128 octets. */
function der(tag: number, contents: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, contents.length]), contents])
}

/** GeneralizedTime as `openssl ca` takes it. */
export function asn1Time(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
