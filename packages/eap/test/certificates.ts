import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsCertificate } from '../src/tls/engine.ts'

/** Test certificates, made by the openssl command when a test file starts. */
export interface TestPki {
  readonly folder: string
  readonly ca: string
  readonly otherCa: string
  /** Server certificates for radius.example.org: ECDSA and RSA. */
  readonly server: readonly TlsCertificate[]
  readonly alice: TlsCertificate
  readonly mallory: TlsCertificate
  readonly expired: TlsCertificate
  remove(): void
}

export function makePki(): TestPki {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-eap-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const authority = (name: string) => {
    openssl(
      ...`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name}`.split(
        ' ',
      ),
      ...`-keyout ${name}.key -out ${name}.pem`.split(' '),
    )
    return read(`${name}.pem`)
  }
  const issue = (name: string, key: string, ca: string, extensions: string, more: readonly string[]) => {
    openssl(...`genpkey -algorithm ${key} -out ${name}.key`.split(' '))
    openssl(...`req -new -key ${name}.key -subj /CN=${name} -out ${name}.csr`.split(' '))
    writeFileSync(join(folder, `${name}.ext`), extensions)
    openssl(
      ...`x509 -req -in ${name}.csr -CA ${ca}.pem -CAkey ${ca}.key -CAcreateserial -extfile ${name}.ext`.split(
        ' ',
      ),
      ...more,
      ...`-out ${name}.pem`.split(' '),
    )
    return { chain: read(`${name}.pem`), key: read(`${name}.key`) }
  }
  const ec = 'EC -pkeyopt ec_paramgen_curve:P-256'
  const rsa = 'RSA -pkeyopt rsa_keygen_bits:2048'
  const asServer = 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:radius.example.org\n'
  const asClient = 'extendedKeyUsage=clientAuth\nsubjectAltName=email:alice@example.org\n'
  const ca = authority('ca')
  const otherCa = authority('other-ca')
  return {
    folder,
    ca,
    otherCa,
    server: [
      issue('server-ecdsa', ec, 'ca', asServer, ['-days', '2']),
      issue('server-rsa', rsa, 'ca', asServer, ['-days', '2']),
    ],
    alice: issue('alice', ec, 'ca', asClient, ['-days', '2']),
    mallory: issue('mallory', ec, 'other-ca', asClient, ['-days', '2']),
    // Valid for no time at all: it ends where it begins.
    expired: issue('expired', ec, 'ca', asClient, ['-days', '0']),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
