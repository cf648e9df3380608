/** lego (Go) and certbot (Python), two ACME clients, with the http-01 and tls-alpn-01 they serve themselves. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from './certificates.ts'
import { runToEnd } from './process.ts'
import type { Enrolled } from './scep-client.ts'

export interface AcmeServer {
  readonly directory: string
  /** PEM file with the root its TLS certificate is judged by. */
  readonly root: string
}

/** External account binding: what an administrator hands to a person. */
export interface AccountBinding {
  readonly keyId: string
  /** Base64url without padding. */
  readonly hmac: string
}

export interface AcmeRequest {
  readonly server: AcmeServer
  /** Account, keys and certificates are kept below it; the same folder means the same account. */
  readonly folder: string
  readonly domains: readonly string[]
  readonly binding?: AccountBinding
  /** On 127.0.0.1, where the client answers challenges. */
  readonly challengePort: number
  readonly challenge?: 'http-01' | 'tls-alpn-01' | 'dns-01'
  /** For dns-01: the program that writes records (`lego --dns exec`). */
  readonly hook?: string
  readonly keyType?: 'ec256' | 'rsa2048'
}

const EMAIL = 'lab@example.test'
const MILLISECONDS = 40_000

/** `lego run`, or `lego renew` whatever is left of the certificate. */
export async function lego(request: AcmeRequest, command: 'run' | 'renew' = 'run'): Promise<Enrolled> {
  const { server, folder, domains, binding, challengePort, challenge = 'http-01' } = request
  const kind = challenge === 'http-01' ? 'http' : 'tls'
  const proof =
    challenge === 'dns-01'
      ? ['--dns', 'exec', '--dns.disable-cp']
      : [`--${kind}`, `--${kind}.port`, `127.0.0.1:${challengePort}`]
  const path = join(folder, 'lego')
  const options = [
    ...['--path', path, '--server', server.directory, '--email', EMAIL, '--accept-tos'],
    ...['--key-type', request.keyType ?? 'ec256'],
    ...domains.flatMap((domain) => ['--domains', domain]),
    ...proof,
    ...(binding === undefined ? [] : ['--eab', '--kid', binding.keyId, '--hmac', binding.hmac]),
  ]
  const more = command === 'renew' ? ['--days', '3650', '--no-random-sleep'] : []
  const { code, output } = await runLego(server, [...options, command, ...more], request.hook)
  const [name = ''] = domains
  return enrolled(code, output, legoFiles(path, name))
}

/** `lego revoke` of what `lego run` brought. */
export async function legoRevoke({
  server,
  folder,
  domains,
  binding,
}: AcmeRequest): Promise<Pick<Enrolled, 'output'>> {
  const options = [
    '--path',
    join(folder, 'lego'),
    '--server',
    server.directory,
    '--email',
    EMAIL,
    '--accept-tos',
    // It asks for them though the account is there already.
    ...(binding === undefined ? [] : ['--eab', '--kid', binding.keyId, '--hmac', binding.hmac]),
  ]
  const names = domains.flatMap((domain) => ['--domains', domain])
  const { code, output } = await runLego(server, [...options, ...names, 'revoke', '--keep'])
  if (code !== 0) throw new Error(`lego revoke: ${output}`)
  return { output }
}

function legoFiles(path: string, name: string): LabCertificate {
  const at = join(path, 'certificates', name.replace('*', '_'))
  return { certificate: `${at}.crt`, key: `${at}.key` }
}

function runLego(server: AcmeServer, args: readonly string[], hook = '') {
  const env = {
    ...process.env,
    EXEC_PATH: hook,
    EXEC_PROPAGATION_TIMEOUT: '5',
    LEGO_CA_CERTIFICATES: server.root,
    HTTPS_PROXY: '',
    HTTP_PROXY: '',
  }
  return runToEnd('lego', args, { env, milliseconds: MILLISECONDS })
}

/** `certbot certonly --standalone`: http-01 alone. */
export async function certbot(
  request: AcmeRequest,
  command: 'certonly' | 'renew' = 'certonly',
): Promise<Enrolled> {
  const { server, folder, domains, binding, challengePort, keyType = 'ec256' } = request
  const home = join(folder, 'certbot')
  const places = ['--config-dir', home, '--work-dir', join(home, 'work'), '--logs-dir', join(home, 'logs')]
  const standalone = [
    ...['--standalone', '--http-01-port', String(challengePort), '--http-01-address', '127.0.0.1'],
    ...domains.flatMap((domain) => ['-d', domain]),
    ...['--key-type', keyType === 'ec256' ? 'ecdsa' : 'rsa'],
  ]
  const more = command === 'renew' ? ['--force-renewal', '--no-random-sleep-on-renew'] : standalone
  const account = binding === undefined ? [] : ['--eab-kid', binding.keyId, '--eab-hmac-key', binding.hmac]
  const options = ['-n', '--agree-tos', '-m', EMAIL, '--server', server.directory, ...places]
  const env = { ...process.env, REQUESTS_CA_BUNDLE: server.root, HTTPS_PROXY: '', HTTP_PROXY: '' }
  const { code, output } = await runToEnd('certbot', [command, ...options, ...account, ...more], {
    env,
    milliseconds: MILLISECONDS,
  })
  const live = join(home, 'live', domains[0] ?? '')
  return enrolled(code, output, { certificate: join(live, 'fullchain.pem'), key: join(live, 'privkey.pem') })
}

function enrolled(code: number | null, output: string, files: LabCertificate): Enrolled {
  return { issued: code === 0 && existsSync(files.certificate) ? files : undefined, output }
}
