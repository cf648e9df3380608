import assert from 'node:assert/strict'
import { it, test } from 'node:test'
import {
  encodeIssuerAndSerial,
  MESSAGE_TYPE,
  parseSignedData,
  serialText,
  verifySignerInfo,
} from '@sallyport/pki'
import { forEachEngine } from '../../store/testing.ts'
import { openAuthorityBench } from '../testing.ts'
import {
  FIRST_KEY,
  openScepBench,
  type ScepBench,
  type ScepReading,
  ScepTestClient,
  type ScepWish,
  SECOND_KEY,
  scepTemplate,
  THIRD_KEY,
} from './testing.ts'

const DAY = 86_400_000

async function open(options: Parameters<typeof openScepBench>[1] = {}): Promise<ScepBench> {
  return await openScepBench((await openAuthorityBench()).database, options)
}

function issued(reading: ScepReading) {
  assert.ok(reading.status === 'success', JSON.stringify(reading))
  const [certificate] = reading.certificates
  assert.ok(certificate !== undefined)
  return certificate
}

function refused(reading: ScepReading, failInfo: string, text?: RegExp): void {
  assert.ok(reading.status === 'failure', reading.status)
  assert.equal(reading.failInfo, failInfo)
  if (text !== undefined) assert.match(reading.text ?? '', text)
}

async function count(bench: ScepBench): Promise<number> {
  return (await bench.certificates.issuedOfKind('client')).length
}

test('ok/a challenge gets one certificate, and the same transaction the same one', async () => {
  const bench = await open()
  const client = new ScepTestClient(bench)
  const message = client.message({ challenge: await bench.challenge() })
  const first = issued(await client.send(message))
  const again = issued(await client.send(message))
  assert.equal(again.fingerprint, first.fingerprint)
  assert.equal(await count(bench), 1)
})

test('ok/typed in small letters and without hyphens', async () => {
  const bench = await open()
  const typed = (await bench.challenge()).toLowerCase().replaceAll('-', '')
  issued(await new ScepTestClient(bench).enrol({ challenge: typed }))
})

test('fail/a challenge used before, by another key or another transaction', async () => {
  const bench = await open()
  const challenge = await bench.challenge()
  issued(await new ScepTestClient(bench).enrol({ challenge }))
  // The same transactionID says nothing: it is another key.
  refused(await new ScepTestClient(bench, SECOND_KEY).enrol({ challenge }), 'badRequest', /challenge/)
  refused(await new ScepTestClient(bench).enrol({ challenge, transactionId: 'T2' }), 'badRequest')
  assert.equal(await count(bench), 1)
})

const WISHES: readonly (readonly [string, ScepWish & { readonly from?: string }, string])[] = [
  ['another subject', { extensions: [], subject: [['CN', 'bob']] }, 'badRequest'],
  ['a wrong challenge', { challenge: 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA' }, 'badRequest'],
  ['a blank challenge', { challenge: ' ' }, 'badRequest'],
  ['another key than the one that signs', { keys: SECOND_KEY }, 'badRequest'],
  ['3DES', { envelope: { cipher: 'des-ede3-cbc' } }, 'badAlg'],
  ['SHA-1', { digest: 'sha1' }, 'badAlg'],
  ['a renewal by a certificate that is not ours', { messageType: MESSAGE_TYPE.renewalReq }, 'badRequest'],
]

test('fail/one thing is wrong, and the twin without it is issued with the very same challenge', async () => {
  for (const [what, wish, failInfo] of WISHES) {
    const bench = await open()
    const challenge = await bench.challenge({ subject: 'alice' })
    const client = new ScepTestClient(bench)
    const reading = await client.enrol({ challenge, ...wish })
    assert.ok(reading.status === 'failure', what)
    assert.equal(reading.failInfo, failInfo, what)
    assert.equal(await count(bench), 0, what)
    issued(await client.enrol({ challenge }))
  }
})

test('ok/3DES and SHA-1 where the configuration lets them in, and the answer is of the same kind', async () => {
  const bench = await open({ settings: { allow3des: true, allowSha1: true } })
  const client = new ScepTestClient(bench)
  const wish: ScepWish = {
    challenge: await bench.challenge(),
    envelope: { cipher: 'des-ede3-cbc' },
    digest: 'sha1',
  }
  issued(await client.enrol(wish))
  assert.ok(bench.service.capabilities.includes('DES3'))
})

test('fail/a challenge that ended, and one for a template the path does not name', async () => {
  const bench = await open({ templates: [scepTemplate(), scepTemplate({ name: 'phones' })] })
  const client = new ScepTestClient(bench)
  const challenge = await bench.challenge()
  bench.clock.advance(60 * 60_000)
  refused(await client.enrol({ challenge }), 'badRequest')
  const fresh = await bench.challenge()
  refused(await client.enrol({ challenge: fresh, transactionId: 'T2' }, { template: 'phones' }), 'badRequest')
  const other = await bench.challenge()
  issued(await client.enrol({ challenge: other, transactionId: 'T3' }, { template: 'laptops' }))
})

test('fail/an account that is gone or disabled since; silence where nobody can say', async () => {
  const bench = await open()
  const challenge = await bench.challenge()
  const client = new ScepTestClient(bench)
  const known = bench.identities.answers.get('corp/a1')
  assert.ok(known !== undefined)
  const disabled = { code: 'account-disabled', values: { user: 'alice' } } as const
  bench.identities.answers.set('corp/a1', { kind: 'refused', reason: disabled })
  refused(await client.enrol({ challenge }), 'badRequest', /^Not permitted\.$/)
  const silent = { code: 'source-unavailable', values: { user: 'alice' } } as const
  bench.identities.answers.set('corp/a1', { kind: 'unavailable', reason: silent })
  const answer = await bench.service.operate(client.message({ challenge }), { from: '192.0.2.1' })
  assert.equal(answer.kind, 'unavailable')
  bench.identities.answers.set('corp/a1', known)
  issued(await client.enrol({ challenge }))
})

test('fail/message types that are not supported go no further, whatever else is right (CVE-2026-30836)', async () => {
  const bench = await open()
  const client = new ScepTestClient(bench)
  const challenge = await bench.challenge()
  const supported = [17, 19, 20, 21, 22]
  const types = [...Array.from({ length: 32 }, (_, type) => type), 255].filter(
    (type) => !supported.includes(type),
  )
  for (const messageType of types) {
    const message = client.message({ challenge, messageType })
    refused(await client.send(message), 'badRequest', /type/)
    // Before the signature, too: the last octets are it.
    message[message.length - 1] = (message[message.length - 1] as number) ^ 1
    refused(await client.send(message), 'badRequest', /type/)
  }
  assert.equal(await count(bench), 0)
  issued(await client.enrol({ challenge }))
})

test('ok/approval: pending, polled by the same key alone, then issued', async () => {
  const bench = await open({ templates: [scepTemplate({ approval: 'required' })] })
  const client = new ScepTestClient(bench)
  const message = client.message({ challenge: await bench.challenge() })
  assert.equal((await client.send(message)).status, 'pending')
  assert.equal((await client.send(message)).status, 'pending')
  assert.equal((await client.send(client.poll())).status, 'pending')
  const stranger = new ScepTestClient(bench, SECOND_KEY)
  refused(await stranger.send(stranger.poll()), 'badCertId')
  refused(await client.send(client.poll('T2')), 'badCertId')
  await bench.registration.approve(1, 'admin', null)
  const certificate = issued(await client.send(client.poll()))
  assert.equal(issued(await client.send(message)).fingerprint, certificate.fingerprint)
})

test('fail/a request that was denied', async () => {
  const bench = await open({ templates: [scepTemplate({ approval: 'required' })] })
  const client = new ScepTestClient(bench)
  await client.enrol({ challenge: await bench.challenge() })
  await bench.registration.deny(1, 'admin', null)
  refused(await client.send(client.poll()), 'badRequest')
})

test('ok/renewal by a certificate of ours, as RenewalReq and as PKCSReq, without a challenge', async () => {
  for (const messageType of [MESSAGE_TYPE.renewalReq, MESSAGE_TYPE.pkcsReq]) {
    const bench = await open()
    const certificate = issued(await new ScepTestClient(bench).enrol({ challenge: await bench.challenge() }))
    const client = new ScepTestClient(bench, FIRST_KEY, certificate)
    const renewed = issued(await client.enrol({ messageType, keys: SECOND_KEY, transactionId: 'R1' }))
    assert.notEqual(renewed.fingerprint, certificate.fingerprint)
    assert.equal(renewed.subject.key, certificate.subject.key)
  }
})

test('fail/renewal by a certificate that is revoked, held or over, or of somebody who was disabled', async () => {
  for (const how of ['revoked', 'held', 'over', 'disabled'] as const) {
    const bench = await open({ templates: [scepTemplate({ validityDays: 10, renewalDays: 2 })] })
    const certificate = issued(await new ScepTestClient(bench).enrol({ challenge: await bench.challenge() }))
    const client = new ScepTestClient(bench, FIRST_KEY, certificate)
    const wish = { messageType: MESSAGE_TYPE.renewalReq, keys: SECOND_KEY, transactionId: 'R1' }
    if (how === 'revoked' || how === 'held') await bench.revoke(serialText(certificate.serial), how)
    if (how === 'over') bench.clock.advance(11 * DAY)
    if (how === 'disabled') {
      const reason = { code: 'account-disabled', values: { user: 'alice' } } as const
      bench.identities.answers.set('corp/a1', { kind: 'refused', reason })
    }
    refused(await client.enrol(wish), 'badRequest')
  }
})

test('fail/an envelope for another certificate, and a signature of another key', async () => {
  const bench = await open()
  const client = new ScepTestClient(bench)
  const challenge = await bench.challenge()
  const own = issued(await new ScepTestClient(bench, THIRD_KEY).enrol({ challenge: await bench.challenge() }))
  refused(await client.enrol({ challenge, recipient: own }), 'badMessageCheck')
  const message = client.message({ challenge })
  // The last octets are the signature.
  message[message.length - 1] = (message[message.length - 1] as number) ^ 1
  refused(await client.send(message), 'badMessageCheck')
  issued(await client.enrol({ challenge }))
})

test('ok/the CA that takes over next is told, signed by the registration authority', async () => {
  const bench = await open()
  assert.equal(await bench.service.nextCaCertificates(), undefined)
  assert.ok(!bench.service.capabilities.includes('GetNextCACert'))
  await bench.authority.prepareOwn({ algorithm: 'p256' })
  assert.ok(bench.service.capabilities.includes('GetNextCACert'))
  const message = parseSignedData((await bench.service.nextCaCertificates()) ?? new Uint8Array())
  const [signer] = message.signers
  assert.ok(signer !== undefined)
  assert.equal(verifySignerInfo(message, signer, bench.ra.certificate.publicKey).ok, true)
  const [next] = parseSignedData(message.content ?? new Uint8Array()).certificates
  assert.equal(next?.fingerprint, bench.authority.prepared?.certificate.fingerprint)
})

test('ok/GetCRL answers everybody, GetCert those who have a certificate of ours, and nobody else', async () => {
  const bench = await open()
  const stranger = new ScepTestClient(bench)
  const certificate = issued(await stranger.enrol({ challenge: await bench.challenge() }))
  const holder = new ScepTestClient(bench, FIRST_KEY, certificate)
  const content = encodeIssuerAndSerial(certificate)
  const list = await stranger.send(stranger.message({ messageType: MESSAGE_TYPE.getCrl, content }))
  assert.equal(list.status === 'success' && list.crls.length, 1)
  const wish = { messageType: MESSAGE_TYPE.getCert, content }
  assert.equal(issued(await holder.send(holder.message(wish))).fingerprint, certificate.fingerprint)
  refused(await stranger.send(stranger.message(wish)), 'badCertId')
  const foreign = encodeIssuerAndSerial(bench.authority.root)
  refused(
    await stranger.send(stranger.message({ messageType: MESSAGE_TYPE.getCrl, content: foreign })),
    'badCertId',
  )
  refused(await holder.send(holder.message({ ...wish, content: new Uint8Array(20) })), 'badMessageCheck')
  await bench.revoke(serialText(certificate.serial), 'revoked')
  refused(await holder.send(holder.message(wish)), 'badCertId')
})

test('fail/more than can be worked on at once are told to come again', async () => {
  const bench = await open()
  const client = new ScepTestClient(bench)
  const message = client.message({ challenge: 'AAAAA' })
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => bench.service.operate(message, { from: '192.0.2.1' })),
  )
  assert.equal(answers.filter(({ kind }) => kind === 'unavailable').length, 28)
  refused(await client.send(message), 'badRequest')
})

forEachEngine(({ open: openDatabase }) => {
  it('ok/fifty requests with one challenge at the same time: exactly one certificate', async () => {
    const bench = await openScepBench(await openDatabase(), {
      templates: [scepTemplate({ perHolder: 1000 })],
    })
    const challenge = await bench.challenge()
    const clients = [FIRST_KEY, SECOND_KEY, THIRD_KEY].map((keys) => new ScepTestClient(bench, keys))
    const messages = Array.from({ length: 50 }, (_, i) =>
      (clients[i % 3] as ScepTestClient).message({ challenge, transactionId: `T${i}` }),
    )
    // In two lots: more than that wait outside.
    const readings: ScepReading[] = []
    for (const lot of [messages.slice(0, 25), messages.slice(25)]) {
      const sent = lot.map((message, i) =>
        (clients[(readings.length + i) % 3] as ScepTestClient).send(message),
      )
      readings.push(...(await Promise.all(sent)))
    }
    assert.equal(readings.filter(({ status }) => status === 'success').length, 1)
    assert.equal(readings.filter(({ status }) => status === 'failure').length, 49)
    assert.equal(await count(bench), 1)
  })
})

test('fail/GetCert with a certificate that is over', async () => {
  const bench = await open()
  const client = new ScepTestClient(bench)
  const certificate = issued(await client.enrol({ challenge: await bench.challenge() }))
  const holder = new ScepTestClient(bench, FIRST_KEY, certificate)
  bench.clock.advance(certificate.notAfter - bench.clock.now() + 1000)
  const content = encodeIssuerAndSerial(certificate)
  refused(await holder.send(holder.message({ messageType: MESSAGE_TYPE.getCert, content })), 'badCertId')
})

test('fail/messages of strangers take their share of the second and no more', async () => {
  let time = 0
  let looks = 0
  // Looked at five times for a message: before it, and around reading it and signing the answer, which take 20 ms each.
  const stopwatch = {
    monotonic: () => {
      looks++
      if (looks % 5 === 3 || looks % 5 === 0) time += 20
      return time
    },
  }
  const bench = await open({ stopwatch })
  const message = new ScepTestClient(bench).message({ challenge: 'AAAAA' })
  const kinds: string[] = []
  for (let at = 0; at < 11; at++) {
    kinds.push((await bench.service.operate(message, { from: '192.0.2.1' })).kind)
  }
  assert.deepEqual(kinds, [...Array.from({ length: 10 }, () => 'message'), 'unavailable'])
  time += 1000
  assert.equal((await bench.service.operate(message, { from: '192.0.2.1' })).kind, 'message')
})
