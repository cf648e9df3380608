/**
 * The peer's server certificate in the same form as ours - root, issuing CA and leaf; the CAs are P-256 - and the client
 * certificates, issued by the root. All by the openssl command line.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, type LabCa, type LabCertificate, makeCa } from '../lab/certificates.ts'
import { SERVER_NAME, USER } from './account.ts'

export type KeyType = 'ecdsa' | 'rsa'

export interface BenchCertificates {
  /** File of the root. */
  readonly root: string
  /** What FreeRADIUS presents: leaf and issuing CA. */
  readonly server: LabCertificate
  readonly client: LabCertificate
}

/** @param folder does not exist yet */
export function makeCertificates(folder: string, keyType: KeyType): BenchCertificates {
  const root = makeCa(folder, 'Benchmark Root')
  const issuing = makeIssuingCa(root)
  const kind = keyType === 'rsa' ? 'rsa' : 'ec'
  const server = issue(issuing, 'server', {
    commonName: SERVER_NAME,
    subjectAltName: `DNS:${SERVER_NAME}`,
    extendedKeyUsage: 'serverAuth',
    keyType: kind,
  })
  const client = issue(root, 'client', {
    commonName: USER,
    // User principal name, as Active Directory certificates carry it.
    subjectAltName: `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${USER}@bench.test`,
    keyType: kind,
  })
  const chain = join(folder, 'server-chain.pem')
  writeFileSync(chain, readFileSync(server.certificate, 'utf8') + readFileSync(issuing.certificate, 'utf8'))
  return { root: root.certificate, server: { certificate: chain, key: server.key }, client }
}

function makeIssuingCa(root: LabCa): LabCa {
  const folder = join(root.folder, 'issuing')
  mkdirSync(folder)
  const [key, certificate] = [join(folder, 'ca.key'), join(folder, 'ca.pem')]
  const words = [
    ...['req', '-x509', '-CA', root.certificate, '-CAkey', root.key],
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'],
    ...['-subj', '/O=Lab/CN=Benchmark Issuing CA', '-keyout', key, '-out', certificate],
    ...['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]
  execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  return { folder, certificate, key }
}
