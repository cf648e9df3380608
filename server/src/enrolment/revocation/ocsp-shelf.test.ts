import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { test } from 'node:test'
import {
  createOcspRequest,
  createRootCertificate,
  distinguishedName,
  generateKeyPairFor,
  issueCertificate,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { FakeClock } from '../../kernel/clock.ts'
import { Breakers } from './breaker.ts'
import { FetchError } from './http-fetch.ts'
import { OcspShelf } from './ocsp-shelf.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...head), content])
}

function time(at: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')}`))
}

function bench() {
  const clock = new FakeClock()
  const now = clock.now()
  const validity = { notBefore: now - DAY, notAfter: now + 300 * DAY }
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const subject = distinguishedName(['CN', 'Partner CA'])
  const issuer = createRootCertificate({ subject, publicKey, privateKey, ...validity })
  const certificate = issueCertificate({
    ...{ template: USER_AUTHENTICATION, publicKey: generateKeyPairFor('p256').publicKey, ...validity },
    issuer: { certificate: issuer, privateKey },
    subject: distinguishedName(['CN', 'alice']),
    san: [{ kind: 'upn', name: 'alice@partner.test' }],
  })
  /** An answer of the CA itself that holds for a day (RFC 6960 section 4.2.1), without a nonce, as most are. */
  const answer = (status: 'good' | 'revoked', at: number): Uint8Array => {
    // Of the request: four sequences around the CertID; in it hash, name and key of the issuer, serial.
    const certId = Buffer.from(createOcspRequest({ certificate, issuer })).subarray(8)
    const keyHash = certId.subarray(2 + 11 + 22 + 2).subarray(0, 20)
    const said = status === 'good' ? der(0x80) : der(0xa1, time(at))
    const single = der(0x30, certId, said, time(at), der(0xa0, time(at + DAY)))
    const tbs = der(0x30, der(0xa2, der(0x04, keyHash)), time(at), der(0x30, single))
    const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex')
    const signature = der(0x03, Buffer.of(0), sign('sha256', tbs, privateKey))
    const basic = der(0x30, tbs, ecdsaWithSha256, signature)
    const idPkixOcspBasic = Buffer.from('06092b0601050507300101', 'hex')
    return der(0x30, der(0x0a, Buffer.of(0)), der(0xa0, der(0x30, idPkixOcspBasic, der(0x04, basic))))
  }
  const responder = { octets: undefined as Uint8Array | undefined }
  const fetch = async () => {
    if (responder.octets === undefined) throw new FetchError('the connection was refused')
    return responder.octets
  }
  const breakers = new Breakers(() => clock.monotonic())
  const shelf = new OcspShelf({ clock, fetch, breakers })
  const ask = async () => {
    const about = { url: 'http://ocsp.test/', trusted: false, certificate, issuer, isRevoked: () => false }
    const answered = await shelf.ask(about, 'partner')
    if (answered.kind === 'answered') return answered.verdict.kind
    return `${answered.kind} ${answered.last?.kind ?? ''}`
  }
  return { clock, shelf, answer, responder, ask }
}

test('ok/an answer is kept for an hour, then asked for again', async () => {
  const { clock, answer, responder, ask } = bench()
  responder.octets = answer('good', clock.now())
  assert.equal(await ask(), 'good')
  responder.octets = answer('revoked', clock.now())
  assert.equal(await ask(), 'good')
  clock.advance(HOUR)
  assert.equal(await ask(), 'revoked')
})

test('fail/an answer from before the revocation, sent again while it is valid, does not undo it', async () => {
  const { clock, shelf, answer, responder, ask } = bench()
  const recorded = answer('good', clock.now())
  clock.advance(HOUR)
  responder.octets = answer('revoked', clock.now())
  assert.equal(await ask(), 'revoked')
  responder.octets = recorded
  clock.advance(HOUR)
  assert.equal(await ask(), 'unusable revoked')
  // Neither where somebody wants everything to be asked for anew.
  shelf.forget()
  assert.equal(await ask(), 'unusable revoked')
  clock.advance(HOUR)
  responder.octets = answer('good', clock.now())
  assert.equal(await ask(), 'good', 'a hold that was lifted')
})

test('fail/nobody answers: what was said last is named', async () => {
  const { clock, answer, responder, ask } = bench()
  assert.equal(await ask(), 'unreachable ')
  responder.octets = answer('revoked', clock.now())
  assert.equal(await ask(), 'revoked')
  responder.octets = undefined
  clock.advance(HOUR)
  assert.equal(await ask(), 'unreachable revoked')
})
