import assert from 'node:assert/strict'
import { randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import { createOcspRequest, parseCertificate, type Signer } from '@sallyport/pki'
import { BugError } from '../../kernel/errors.ts'
import { Logging } from '../../kernel/logging.ts'
import { issueToAlice, openAuthorityBench } from '../testing.ts'
import { OcspResponder } from './ocsp-responder.ts'

/** So many milliseconds a signature takes: no RSA key is slower. */
const SIGNING = 50

/** A responder whose clock moves with each signature, and nothing else. */
async function bench() {
  const made = await openAuthorityBench()
  const { clock, store } = made.parts
  const { serial, der } = await issueToAlice(made)
  const { certificate: issuer, privateKey } = made.authority.currentIssuer
  const slow: Signer = {
    publicKey: issuer.publicKey ?? fail(),
    sign: (hash, octets) => {
      clock.advance(SIGNING)
      return 'sign' in privateKey ? privateKey.sign(hash, octets) : sign(hash, octets, privateKey)
    },
  }
  let looks = 0
  const responder = new OcspResponder({
    authorities: () => authorities,
    find: async (wanted) => {
      looks++
      return await store.find(wanted)
    },
    validMilliseconds: () => 3_600_000,
    log: new Logging({ clock, level: 'silent' }).for('pki'),
    clock,
  })
  const authorities = [{ issuer, signer: { certificate: issuer, privateKey: slow } }]
  const certificate = parseCertificate(der[0] ?? fail())
  const question = (nonce?: Uint8Array) =>
    createOcspRequest({ certificate, issuer, ...(nonce !== undefined && { nonce }) })
  const outcomes = async (...requests: Uint8Array[]) => {
    const seen: string[] = []
    for (const request of requests) seen.push((await responder.answer(request)).outcome)
    return seen
  }
  return { responder, made, clock, serial, question, outcomes, looks: () => looks }
}

function fail(): never {
  throw new BugError('test', 'The bench is broken.')
}

/** The same question in other octets: with a requestorName, which nobody looks at. */
function rewritten(request: Uint8Array, name: number): Uint8Array {
  const tbs = request.subarray(2)
  const named = Uint8Array.of(0xa1, 0x03, 0x82, 0x01, name)
  const inner = Uint8Array.of(0x30, (tbs[1] ?? 0) + named.length, ...named, ...tbs.subarray(2))
  return Uint8Array.of(0x30, inner.length, ...inner)
}

test('fail/nonces for ever: signing ends with its share of the second, and the store is not asked any more', async () => {
  const { outcomes, question, looks, clock } = await bench()
  const flood = Array.from({ length: 20 }, () => question(randomBytes(16)))
  const seen = await outcomes(...flood)
  assert.deepEqual([...new Set(seen)], ['good', 'try-later'])
  const signed = seen.filter((outcome) => outcome === 'good').length
  assert.ok(signed <= 5, `${signed} signatures of ${SIGNING} ms`)
  assert.equal(looks(), signed)
  // What can be kept is answered all the same, and nonces again in the next second.
  assert.deepEqual(await outcomes(question()), ['good'])
  clock.advance(1000)
  assert.deepEqual(await outcomes(question(randomBytes(16))), ['good'])
})

test('fail/one question in ever new octets is bounded, too; what is kept goes on being answered', async () => {
  const { outcomes, question } = await bench()
  assert.deepEqual(await outcomes(question()), ['good'])
  const seen = await outcomes(...Array.from({ length: 30 }, (_, at) => rewritten(question(), at)))
  assert.deepEqual([...new Set(seen)], ['good', 'try-later'])
  assert.ok(seen.filter((outcome) => outcome === 'good').length <= 7)
  assert.deepEqual(await outcomes(question()), ['good'])
})

test('fail/what was answered is forgotten with the change of a status', async () => {
  const { responder, outcomes, question, serial, clock } = await bench()
  assert.deepEqual(await outcomes(question(), question()), ['good', 'good'])
  assert.equal(responder.kept, 1)
  responder.forget(serial)
  assert.equal(responder.kept, 0)
  // It holds as long as it says, and no longer.
  assert.deepEqual(await outcomes(question()), ['good'])
  clock.advance(3_600_000)
  assert.deepEqual(await outcomes(question()), ['good'])
  assert.equal(responder.kept, 1)
})

test('fail/an answer to a nonce is kept by nobody', async () => {
  const { responder, question } = await bench()
  const one = await responder.answer(question(randomBytes(16)))
  const other = await responder.answer(question(randomBytes(16)))
  assert.equal(one.keep, undefined)
  assert.notDeepEqual(one.der, other.der)
  assert.equal(responder.kept, 0)
  assert.notEqual((await responder.answer(question())).keep, undefined)
})

test('fail/revoked and held at once, also where the answer was kept; an answer begun before is not kept', async () => {
  const { responder, made, outcomes, question, serial } = await bench()
  assert.deepEqual(await outcomes(question()), ['good'])
  await made.change(serial, 'held')
  // A look-up under way when the change comes in may have seen either state.
  responder.forget(serial)
  const begun = responder.answer(question())
  responder.forget(serial)
  await begun
  assert.equal(responder.kept, 0)
  assert.deepEqual(await outcomes(question()), ['revoked'])
  await made.change(serial, 'released')
  responder.forget(serial)
  assert.deepEqual(await outcomes(question()), ['good'])
  await made.change(serial, 'revoked')
  responder.forgetAll()
  assert.deepEqual(await outcomes(question()), ['revoked'])
})

test('fail/what is not ours is unauthorized and costs no look-up; what was never issued is revoked and not kept', async () => {
  const { responder, made, outcomes, looks } = await bench()
  const other = await openAuthorityBench()
  const foreign = parseCertificate((await issueToAlice(other)).der[0] ?? fail())
  const stranger = createOcspRequest({
    certificate: foreign,
    issuer: other.authority.currentIssuer.certificate,
  })
  assert.deepEqual(await outcomes(stranger), ['unauthorized'])
  assert.equal(looks(), 0)
  // The serial of another CA's certificate, asked under the name of ours.
  const never = createOcspRequest({
    certificate: foreign,
    issuer: made.authority.currentIssuer.certificate,
  })
  const reply = await responder.answer(never)
  assert.deepEqual([reply.outcome, reply.keep, responder.kept], ['revoked', undefined, 0])
})
