/** The same wrong requests to this server and to pebble, the ACME server of Let's Encrypt for tests: do both say the same? */
import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { AcmeServer } from '@sallyport/lab/acme-clients'
import { ChallengeDns } from '@sallyport/lab/challenge-dns'
import { skipReason } from '@sallyport/lab/debian'
import { freeTcpPort } from '@sallyport/lab/free-port'
import { startPebble } from '@sallyport/lab/pebble'
import { temporaryFolder } from '@sallyport/lab/process'
import { startSallyport } from '@sallyport/lab/sallyport'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
}

/** Says over TLS whatever it is told to. */
class RawClient {
  readonly #server: AcmeServer
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  directory: Readonly<Record<string, string>> = {}
  kid = ''

  constructor(server: AcmeServer) {
    this.#server = server
  }

  send(method: string, url: string, body?: string, type = 'application/jose+json'): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const headers =
      body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }
    const ca = readFileSync(this.#server.root)
    const outgoing = request(url, { method, headers, ca, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => {
        const isJson = /json/.test(answer.headers['content-type'] ?? '') && text !== ''
        const parsed = isJson ? (JSON.parse(text) as Answer['body']) : {} // compared field by field
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
    return promise
  }

  async nonce(): Promise<string> {
    return String((await this.send('HEAD', String(this.directory.newNonce))).headers['replay-nonce'])
  }

  async open(): Promise<void> {
    const { body } = await this.send('GET', this.#server.directory)
    this.directory = body as Record<string, string> // a directory
    const made = await this.post(
      'newAccount',
      { termsOfServiceAgreed: true },
      { kid: undefined, jwk: this.jwk },
    )
    this.kid = String(made.headers.location)
  }

  get jwk(): object {
    return this.keys.publicKey.export({ format: 'jwk' })
  }

  async post(
    resource: string,
    payload: object | undefined,
    header: object = {},
    key: KeyObject = this.keys.privateKey,
    change: (jws: object) => object = (jws) => jws,
  ): Promise<Answer> {
    const url = this.directory[resource] ?? resource
    const all = { alg: 'ES256', url, nonce: await this.nonce(), kid: this.kid, ...header }
    const protectedText = Buffer.from(JSON.stringify(all)).toString('base64url')
    const text = payload === undefined ? '' : Buffer.from(JSON.stringify(payload)).toString('base64url')
    const octets = Buffer.from(`${protectedText}.${text}`)
    const signature = sign('sha256', octets, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
    return await this.send(
      'POST',
      url,
      JSON.stringify(change({ protected: protectedText, payload: text, signature })),
    )
  }
}

const ORDER = { identifiers: [{ type: 'dns', value: 'www.lab.test' }] }
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })

type Say = (client: RawClient) => Promise<Answer>

const CASES: Readonly<Record<string, Say>> = {
  'ok/ an order': (client) => client.post('newOrder', ORDER),
  'fail/ a nonce nobody gave out': (client) => client.post('newOrder', ORDER, { nonce: 'AAAA' }),
  'fail/ no nonce': (client) => client.post('newOrder', ORDER, { nonce: undefined }),
  'fail/ both jwk and kid': (client) => client.post('newOrder', ORDER, { jwk: client.jwk }),
  'fail/ neither jwk nor kid': (client) => client.post('newOrder', ORDER, { kid: undefined }),
  'fail/ jwk where the account is to be named': (client) =>
    client.post('newOrder', ORDER, { kid: undefined, jwk: client.jwk }),
  'fail/ an account that does not exist': (client) =>
    client.post('newOrder', ORDER, { kid: client.kid.replace(/[^/]+$/, '123456789') }),
  'fail/ signed by another key': (client) => client.post('newOrder', ORDER, {}, other.privateKey),
  'fail/ several signatures': (client) =>
    client.post('newOrder', ORDER, {}, undefined, (jws) => ({ ...jws, signatures: [jws] })),
  'fail/ an unprotected header': (client) =>
    client.post('newOrder', ORDER, {}, undefined, (jws) => ({ ...jws, header: { kid: 'x' } })),
  'fail/ not JSON': (client) => client.send('POST', String(client.directory.newOrder), 'hello'),
  'fail/ another content type': (client) =>
    client.send('POST', String(client.directory.newOrder), '{}', 'application/json'),
  'fail/ no identifiers': (client) => client.post('newOrder', { identifiers: [] }),
  'fail/ an identifier of an unknown type': (client) =>
    client.post('newOrder', { identifiers: [{ type: 'email', value: 'a@lab.test' }] }),
  'fail/ an account looked for by a key that has none': (client) =>
    client.post(
      'newAccount',
      { onlyReturnExisting: true },
      { kid: undefined, jwk: other.publicKey.export({ format: 'jwk' }) },
      other.privateKey,
    ),
  'fail/ a contact that is no mail address': (client) =>
    client.post(
      'newAccount',
      { termsOfServiceAgreed: true, contact: ['tel:1'] },
      { kid: undefined, jwk: other.publicKey.export({ format: 'jwk' }) },
      other.privateKey,
    ),
  'fail/ finalize of an order that is pending': async (client) => {
    const order = await client.post('newOrder', ORDER)
    return await client.post(String(order.body.finalize), { csr: 'AAAA' })
  },
  'fail/ an order of another account': async (client) => {
    const order = await client.post('newOrder', ORDER)
    const mine = client.kid
    const made = await client.post(
      'newAccount',
      { termsOfServiceAgreed: true },
      { kid: undefined, jwk: other.publicKey.export({ format: 'jwk' }) },
      other.privateKey,
    )
    assert.notEqual(made.headers.location, mine)
    return await client.post(
      String(order.headers.location),
      undefined,
      { kid: made.headers.location },
      other.privateKey,
    )
  },
  'fail/ an RSA key of 1024 bits': (client) =>
    client.post(
      'newAccount',
      { termsOfServiceAgreed: true },
      { alg: 'RS256', kid: undefined, jwk: weak.publicKey.export({ format: 'jwk' }) },
      weak.privateKey,
    ),
  'ok/ the account is shown to itself': (client) => client.post(client.kid, undefined),
  'ok/ the account is deactivated': (client) => client.post(client.kid, { status: 'deactivated' }),
  'fail/ an account that was deactivated': (client) => client.post('newOrder', ORDER),
}

/** Where pebble says otherwise, what we say, and why. */
const OTHERWISE: Readonly<Record<string, readonly [ours: string, why: string]>> = {
  'fail/ an identifier of an unknown type': [
    '400 unsupportedIdentifier',
    'RFC 8555 section 6.7 has a type for it',
  ],
  'fail/ an order of another account': ['404 unauthorized', "nobody's and somebody else's look alike"],
  'fail/ an RSA key of 1024 bits': ['400 badPublicKey', 'pebble takes it'],
  'fail/ an account that was deactivated': ['401 unauthorized', 'RFC 8555 section 7.3.6 says 401'],
}

describe('ACME beside pebble', { skip: skipReason('pebble', 'openssl') }, () => {
  it('answers with the same status and type of error', async (context) => {
    using folder = temporaryFolder('sallyport-pebble-')
    const challengePort = await freeTcpPort()
    await using dns = await ChallengeDns.start()
    await using pebble = await startPebble({
      folder: join(folder.path, 'pebble'),
      challengePort,
      dnsPort: dns.port,
    })
    const data = join(folder.path, 'data')
    mkdirSync(data)
    await using server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    await server.apply(`
enrolment: { acme: { enabled: true, openTemplates: [web] } }
certificateTemplates: [{ name: web, base: web-server, names: proved, allowedNames: ['*.lab.test'] }]
`)
    const directory = `https://localhost:${server.enrolPort}/acme/web/directory`
    const theirs = new RawClient(pebble)
    const ours = new RawClient({ directory, root: join(data, 'ca.pem') })
    await theirs.open()
    await ours.open()
    for (const [name, say] of Object.entries(CASES)) {
      const [expected, found] = [summary(await say(theirs)), summary(await say(ours))]
      const [wanted, why] = OTHERWISE[name] ?? [expected, '']
      if (why !== '') context.diagnostic(`${name}: pebble ${expected}, we ${found}: ${why}`)
      assert.equal(found, wanted, `${name} (pebble: ${expected})`)
    }
  })
})

function summary({ status, body }: Answer): string {
  const type = typeof body.type === 'string' ? body.type.replace(/^urn:ietf:params:acme:error:/, '') : ''
  return type === '' ? String(status) : `${status} ${type}`
}
