import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { before, describe, test } from 'node:test'
import {
  type Certificate,
  challengePassword,
  createCertificationRequest,
  type DistinguishedName,
  distinguishedName,
  generateKeyPairFor,
  parseSignedData,
  serialText,
} from '@sallyport/pki'
import type { EstRequest } from './est-service.ts'
import { EST_PASSWORD, ONE_TIME, openEstBench } from './testing.ts'

const CHANNEL = { protocol: 'TLSv1.2', tlsUnique: new Uint8Array(12).fill(9) }
const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

function request({
  subject = distinguishedName(['CN', 'alice']),
  challenge,
  signedBy,
}: {
  subject?: DistinguishedName
  challenge?: string
  signedBy?: ReturnType<typeof generateKeyPairFor>['privateKey']
} = {}): Buffer {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const attributes = challenge === undefined ? [] : [challengePassword(challenge)]
  return Buffer.from(
    createCertificationRequest({ subject, publicKey, privateKey: signedBy ?? privateKey, attributes }),
  )
}

const post = (der: Buffer, more: Partial<EstRequest> = {}): EstRequest => ({
  body: Buffer.from(der.toString('base64')),
  ...{ channel: CHANNEL, from: '192.0.2.1', authorization: basic('alice', EST_PASSWORD), ...more },
})

const bench = await openEstBench()
const others = await openEstBench()

describe('EST', () => {
  const statusOf = async (asked: EstRequest, how: 'enrol' | 'reenrol' | 'keyed' = 'enrol') => {
    const answer = await bench.est[how](asked)
    return answer.kind === 'refused' ? answer.status : answer.kind
  }
  const certificateIn = (der: Uint8Array): Certificate => {
    const [certificate, ...others] = parseSignedData(der).certificates
    assert.equal(others.length, 0, 'the certificate that was issued, and no other')
    return certificate ?? assert.fail()
  }

  test('ok/by name and password: the requester is the account, the template the label', async () => {
    const answer = await bench.est.enrol(post(request(), { label: 'user' }))
    assert.ok(answer.kind === 'issued')
    certificateIn(answer.certificate)
    const { requester, template, protocol, renews } = bench.asked.at(-1) ?? assert.fail()
    assert.deepEqual(
      [requester.by, requester.identity?.id, template, protocol, renews],
      ['password', 'local/1', 'user', 'est', undefined],
    )
  })

  test('ok/without a label the template of the settings; a renewal stays with its own', async () => {
    bench.settings.template = 'rsa-only'
    try {
      await bench.est.enrol(post(request()))
      assert.equal(bench.asked.at(-1)?.template, 'rsa-only')
      assert.ok(bench.est.csrAttributes(undefined))
      const { authorization: _, ...renewal } = post(request(), {
        certificate: (await bench.issue(request())).der,
      })
      await bench.est.reenrol(renewal)
      assert.equal(bench.asked.at(-1)?.template, undefined)
    } finally {
      delete bench.settings.template
    }
  })

  test('fail/no name, wrong password, unknown: 401 in the same words; a silent directory is 503', async () => {
    const wrong = await bench.est.enrol(post(request(), { authorization: basic('alice', 'wrong') }))
    const unknown = await bench.est.enrol(post(request(), { authorization: basic('nobody', EST_PASSWORD) }))
    assert.deepEqual(wrong, unknown)
    assert.equal(wrong.kind === 'refused' && wrong.status, 401)
    const { authorization: _, ...nobody } = post(request())
    assert.equal(await statusOf(nobody), 401)
    for (const header of [
      '',
      'Basic',
      'Basic *',
      'Basic Og==',
      'Digest username="alice"',
      `Basic ${'A'.repeat(5000)}`,
    ])
      assert.equal(await statusOf(post(request(), { authorization: header })), 401, header)
    assert.equal(await statusOf(post(request(), { authorization: basic('down', 'x') })), 'unavailable')
  })

  test('ok/a one-time challenge as the password of "challenge", with its template; fail/for another request', async () => {
    bench.settings.template = 'rsa-only'
    bench.settings.serverKeys = true
    try {
      const authorization = basic('challenge', ONE_TIME)
      const first = post(request(), { authorization })
      assert.equal(await statusOf(first), 'issued')
      assert.deepEqual(
        [bench.asked.at(-1)?.template, bench.asked.at(-1)?.requester.by],
        ['user', 'challenge'],
      )
      assert.equal(await statusOf(first), 'issued', 'the same request again')
      assert.equal(await statusOf(post(request(), { authorization })), 401)
      assert.equal(await statusOf({ ...first, authorization: basic('challenge', 'wrong') }), 401)
      assert.equal(await statusOf({ ...first, label: 'user' }, 'keyed'), 401)
    } finally {
      delete bench.settings.template
      bench.settings.serverKeys = false
    }
  })

  test('fail/a certificate alone makes no first certificate', async () => {
    const certificate = (await bench.issue(request())).der
    const { authorization: _, ...asked } = post(request(), { certificate })
    assert.equal(await statusOf(asked), 401)
  })

  test('fail/outside the group: 403, and the reason is told to who proved the account', async () => {
    const answer = await bench.est.enrol(post(request(), { authorization: basic('bob', EST_PASSWORD) }))
    assert.ok(answer.kind === 'refused' && answer.status === 403)
    assert.match(answer.text, /in no group that may enrol/)
  })

  test('fail/malformed, cut anywhere, without proof of possession: 400, and never an exception', async () => {
    const good = request()
    for (let length = 0; length < good.length; length += 7)
      assert.equal(await statusOf(post(good.subarray(0, length))), 400)
    assert.equal(await statusOf({ ...post(good), body: Buffer.from('not base64!') }), 400)
    assert.equal(await statusOf(post(request({ signedBy: generateKeyPairFor('p256').privateKey }))), 400)
    assert.equal(await statusOf(post(good)), 'issued')
  })

  test('fail/a challengePassword that is not tls-unique of this connection, or on TLS 1.3', async () => {
    const right = Buffer.from(CHANNEL.tlsUnique).toString('base64')
    assert.equal(await statusOf(post(request({ challenge: right }))), 'issued')
    assert.equal(await statusOf(post(request({ challenge: 'AAAA' }))), 400)
    const { tlsUnique: _, ...tls13 } = { ...CHANNEL, protocol: 'TLSv1.3' }
    assert.equal(await statusOf(post(request({ challenge: right }), { channel: tls13 })), 400)
    assert.equal(await statusOf(post(request(), { channel: tls13 })), 'issued')
    bench.settings.channelBinding = 'required'
    try {
      assert.equal(await statusOf(post(request())), 400)
      assert.equal(await statusOf(post(request({ challenge: right }))), 'issued')
    } finally {
      bench.settings.channelBinding = 'when-present'
    }
  })

  describe('renewal', () => {
    let old: Certificate
    const renewal = (more: Partial<EstRequest> = {}, der = request()) => {
      const { authorization: _, ...asked } = post(der, { certificate: old.der, ...more })
      return asked
    }
    before(async () => {
      old = await bench.issue(request())
    })

    test('ok/by the certificate: what is renewed decides whose it is', async () => {
      assert.equal(await statusOf(renewal(), 'reenrol'), 'issued')
      const { requester, renews, template } = bench.asked.at(-1) ?? assert.fail()
      assert.deepEqual(
        [requester.by, requester.name, requester.identity, template],
        ['certificate', 'alice', undefined, undefined],
      )
      assert.equal(renews?.fingerprint, old.fingerprint)
    })

    test('fail/without a certificate, also with the right password', async () => {
      assert.equal(await statusOf(post(request()), 'reenrol'), 403)
    })

    test('fail/another subject or other names; fewer names are none', async () => {
      const subject = distinguishedName(['CN', 'administrator'])
      assert.equal(await statusOf(renewal({}, request({ subject })), 'reenrol'), 403)
      assert.equal(await statusOf(renewal({}, request({ subject: distinguishedName() })), 'reenrol'), 403)
    })

    test('fail/of a foreign CA, though it names our account and serial', async () => {
      const foreign = await others.issue(request())
      const before = bench.asked.length
      assert.equal(await statusOf(renewal({ certificate: foreign.der }), 'reenrol'), 403)
      assert.equal(await statusOf(renewal({ certificate: new Uint8Array([0x30, 0]) }), 'reenrol'), 403)
      assert.equal(bench.asked.length, before)
    })

    test('fail/revoked and held: at once, without a CRL', async () => {
      const revoked = await bench.issue(request())
      assert.equal(await statusOf(renewal({ certificate: revoked.der }), 'reenrol'), 'issued')
      await bench.change(serialText(revoked.serial), 'revoked')
      const answer = await bench.est.reenrol(renewal({ certificate: revoked.der }))
      assert.ok(answer.kind === 'refused' && answer.status === 403)
      assert.match(answer.text, /certificate-revoked/)
    })

    test('fail/expired', async () => {
      const short = await bench.issue(request(), { days: 1 })
      assert.equal(await statusOf(renewal({ certificate: short.der }), 'reenrol'), 'issued')
      bench.parts.clock.advance(25 * 3_600_000)
      assert.equal(await statusOf(renewal({ certificate: short.der }), 'reenrol'), 403)
    })

    test('fail/the account is gone or cannot be asked', async () => {
      const known = bench.byId
      try {
        bench.byId = () => ({ kind: 'unavailable', reason: { code: 'source-unavailable', values: {} } })
        assert.equal(await statusOf(renewal(), 'reenrol'), 'unavailable')
        bench.byId = () => ({
          kind: 'refused',
          reason: { code: 'account-disabled', values: { user: 'alice' } },
        })
        const answer = await bench.est.reenrol(renewal())
        assert.ok(answer.kind === 'refused' && answer.status === 403)
        assert.doesNotMatch(answer.text, /disabled/, 'what stands against it is told to nobody outside')
      } finally {
        bench.byId = known
      }
    })
  })

  test('ok/pending asks again with the same request and gets one answer', async () => {
    const asked = post(request(), { label: 'approved' })
    assert.deepEqual(await bench.est.enrol(asked), { kind: 'pending', retryAfterSeconds: 1 })
  })

  test('ok/a key made by the server belongs to the certificate; off by default, refused where it would wait', async () => {
    const der = request()
    assert.equal(await statusOf(post(der, { label: 'user' }), 'keyed'), 404)
    bench.settings.serverKeys = true
    try {
      assert.equal(await statusOf(post(der, { label: 'approved' }), 'keyed'), 403)
      assert.equal(await statusOf(post(der), 'keyed'), 403)
      const { authorization: _, ...nobody } = post(der, { label: 'user' })
      assert.equal(await statusOf(nobody, 'keyed'), 401)
      const answer = await bench.est.keyed(post(der, { label: 'user' }))
      assert.ok(answer.kind === 'issued' && answer.key)
      const key = createPrivateKey({ key: Buffer.from(answer.key), format: 'der', type: 'pkcs8' })
      const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
      assert.deepEqual(Buffer.from(certificateIn(answer.certificate).spki), spki)
    } finally {
      bench.settings.serverKeys = false
    }
  })

  test('fail/more keys at once than logins can spare threads for', async () => {
    bench.settings.serverKeys = true
    try {
      const asked = Array.from({ length: 5 }, () => bench.est.keyed(post(request(), { label: 'user' })))
      const kinds = (await Promise.all(asked)).map(({ kind }) => kind)
      assert.equal(kinds.filter((kind) => kind === 'unavailable').length, 3)
      assert.equal((await bench.est.keyed(post(request(), { label: 'user' }))).kind, 'issued')
    } finally {
      bench.settings.serverKeys = false
    }
  })

  test('ok/csrattrs of a template; nothing is asked for without one', () => {
    assert.equal(bench.est.csrAttributes(undefined), undefined)
    assert.equal(bench.est.csrAttributes('nothing'), undefined)
    assert.ok(bench.est.csrAttributes('rsa-only'))
    assert.equal(parseSignedData(bench.est.caCertificates()).certificates.length, 2)
  })
})
