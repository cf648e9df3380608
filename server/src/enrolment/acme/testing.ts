import { createHmac, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto'
import {
  createCertificationRequest,
  distinguishedName,
  type GeneralName,
  generateKeyPairFor,
  subjectAltNameExtension,
} from '@sallyport/pki'
import {
  type AcmeConfiguration,
  type CertificateTemplateConfiguration,
  configurationSchema,
} from '../../config/schema.ts'
import { Sealer } from '../../kernel/seal.ts'
import { openRegistrationBench, template } from '../registration/testing.ts'
import type { AcmeAnswer, Answer } from './acme-call.ts'
import { AcmeServer } from './acme-server.ts'
import { AcmeStore } from './acme-store.ts'
import { keyContext } from './external-account.ts'
import { type Problem, problem, problemDocument } from './problem.ts'
import type { Proof } from './validation/validator.ts'

export const BASE = 'https://ca.example.org'

/** Proves what a test says, at once. */
export class PlayedValidator {
  readonly proofs: Proof[] = []
  readonly failing = new Set<string>()
  isFull = false

  async prove(proof: Proof): Promise<Problem | undefined> {
    this.proofs.push(proof)
    const name = proof.name.identifier.value
    if (!this.failing.has(name)) return undefined
    return problem('connection', 'acme-challenge-failed', {
      name,
      challenge: proof.challenge,
      detail: 'played',
    })
  }

  close(): void {}
}

/** The server with a real registration authority and store; names are proved by `validator`. */
export async function openAcmeBench(
  settings: Partial<AcmeConfiguration> = {},
  ...templates: CertificateTemplateConfiguration[]
) {
  const all = templates.length > 0 ? templates : [webTemplate()]
  const bench = await openRegistrationBench(...all)
  const { parts, authority, identities, registration, clock } = bench
  const sealer = new Sealer([{ id: 'k1', key: new Uint8Array(32).fill(7) }])
  const store = new AcmeStore(bench.database.kysely)
  const validator = new PlayedValidator()
  const base = configurationSchema.parse({
    enrolment: { acme: { enabled: true, openTemplates: ['open'], ...settings } },
  })
  const server = new AcmeServer({
    ...{ store, read: store, identities, registration, sealer, clock, validator },
    certificates: bench.certificates,
    revoke: async (serial, reason) => (await bench.change(serial, 'revoked', reason)).kind === 'changed',
    issuer: () => ({
      keyIdentifier: authority.issuing.extensions.subjectKeyIdentifier ?? new Uint8Array(),
      notBefore: authority.issuing.notBefore,
    }),
    // Nothing but these two sections is looked at.
    configuration: () => ({ ...base, certificateTemplates: all }) as never,
    log: parts.log,
  })
  const addKey = async (id: string, more: object = {}): Promise<string> => {
    const macKey = Buffer.alloc(32, 7).toString('base64url')
    await store.createKey({
      ...{
        id,
        template: 'web',
        account_name: null,
        holder_id: null,
        names: '[]',
        note: '',
        created_by: 'ada',
      },
      ...{ created_at: clock.now(), expires_at: clock.now() + 86_400_000, acme_account: null, used_at: null },
      mac_key_sealed: sealer.seal(macKey, keyContext(id)),
      ...more,
    })
    return macKey
  }
  /** May be changed. */
  const { acme } = base.enrolment
  return { ...bench, store, validator, server, addKey, acme }
}

export type AcmeBench = Awaited<ReturnType<typeof openAcmeBench>>

export function webTemplate(settings: object = {}): CertificateTemplateConfiguration {
  return template({
    ...{ name: 'web', base: 'web-server', names: 'proved', allowedNames: ['*.example.org', '10.0.0.0/8'] },
    ...settings,
  })
}

export interface Signing {
  readonly alg?: string
  readonly url?: string
  readonly nonce?: string
  readonly kid?: string | undefined
  readonly jwk?: object | undefined
  readonly key?: KeyObject
  readonly header?: object
}

export interface Answered {
  readonly status: number
  readonly headers: NonNullable<AcmeAnswer['headers']>
  // What came back, as JSON or text; each test looks at the fields it expects.
  readonly body: Readonly<Record<string, never>> & { readonly [name: string]: unknown }
  readonly type: string | undefined
}

/** A client that can also misbehave. */
export class AcmeTestClient {
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly server: AcmeServer
  readonly template: string
  kid: string | undefined

  constructor(server: AcmeServer, name = 'web') {
    this.server = server
    this.template = name
  }

  url(path: string): string {
    return `${BASE}/acme/${this.template}/${path}`
  }

  get jwk(): object {
    return this.keys.publicKey.export({ format: 'jwk' })
  }

  get thumbprint(): string {
    const { crv, kty, x, y } = this.keys.publicKey.export({ format: 'jwk' })
    return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url')
  }

  jws(path: string, payload: object | undefined, signing: Signing = {}): object {
    const {
      alg = 'ES256',
      url = this.url(path),
      nonce = this.server.newNonce(),
      key = this.keys.privateKey,
    } = signing
    const kid = 'kid' in signing ? signing.kid : this.kid
    const jwk = 'jwk' in signing ? signing.jwk : kid === undefined ? this.jwk : undefined
    const header = {
      ...{ alg, url, nonce },
      ...(kid === undefined ? {} : { kid }),
      ...(jwk === undefined ? {} : { jwk }),
      ...signing.header,
    }
    return signedJws(header, payload, key)
  }

  async post(path: string, payload?: object, signing: Signing = {}): Promise<Answered> {
    return await this.send(path, this.jws(path, payload, signing))
  }

  async send(path: string, jws: object): Promise<Answered> {
    const body = Buffer.from(JSON.stringify(jws))
    return answered(
      await this.server.post({ template: this.template, path, base: BASE, body, from: '192.0.2.7' }),
    )
  }

  binding(kid: string, macKey: string, more: { url?: string; jwk?: object; alg?: string } = {}): object {
    const { url = this.url('new-account'), jwk = this.jwk, alg = 'HS256' } = more
    const header = Buffer.from(JSON.stringify({ alg, kid, url })).toString('base64url')
    const payload = Buffer.from(JSON.stringify(jwk)).toString('base64url')
    const mac = createHmac('sha256', Buffer.from(macKey, 'base64url')).update(`${header}.${payload}`)
    return { protected: header, payload, signature: mac.digest('base64url') }
  }

  /** With a key of an external account that is made for it. */
  async register(bench: AcmeBench, more: object = {}): Promise<Answered> {
    const id = `key-${this.thumbprint.slice(0, 12)}`
    const macKey = await bench.addKey(id, { template: this.template, ...more })
    const made = await this.post('new-account', { externalAccountBinding: this.binding(id, macKey) })
    this.kid = String(made.headers.location)
    return made
  }

  async order(...names: readonly string[]): Promise<Answered> {
    const identifiers = names.map((value) => ({ type: /^\d+\./.test(value) ? 'ip' : 'dns', value }))
    return await this.post('new-order', { identifiers })
  }

  /** Answers a challenge of each name, and waits until what came of it is stored. */
  async prove(order: Answered, type = 'http-01', payload: object = {}): Promise<void> {
    for (const url of order.body.authorizations as unknown as string[]) {
      const path = url.slice(this.url('').length)
      const { body } = await this.post(path)
      const challenges = body.challenges as unknown as { type: string; url: string }[]
      const chosen = challenges.find((each) => each.type === type) ?? challenges[0]
      await this.post((chosen?.url ?? '').slice(this.url('').length), payload)
      for (let tries = 0; tries < 100; tries++) {
        const { body: now } = await this.post(path)
        if ((now.status as unknown) !== 'pending') break
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  async finalize(order: Answered, request: CsrWish): Promise<Answered> {
    const path = String(order.body.finalize).slice(this.url('').length)
    return await this.post(path, { csr: Buffer.from(csr(request)).toString('base64url') })
  }
}

export interface CsrWish {
  readonly names?: readonly GeneralName[]
  readonly dns?: readonly string[]
  readonly commonName?: string
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
}

export function csr({
  names = [],
  dns = [],
  commonName,
  keys = generateKeyPairFor('p256'),
}: CsrWish): Uint8Array {
  const all = [...names, ...dns.map((name): GeneralName => ({ kind: 'dns', name }))]
  return createCertificationRequest({
    ...keys,
    subject: commonName === undefined ? distinguishedName() : distinguishedName(['CN', commonName]),
    extensions: all.length === 0 ? [] : [subjectAltNameExtension(all, false)],
  })
}

export function signedJws(header: object, payload: object | undefined, key: KeyObject): object {
  const protectedText = Buffer.from(JSON.stringify(header)).toString('base64url')
  const payloadText = payload === undefined ? '' : Buffer.from(JSON.stringify(payload)).toString('base64url')
  const octets = Buffer.from(`${protectedText}.${payloadText}`)
  const signature = sign('sha256', octets, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return { protected: protectedText, payload: payloadText, signature }
}

function answered(answer: Answer): Answered {
  if ('reason' in answer) {
    const document = problemDocument(answer)
    const type = String(document.type).replace('urn:ietf:params:acme:error:', '')
    return { status: answer.status, headers: {}, body: document as never, type } // compared field by field
  }
  const { status, headers = {}, body } = answer
  return {
    status,
    headers,
    body: (typeof body === 'string' ? { pem: body } : (body ?? {})) as never,
    type: undefined,
  } // compared field by field
}
