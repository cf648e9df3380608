/**
 * ACME load in a process of its own: so many accounts order, answer http-01 from a web server in here, finalize with a
 * fresh P-256 key and fetch the certificate, one after the other. Prints counts and times as JSON.
 *
 * acme-load.ts DIRECTORY CA-FILE CHALLENGE-PORT SECONDS ACCOUNTS
 */
import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createCertificationRequest,
  distinguishedName,
  generateKeyPairFor,
  subjectAltNameExtension,
} from '@sallyport/pki'

const [directoryUrl = '', caFile = '', port = '0', seconds = '1', accounts = '1'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, ca: readFileSync(caFile), maxSockets: 64 })
const POLL_MILLISECONDS = 5
const MOST_POLLS = 2_000

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

function send(method: string, url: string, body?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers =
    body === undefined ? {} : { 'content-type': 'application/jose+json', 'content-length': body.length }
  const outgoing = request(url, { method, agent, headers }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', reject)
    answer.on('end', () =>
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        text: Buffer.concat(chunks).toString(),
      }),
    )
  })
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}

interface Directory {
  readonly newNonce: string
  readonly newAccount: string
  readonly newOrder: string
}

/** What the parts of an order are called in every answer that is read here. */
interface Fields {
  readonly status: string
  readonly authorizations: readonly string[]
  readonly challenges: readonly { readonly type: string; readonly url: string; readonly token: string }[]
  readonly finalize: string
  readonly certificate: string
}

const answers = new Map<string, string>()

class Account {
  readonly #directory: Directory
  readonly #key: KeyObject
  readonly #jwk: object
  readonly #thumbprint: string
  #kid: string | undefined
  #nonce: string | undefined

  constructor(directory: Directory) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { crv, kty, x, y } = publicKey.export({ format: 'jwk' })
    this.#directory = directory
    this.#key = privateKey
    this.#jwk = { crv, kty, x, y }
    this.#thumbprint = hash('sha256', JSON.stringify(this.#jwk), 'base64url')
  }

  async register(): Promise<void> {
    const made = await this.#post(this.#directory.newAccount, { termsOfServiceAgreed: true })
    this.#kid = made.headers.location
  }

  /** From the order to the PEM. */
  async certificate(name: string): Promise<void> {
    const order = await this.#post(this.#directory.newOrder, { identifiers: [{ type: 'dns', value: name }] })
    const { authorizations, finalize } = fieldsOf(order)
    for (const url of authorizations) await this.#prove(url)
    const keys = generateKeyPairFor('p256')
    const csr = createCertificationRequest({
      ...keys,
      subject: distinguishedName(['CN', name]),
      extensions: [subjectAltNameExtension([{ kind: 'dns', name }])],
    })
    let done = await this.#post(finalize, { csr: Buffer.from(csr).toString('base64url') })
    if (fieldsOf(done).status !== 'valid') done = await this.#poll(String(order.headers.location))
    const { text } = await this.#post(fieldsOf(done).certificate)
    if (!text.includes('BEGIN CERTIFICATE')) throw new Error(`no certificate: ${text}`)
  }

  async #prove(url: string): Promise<void> {
    const { challenges } = fieldsOf(await this.#post(url))
    const chosen = challenges.find(({ type }) => type === 'http-01')
    if (chosen === undefined) throw new Error('no http-01 is offered')
    answers.set(chosen.token, `${chosen.token}.${this.#thumbprint}`)
    await this.#post(chosen.url, {})
    await this.#poll(url)
    answers.delete(chosen.token)
  }

  async #poll(url: string): Promise<Answer> {
    for (let polls = 0; polls < MOST_POLLS; polls++) {
      const answer = await this.#post(url)
      const { status } = fieldsOf(answer)
      if (status === 'valid') return answer
      if (status === 'invalid') throw new Error(answer.text)
      await delay(POLL_MILLISECONDS)
    }
    throw new Error(`${url} is never valid`)
  }

  async #post(url: string, payload?: object): Promise<Answer> {
    this.#nonce ??= (await send('HEAD', this.#directory.newNonce)).headers['replay-nonce'] as string // every server sends it
    const who = this.#kid === undefined ? { jwk: this.#jwk } : { kid: this.#kid }
    const header = base64url({ alg: 'ES256', url, nonce: this.#nonce, ...who })
    const body = payload === undefined ? '' : base64url(payload)
    const signed = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const
    const signature = sign('sha256', Buffer.from(`${header}.${body}`), signed).toString('base64url')
    const answer = await send('POST', url, JSON.stringify({ protected: header, payload: body, signature }))
    this.#nonce = answer.headers['replay-nonce'] as string // every server sends it
    if (answer.status >= 400) throw new Error(`${url}: ${answer.status} ${answer.text}`)
    return answer
  }
}

function fieldsOf(answer: Answer): Fields {
  return JSON.parse(answer.text) as Fields // of a server that is measured, not judged
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const web = createServer((asked, answer) => answer.end(answers.get(asked.url?.split('/').at(-1) ?? '') ?? ''))
await new Promise<void>((resolve) => web.listen(Number(port), '127.0.0.1', resolve))
const directory = JSON.parse((await send('GET', directoryUrl)).text) as Directory // as above
const all = await Promise.all(
  Array.from({ length: Number(accounts) }, async () => {
    const account = new Account(directory)
    await account.register()
    return account
  }),
)
const times: number[] = []
let failed = 0
let error = ''
const begun = performance.now()
const end = begun + Number(seconds) * 1000
await Promise.all(
  all.map(async (account, at) => {
    for (let number = 0; performance.now() < end; number++) {
      const started = performance.now()
      try {
        await account.certificate(`h${number}-${at}.bench.test`)
        times.push(performance.now() - started)
      } catch (cause) {
        failed++
        error = String(cause)
      }
    }
  }),
)
const elapsed = (performance.now() - begun) / 1000
times.sort((a, b) => a - b)
const percentile = (share: number): number => times[Math.floor(times.length * share)] ?? 0
console.log(
  JSON.stringify({
    issued: times.length,
    failed,
    error,
    seconds: elapsed,
    p50: percentile(0.5),
    p99: percentile(0.99),
  }),
)
web.close()
web.closeAllConnections()
agent.destroy()
