import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { nameText } from '@sallyport/pki'
import { challengeValidatorSchema } from '../../config/sections/challenge-validators.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { Logging } from '../../kernel/logging.ts'
import { FakeIdentities } from '../registration/testing.ts'
import { openScepBench, ScepTestClient, SECOND_KEY, scepTemplate } from '../scep/testing.ts'
import { openAuthorityBench } from '../testing.ts'
import type { ChallengeProof } from './challenge-proof.ts'
import { ChallengeStore } from './challenge-store.ts'
import { ChosenChallenges } from './chosen-challenges.ts'
import { OutsideChallenges } from './outside-challenges.ts'
import { ValidationClient } from './validation-client.ts'

/** A validation service written from the field lists of Microsoft's, sharing nothing with the client. */
class FakeService {
  readonly seen: {
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly body: Record<string, unknown>
  }[] = []
  code = 'Success'
  status = 200
  raw: string | undefined
  readonly #server = createServer(
    (request, response) =>
      void this.#answer(request).then(({ status, text }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(text)
      }),
  )
  url = ''

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    after(() => {
      this.#server.closeAllConnections()
      this.#server.close()
    })
    return this
  }

  paths(): string[] {
    return this.seen.map(({ path }) => path)
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    if (path === '/token') {
      const form = Object.fromEntries(new URLSearchParams(text))
      this.seen.push({ path, headers: request.headers, body: form })
      const isRight = form.client_secret === 'the secret' && form.grant_type === 'client_credentials'
      return {
        status: isRight ? 200 : 401,
        text: JSON.stringify({ access_token: 'T0KEN', expires_in: 3600 }),
      }
    }
    this.seen.push({ path, headers: request.headers, body: JSON.parse(text) as Record<string, unknown> })
    if (request.headers.authorization !== 'Bearer T0KEN') return { status: 401, text: '{}' }
    const answer = { code: this.code, errorDescription: this.code === 'Success' ? '' : 'as the profile says' }
    return { status: this.status, text: this.raw ?? JSON.stringify(answer) }
  }
}

const PHONES = scepTemplate({ name: 'phones', base: 'device', enrol: {}, perHolder: 50 })

async function open(service: FakeService, settings: object = {}) {
  const { database } = await openAuthorityBench()
  const [clock, identities] = [new FakeClock(), new FakeIdentities()]
  const wish = { name: 'mdm', url: `${service.url}/ScepActions`, template: 'phones', ...settings }
  const parsed = challengeValidatorSchema.parse({
    ...{ tokenUrl: `${service.url}/token`, clientId: 'us', clientSecret: 'the secret', scope: 'all' },
    ...wish,
  })
  const validator = { ...parsed, clientSecret: 'the secret' }
  const proof: ChallengeProof = new OutsideChallenges({
    ...{ settings: validator, identities, clock },
    client: new ValidationClient(validator, clock),
    challenges: new ChallengeStore(database.kysely),
    log: new Logging({ clock, level: 'silent' }).for('pki'),
  })
  const templates = [PHONES, scepTemplate({ perHolder: 50 })]
  const bench = await openScepBench(database, { templates, proof })
  return { bench, client: new ScepTestClient(bench) }
}

const phone = { subject: [['CN', 'phone-17']], challenge: 'made by the service' } as const

test('ok/the service says yes: a certificate for the device, and the service hears of it', async () => {
  const service = await new FakeService().open()
  const { client } = await open(service)
  const reading = await client.enrol(phone)
  assert.ok(reading.status === 'success', JSON.stringify(reading))
  const [certificate] = reading.certificates
  assert.match(nameText(certificate?.subject ?? assert.fail()), /phone-17/)
  assert.deepEqual(service.paths(), [
    '/token',
    '/ScepActions/validateRequest',
    '/ScepActions/successNotification',
  ])
  const [, asked, told] = service.seen
  const { request } = (asked?.body ?? {}) as { request: Record<string, string> }
  assert.deepEqual(Object.keys(request).sort(), ['callerInfo', 'certificateRequest', 'transactionId'])
  assert.equal(Buffer.from(request.certificateRequest ?? '', 'base64')[0], 0x30)
  assert.equal(asked?.headers['api-version'], '2018-02-20')
  const { notification } = (told?.body ?? {}) as { notification: Record<string, string> }
  assert.deepEqual(Object.keys(notification).sort(), [
    ...['caConfiguration', 'callerInfo', 'certificateAuthority', 'certificateExpirationDateUtc'],
    ...['certificateRequest', 'certificateSerialNumber', 'certificateThumbprint'],
    ...['issuingCertificateAuthority', 'transactionId'],
  ])
  assert.match(notification.certificateThumbprint ?? '', /^[0-9A-F]{40}$/)
})

test('fail/every word but Success, in any case, is a refusal', async () => {
  const service = await new FakeService().open()
  const { bench, client } = await open(service)
  for (const code of [
    'ChallengeExpired',
    'SubjectNameMismatch',
    'KeyLengthMismatch',
    'success',
    '',
    'Sucess',
  ]) {
    service.code = code
    const reading = await client.enrol(phone)
    assert.ok(reading.status === 'failure', code)
    assert.equal(reading.failInfo, 'badRequest')
  }
  assert.equal((await bench.certificates.issuedOfKind('client')).length, 0)
  service.code = 'Success'
  assert.equal((await client.enrol(phone)).status, 'success')
})

test('fail/a service that is down, broken, chatty or does not know us: neither yes nor no, and nothing is issued', async () => {
  const service = await new FakeService().open()
  const { bench, client } = await open(service)
  const answers = [
    () => {
      service.status = 500
    },
    () => {
      service.status = 302
    },
    () => {
      service.status = 200
      service.raw = 'no JSON'
    },
    () => {
      service.raw = JSON.stringify({ result: 'Success' })
    },
    () => {
      service.raw = JSON.stringify({ code: 'Success', errorDescription: 'x'.repeat(100_000) })
    },
  ]
  for (const prepare of answers) {
    prepare()
    const answer = await bench.service.operate(client.message(phone), { from: '192.0.2.1' })
    assert.equal(answer.kind, 'unavailable')
  }
  const gone = await open(service, { url: 'http://127.0.0.1:9' })
  const unreachable = await gone.bench.service.operate(gone.client.message(phone), { from: '192.0.2.1' })
  assert.equal(unreachable.kind, 'unavailable')
  assert.equal((await bench.certificates.issuedOfKind('client')).length, 0)
})

test('fail/one challenge, two devices: the service may say yes twice, we do not', async () => {
  const service = await new FakeService().open()
  const { bench, client } = await open(service)
  assert.equal((await client.enrol(phone)).status, 'success')
  const second = await new ScepTestClient(bench, SECOND_KEY).enrol({
    ...phone,
    subject: [['CN', 'phone-18']],
  })
  assert.equal(second.status, 'failure')
  // The same request again is a lost answer.
  assert.equal((await client.enrol(phone)).status, 'success')
  assert.equal((await bench.certificates.issuedOfKind('client')).length, 1)
})

test('fail/without a challenge nobody is asked, and a refusal of ours is told', async () => {
  const service = await new FakeService().open()
  const { client } = await open(service, { template: 'laptops' })
  assert.equal((await client.enrol({ subject: phone.subject })).status, 'failure')
  assert.deepEqual(service.paths(), [])
  // Template laptops is for people, and the request names none.
  assert.equal((await client.enrol(phone)).status, 'failure')
  assert.equal(service.paths().at(-1), '/ScepActions/failureNotification')
})

test('fail/a validator that is not configured', async () => {
  const own: ChallengeProof = { prove: () => assert.fail('the own ones were asked') }
  const chosen = new ChosenChallenges({ own, chosen: () => 'gone', validators: () => [], outside: () => own })
  const { database } = await openAuthorityBench()
  const bench = await openScepBench(database, { templates: [PHONES], proof: chosen })
  const answer = await bench.service.operate(new ScepTestClient(bench).message(phone), { from: '192.0.2.1' })
  assert.equal(answer.kind, 'unavailable')
})

test('fail/settings: only https but for this machine, and a token needs a secret', () => {
  const settings = { name: 'mdm', url: 'https://mdm.example.org/x', template: 'phones' }
  assert.equal(challengeValidatorSchema.safeParse(settings).success, true)
  assert.equal(
    challengeValidatorSchema.safeParse({ ...settings, url: 'http://mdm.example.org/x' }).success,
    false,
  )
  const tokenUrl = 'https://login.example.org/token'
  assert.equal(challengeValidatorSchema.safeParse({ ...settings, tokenUrl }).success, false)
})
