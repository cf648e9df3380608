/** A Windows client made of curl and the fixed messages; what comes back is left to the judge. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '@sallyport/lab/process'
import { buildRequest, type Judgement, judge, message } from './messages.ts'

export interface WindowsClientOptions {
  readonly folder: string
  /** Where the server is: curl takes it for every name. */
  readonly port: number
  /** As the certificate of the server and the ticket call it. */
  readonly host: string
  /** Roots, PEM. */
  readonly root: string
  /** Further words for curl: `--negotiate`, `--cert` ... */
  readonly curl?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

export interface Answer {
  readonly status: number
  readonly headers: string
  readonly file: string
  readonly text: string
  /** MessageID of the request. */
  readonly id: string
}

let count = 0
const KINDS = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
} as const

export class WindowsClient {
  readonly #options: WindowsClientOptions

  constructor(options: WindowsClientOptions) {
    this.#options = options
  }

  with(options: Partial<WindowsClientOptions>): WindowsClient {
    return new WindowsClient({ ...this.#options, ...options })
  }

  url(part: string): string {
    return `https://${this.#options.host}:${this.#options.port}/${part}/service.svc/${part.includes('_CEP_') ? 'CEP' : 'CES'}`
  }

  file(name: string): string {
    return join(this.#options.folder, name)
  }

  /** Sends one of the fixed messages to `ADPolicyProvider_CEP_Kerberos` and its like. */
  async send(part: string, name: string, blanks: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { text, id } = message(name, { to: this.url(part), ...blanks })
    return await this.post(part, text, id)
  }

  async post(part: string, body: string | Uint8Array, id = ''): Promise<Answer> {
    const { host, port, curl = [], env } = this.#options
    const number = ++count
    const sent = this.file(`sent-${number}`)
    const file = this.file(`answer-${number}`)
    const head = this.file(`head-${number}`)
    writeFileSync(sent, body)
    writeFileSync(file, '')
    const words = [
      ...['--silent', '--show-error', '--max-time', '20', '--cacert', this.#options.root],
      ...['--resolve', `${host}:${port}:127.0.0.1`, ...curl],
      ...['-H', 'Content-Type: application/soap+xml; charset=utf-8', '--data-binary', `@${sent}`],
      ...['-D', head, '-o', file, '-w', '%{http_code}', this.url(part)],
    ]
    const { code, output } = await runToEnd('curl', words, {
      ...(env && { env: { ...process.env, ...env } }),
    })
    if (code !== 0) throw new Error(`curl (${code}): ${output}`)
    const headers = readFileSync(head, 'utf8')
    return { status: Number(output.slice(-3)), headers, file, text: readFileSync(file, 'utf8'), id }
  }

  async policies(answer: Answer, kind?: 'person' | 'computer'): Promise<Judgement> {
    return await judge('policies', answer.file, '--relates-to', answer.id, ...(kind ? ['--kind', kind] : []))
  }

  /** `name`.pem and `name`.chain appear beside the request `name`.p10. */
  async issued(answer: Answer, name: string): Promise<Judgement> {
    return await judge(
      ...['issued', answer.file, '--relates-to', answer.id, '--root', this.#options.root],
      ...['--request', this.file(`${name}.p10`), '--leaf', this.file(`${name}.pem`)],
      ...['--chain', this.file(`${name}.chain`)],
    )
  }

  async pending(answer: Answer, uri: string): Promise<Judgement> {
    return await judge('pending', answer.file, '--relates-to', answer.id, '--uri', uri)
  }

  async fault(answer: Answer, subcode: string, hresult?: string): Promise<Judgement> {
    const number = hresult === undefined ? [] : ['--hresult', hresult]
    return await judge('fault', answer.file, '--relates-to', answer.id, '--subcode', subcode, ...number)
  }

  /** A new key and a PKCS #10 of it: `name`.key, `name`.p10. RSA where the name says so. */
  async request(name: string, ...words: readonly string[]): Promise<void> {
    const key = this.file(`${name}.key`)
    const kind = name.startsWith('rsa') ? 'rsa' : 'p256'
    const generate = ['genpkey', ...KINDS[kind], '-out', key]
    const { code, output } = await runToEnd('openssl', generate)
    if (code !== 0) throw new Error(output)
    await buildRequest('pkcs10', '--key', key, '--out', this.file(`${name}.p10`), ...words)
  }

  /** Of `name`.p10: `name`.cmc, signed by its key or, as in a renewal, by that of `old` as well. */
  async cmc(name: string, ...words: readonly string[]): Promise<string> {
    const out = this.file(`${name}.cmc`)
    await buildRequest(
      'cmc',
      '--key',
      this.file(`${name}.key`),
      '--in',
      this.file(`${name}.p10`),
      ...['--out', out],
      ...words,
    )
    return this.token(`${name}.cmc`)
  }

  async pkcs7(name: string, old: string): Promise<string> {
    const signed = ['--old-key', this.file(`${old}.key`), '--old', this.file(`${old}.pem`)]
    await buildRequest('pkcs7', '--in', this.file(`${name}.p10`), ...signed, '--out', this.file(`${name}.p7`))
    return this.token(`${name}.p7`)
  }

  token(file: string): string {
    return (
      readFileSync(this.file(file))
        .toString('base64')
        .match(/.{1,64}/g) ?? []
    ).join('\r\n')
  }
}
