/** `pki` of strongSwan: a client of EST and SCEP with a TLS and an ASN.1 parser of its own, and a path validation. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from './certificates.ts'
import { runToEnd } from './process.ts'
import type { Enrolled } from './scep-client.ts'

interface Pki {
  readonly succeeded: boolean
  /** What it wrote: a key, a request or a certificate. */
  readonly result: string
  /** What it said, without what it says of hardware every time. */
  readonly output: string
}

/** Asks again this soon, and gives up after, where a request waits for approval. */
const PATIENCE = ['--interval', '1', '--maxpolltime', '10']

async function pki(...args: readonly string[]): Promise<Pki> {
  const { code, output, stdout } = await runToEnd('pki', args, { milliseconds: 20_000 })
  const said = output.replace(stdout, '').replace(/^.*(TPM 2\.0|plugin 'tpm').*\n/gm, '')
  return { succeeded: code === 0, result: stdout, output: said }
}

/** A new key in PEM. SCEP takes RSA alone. */
export async function pkiKey(file: string, type: 'rsa' | 'ecdsa'): Promise<void> {
  const size = type === 'rsa' ? '2048' : '256'
  const { succeeded, result, output } = await pki('--gen', '--type', type, '--size', size, '--outform', 'pem')
  if (!succeeded) throw new Error(`pki --gen: ${output}`)
  writeFileSync(file, result, { mode: 0o600 })
}

/** A PKCS #10 request in PEM. `more`: `--san NAME`, `--password CHALLENGE`. */
export async function pkiRequest(
  file: string,
  key: string,
  dn: string,
  ...more: readonly string[]
): Promise<void> {
  const type = readFileSync(key, 'utf8').includes('RSA') ? 'rsa' : 'ecdsa'
  const args = ['--req', '--in', key, '--type', type, '--dn', dn, '--outform', 'pem', ...more]
  const { succeeded, result, output } = await pki(...args)
  if (!succeeded) throw new Error(`pki --req: ${output}`)
  writeFileSync(file, result)
}

export interface EstServer {
  /** `https://NAME:PORT`, or with a label: the name must be in its certificate. */
  readonly url: string
  /** PEM file with the root its TLS certificate is judged by. */
  readonly root: string
}

/** The CA certificates of an EST server as PEM text. */
export async function pkiEstCa({ url, root }: EstServer, folder: string): Promise<Pki> {
  const file = join(folder, 'est-ca.pem')
  const args = ['--estca', '--url', url, '--cacert', root, '--caout', file, '--outform', 'pem', '--force']
  return pki(...args)
}

export interface EstRequest {
  readonly server: EstServer
  readonly folder: string
  readonly name: string
  readonly dn: string
  readonly sans?: readonly string[]
  /** `user:password`. */
  readonly userpass?: string
  /** The certificate that is renewed; a new key is made all the same. */
  readonly renew?: LabCertificate
}

/** `pki --est`: simpleenroll, or with a certificate simplereenroll. */
export async function pkiEst({
  server,
  folder,
  name,
  dn,
  sans = [],
  ...proof
}: EstRequest): Promise<Enrolled> {
  const [key, request, certificate] = ['key', 'csr', 'pem'].map((suffix) =>
    join(folder, `${name}.${suffix}`),
  ) as [string, string, string] // one for each suffix
  await pkiKey(key, 'ecdsa')
  await pkiRequest(request, key, dn, ...sans.flatMap((san) => ['--san', san]))
  const { succeeded, result, output } = await pki(
    ...['--est', '--url', server.url, '--in', request, '--cacert', server.root, '--outform', 'pem'],
    ...(proof.userpass === undefined ? [] : ['--userpass', proof.userpass]),
    ...(proof.renew === undefined ? [] : ['--cert', proof.renew.certificate, '--key', proof.renew.key]),
    ...PATIENCE,
  )
  return taken(succeeded, result, output, { key, certificate })
}

export interface ScepAuthorities {
  /** PEM files: root, and the certificates requests are enveloped for and answers signed by. */
  readonly root: string
  readonly encryption: string
  readonly signature: string
}

/** `pki --scepca`: the files it writes are `scep.pem` for the CA, `scep-1.pem` ... for the others. */
export async function pkiScepCa(url: string, folder: string): Promise<Pki> {
  const [ca, ra] = [join(folder, 'scep-ca.pem'), join(folder, 'scep-ra.pem')]
  return pki('--scepca', '--url', url, '--caout', ca, '--raout', ra, '--outform', 'pem', '--force')
}

export interface ScepRequest {
  readonly url: string
  readonly authorities: ScepAuthorities
  readonly folder: string
  readonly name: string
  readonly dn: string
  readonly sans?: readonly string[]
  readonly challenge?: string
  /** Certificate template, named in the request. */
  readonly profile?: string
  readonly renew?: LabCertificate
}

export async function pkiScep(request: ScepRequest): Promise<Enrolled> {
  const { url, authorities, folder, name, dn, sans = [], challenge, profile, renew } = request
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  await pkiKey(key, 'rsa')
  const { succeeded, result, output } = await pki(
    ...['--scep', '--url', url, '--in', key, '--dn', dn, '--outform', 'pem'],
    ...['--cacert-enc', authorities.encryption, '--cacert-sig', authorities.signature],
    ...['--cacert', authorities.root],
    ...sans.flatMap((san) => ['--san', san]),
    ...(challenge === undefined ? [] : ['--password', challenge]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(renew === undefined ? [] : ['--cert', renew.certificate, '--key', renew.key]),
    ...PATIENCE,
  )
  return taken(succeeded, result, output, { key, certificate })
}

/** `pki --verify`: false where the certificate does not hold under the CAs, with `online` also where it was revoked. */
export async function pkiVerify(
  certificate: string,
  authorities: readonly string[],
  online = false,
): Promise<Pki> {
  const cas = authorities.flatMap((file) => ['--cacert', file])
  return pki('--verify', '--in', certificate, ...cas, ...(online ? ['--online'] : []))
}

function taken(succeeded: boolean, result: string, output: string, files: LabCertificate): Enrolled {
  if (!succeeded || !result.includes('BEGIN CERTIFICATE')) return { issued: undefined, output }
  writeFileSync(files.certificate, result)
  return { issued: files, output }
}
