/** EAP load from the other core: eapol_test, several side by side. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EapolTest, eapolTest } from '../../lab/eapol-test.ts'
import { PASSWORD, SECRET, SERVER_NAME, USER } from '../account.ts'
import type { KeyType } from '../certificates.ts'
import { LOAD_CORE } from '../cores.ts'
import type { EapVariant } from './variant.ts'

export interface Target {
  readonly name: string
  readonly port: number
  /** File with the root above the server's certificate. */
  readonly root: string
}

export interface SupplicantOptions {
  readonly folder: string
  readonly client: { readonly certificate: string; readonly key: string }
}

/** What the supplicant's OpenSSL agrees to decides which of its two certificates a server presents. */
const SIGNATURES: Readonly<Record<KeyType, string>> = {
  ecdsa: 'ECDSA+SHA256',
  rsa: 'RSA-PSS+SHA256:RSA+SHA256',
}

/** @throws Error unless every login succeeded in full, with the keys both sides must share */
export async function logIn(
  target: Target,
  variant: EapVariant,
  options: SupplicantOptions,
  load: { readonly supplicants: number; readonly loginsEach: number },
): Promise<number> {
  const { supplicants, loginsEach } = load
  const results = await Promise.all(
    Array.from({ length: supplicants }, (_, index) =>
      eapolTest({
        ...supplicant(target, variant, options),
        repeat: loginsEach - 1,
        mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
      }),
    ),
  )
  for (const { success, keys, resumed, output } of results) {
    const areKeysRight = success && keys?.ok === loginsEach && keys.mismatch === 0
    // TLS 1.3 says so more than once a login.
    const isAsWanted = variant.resumed === true ? resumed >= loginsEach - 1 : resumed === 0
    if (areKeysRight && isAsWanted) continue
    const wanted = variant.resumed === true ? 'logins, all but the first resumed' : 'full logins'
    throw new Error(`${target.name}: not ${loginsEach} ${wanted} (${resumed}):\n${output.slice(-3000)}`)
  }
  return supplicants * loginsEach
}

/** One login, looked at closely: the wanted TLS version, the wanted kind of certificate, an issuing CA below the root. */
export async function probe(target: Target, variant: EapVariant, options: SupplicantOptions): Promise<void> {
  const serverCertificate = join(options.folder, 'verified.pem')
  writeFileSync(serverCertificate, '')
  const result = await eapolTest({ ...supplicant(target, variant, options), serverCertificate })
  // The chain as the supplicant verified it, with the root.
  const pems = readFileSync(serverCertificate, 'utf8').match(/-----BEGIN[\s\S]*?-----END.*/g) ?? []
  const verified = pems.map((pem) => new X509Certificate(pem))
  const leafKey = verified.find(({ ca }) => !ca)?.publicKey.asymmetricKeyType
  const seen = `${leafKey} ${result.tlsVersion}, chain of ${verified.length}`
  const wanted = `${variant.keyType === 'rsa' ? 'rsa' : 'ec'} ${variant.tls}, chain of 3`
  if (result.success && seen === wanted) return
  throw new Error(`${target.name}: ${seen} instead of ${wanted}:\n${result.output.slice(-3000)}`)
}

function supplicant(target: Target, variant: EapVariant, options: SupplicantOptions): EapolTest {
  const { folder, client } = options
  return {
    network: [...network(variant, client), `ca_cert="${target.root}"`, `domain_match="${SERVER_NAME}"`],
    globals: [`fast_reauth=${variant.resumed === true ? 1 : 0}`],
    server: { port: target.port, secret: SECRET },
    folder,
    prefix: [...LOAD_CORE, 'env', `OPENSSL_CONF=${opensslConfiguration(folder, variant.keyType)}`],
    seconds: 30,
  }
}

function network({ method, tls }: EapVariant, client: SupplicantOptions['client']): string[] {
  const version = `tls_disable_tlsv1_3=${tls === 'TLSv1.3' ? 0 : 1}`
  if (method === 'EAP-TLS') {
    return [
      ...['eap=TLS', `identity="${USER}@bench.test"`, `phase1="${version}"`],
      ...[`client_cert="${client.certificate}"`, `private_key="${client.key}"`],
    ]
  }
  return [
    ...['eap=PEAP', `identity="${USER}"`, `password="${PASSWORD}"`],
    ...[`phase1="peapver=0 ${version}"`, 'phase2="auth=MSCHAPV2"'],
  ]
}

function opensslConfiguration(folder: string, keyType: KeyType): string {
  const file = join(folder, `openssl-${keyType}.cnf`)
  const sections = [
    ...['openssl_conf = start', '[start]', 'ssl_conf = ssl', '[ssl]', 'system_default = supplicant'],
    ...['[supplicant]', `SignatureAlgorithms = ${SIGNATURES[keyType]}`],
  ]
  writeFileSync(file, `${sections.join('\n')}\n`)
  return file
}
