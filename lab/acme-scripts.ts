/** dehydrated (bash), acme-tiny and the acme library of certbot (Python): ACME clients that are given their keys as files. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import type { AccountBinding, AcmeServer } from './acme-clients.ts'
import { runToEnd } from './process.ts'
import type { Enrolled } from './scep-client.ts'

const MILLISECONDS = 40_000

export interface ScriptRequest {
  readonly server: AcmeServer
  readonly folder: string
  readonly domains: readonly string[]
  readonly binding?: AccountBinding
}

/** A web server with the folder clients write their answers to at /.well-known/acme-challenge. */
export class ChallengeWeb implements AsyncDisposable {
  readonly folder: string
  readonly #server: Server

  private constructor(folder: string, server: Server) {
    this.folder = folder
    this.#server = server
  }

  static async start(folder: string, port: number): Promise<ChallengeWeb> {
    mkdirSync(folder, { recursive: true })
    const server = createServer((request, answer) => {
      const [, token] = /^\/\.well-known\/acme-challenge\/([\w-]+)$/.exec(request.url ?? '') ?? []
      const file = token === undefined ? undefined : join(folder, token)
      if (file !== undefined && existsSync(file)) answer.end(readFileSync(file))
      else answer.writeHead(404).end()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
    return new ChallengeWeb(folder, server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** @param proof a folder for http-01, or a hook for dns-01 */
export async function dehydrated(
  { server, folder, domains, binding }: ScriptRequest,
  proof: { readonly wellKnown: string } | { readonly hook: string },
): Promise<Enrolled> {
  const home = join(folder, 'dehydrated')
  mkdirSync(home, { recursive: true })
  const lines = [
    `CA=${server.directory}`,
    `BASEDIR=${home}`,
    'KEY_ALGO=prime256v1',
    `CURL_OPTS="--cacert ${server.root} --noproxy *"`,
    ...(binding === undefined ? [] : [`EAB_KID=${binding.keyId}`, `EAB_HMAC_KEY=${binding.hmac}`]),
    ...('hook' in proof ? ['CHALLENGETYPE=dns-01', `HOOK=${proof.hook}`] : [`WELLKNOWN=${proof.wellKnown}`]),
  ]
  const config = join(home, 'config')
  writeFileSync(config, `${lines.join('\n')}\n`)
  const registered = await runToEnd('dehydrated', ['--config', config, '--register', '--accept-terms'], {
    milliseconds: MILLISECONDS,
  })
  const names = domains.flatMap((domain) => ['--domain', domain])
  const { code, output } = await runToEnd(
    'dehydrated',
    ['--config', config, '--cron', '--force', ...names, '--alias', 'lab'],
    { milliseconds: MILLISECONDS },
  )
  const at = join(home, 'certs', 'lab')
  const files = { certificate: join(at, 'fullchain.pem'), key: join(at, 'privkey.pem') }
  const issued = code === 0 && existsSync(files.certificate) ? files : undefined
  return { issued, output: registered.output + output }
}

/** `dehydrated --revoke` of what it got: signed by the account. */
export async function dehydratedRevoke(folder: string): Promise<{ code: number | null; output: string }> {
  const home = join(folder, 'dehydrated')
  const certificate = join(home, 'certs', 'lab', 'cert.pem')
  return await runToEnd('dehydrated', ['--config', join(home, 'config'), '--revoke', certificate], {
    milliseconds: MILLISECONDS,
  })
}

/** acme-tiny knows no external accounts: for directories that are open. */
export async function acmeTiny(
  { server, folder, domains }: ScriptRequest,
  { wellKnown }: { readonly wellKnown: string },
): Promise<Enrolled> {
  const account = rsaKey(join(folder, 'acme-tiny-account.pem'))
  const key = rsaKey(join(folder, 'acme-tiny.key'))
  const request = join(folder, 'acme-tiny.csr')
  const names = domains.map((domain) => `DNS:${domain}`).join(',')
  openssl('req', '-new', '-key', key, '-subj', '/', '-addext', `subjectAltName=${names}`, '-out', request)
  const env = { ...process.env, SSL_CERT_FILE: server.root, HTTPS_PROXY: '', HTTP_PROXY: '' }
  const { code, output, stdout } = await runToEnd(
    'acme-tiny',
    [
      ...['--directory-url', server.directory, '--account-key', account, '--csr', request],
      ...['--acme-dir', wellKnown, '--disable-check'],
    ],
    { env, milliseconds: MILLISECONDS },
  )
  const certificate = join(folder, 'acme-tiny.pem')
  if (code === 0) writeFileSync(certificate, stdout)
  return { issued: code === 0 ? { certificate, key } : undefined, output }
}

/** The acme library of certbot with an account key of P-256, for what certbot itself does not do: an address, a new key. */
export async function pythonAcme(
  { server, folder, domains, binding }: ScriptRequest,
  { wellKnown }: { readonly wellKnown: string },
): Promise<Enrolled> {
  const script = join(import.meta.dirname, 'acme', 'client.py')
  const at = join(folder, 'python-acme')
  mkdirSync(at, { recursive: true })
  const eab = binding === undefined ? [] : [binding.keyId, binding.hmac]
  const env = {
    ...process.env,
    REQUESTS_CA_BUNDLE: server.root,
    HTTPS_PROXY: '',
    HTTP_PROXY: '',
    NO_PROXY: '*',
  }
  const { code, output } = await runToEnd(
    '/usr/bin/python3',
    [script, server.directory, at, wellKnown, domains.join(','), ...eab],
    { env, milliseconds: MILLISECONDS },
  )
  const files = { certificate: join(at, 'fullchain.pem'), key: join(at, 'key.pem') }
  return { issued: code === 0 && existsSync(files.certificate) ? files : undefined, output }
}

function rsaKey(file: string): string {
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', file)
  return file
}

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
}
