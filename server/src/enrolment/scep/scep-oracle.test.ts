import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  createCertificationRequest,
  createEnvelopedData,
  createPkiMessage,
  createSelfSignedCertificate,
  distinguishedName,
  MESSAGE_TYPE,
  parseEnvelopedData,
  parsePkiMessage,
} from '@sallyport/pki'
import { openAuthorityBench } from '../testing.ts'
import { FIRST_KEY, openScepBench, SECOND_KEY } from './testing.ts'

/** Messages of each kind; the parts below `packages/pki` are tried ten thousand times there. */
const ROUNDS = 80
const DAY = 86_400_000

test('fail/whatever is wrong inside an envelope, the answer is one and the same, after the same time', async () => {
  const bench = await openScepBench((await openAuthorityBench()).database)
  const subject = distinguishedName(['CN', 'alice'])
  const now = bench.clock.now()
  const self = { subject, ...FIRST_KEY, notBefore: now - DAY, notAfter: now + DAY }
  const certificate = createSelfSignedCertificate(self)
  const request = createCertificationRequest({ ...FIRST_KEY, subject })
  const good = createEnvelopedData(request, bench.ra.certificate)
  const { recipients, encryptedContent } = parseEnvelopedData(good)
  const keyAt = Buffer.from(good).indexOf(recipients[0]?.encryptedKey ?? '')
  const contentAt = Buffer.from(good).indexOf(encryptedContent)

  const altered = (at: number, octets: Uint8Array): Uint8Array => {
    const copy = Uint8Array.from(good)
    copy.set(octets, at)
    return copy
  }
  const unsigned = Uint8Array.from(request)
  unsigned[unsigned.length - 1] = (unsigned[unsigned.length - 1] as number) ^ 1
  const kinds: Readonly<Record<string, () => Uint8Array>> = {
    'no RSA padding': () => altered(keyAt + 1, randomBytes(255)),
    'a wrong last block': () => altered(contentAt + encryptedContent.length - 16, randomBytes(16)),
    'a wrong first block': () => altered(contentAt, randomBytes(16)),
    'no request': () => createEnvelopedData(randomBytes(request.length), bench.ra.certificate),
    'a request its key did not sign': () => createEnvelopedData(unsigned, bench.ra.certificate),
    'for another': () => createEnvelopedData(request, certificate),
    'no envelope': () => randomBytes(good.length),
  }

  const answers = new Map<string, string>()
  const times = new Map<string, number[]>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, envelope] of Object.entries(kinds)) {
      const message = createPkiMessage({
        messageType: MESSAGE_TYPE.pkcsReq,
        transactionId: 'T1',
        senderNonce: new Uint8Array(16),
        envelope: envelope(),
        signer: { certificate, privateKey: FIRST_KEY.privateKey },
      })
      const start = performance.now()
      const answer = await bench.service.operate(message, { from: '192.0.2.1' })
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - start])
      assert.ok(answer.kind === 'message', kind)
      const { messageType, pkiStatus, failInfo, failInfoText, signed } = parsePkiMessage(answer.octets)
      const said = [
        messageType,
        pkiStatus,
        failInfo,
        failInfoText,
        answer.octets.length,
        signed.certificates.length,
      ]
      answers.set(JSON.stringify(said), kind)
    }
  }
  assert.equal(answers.size, 1, JSON.stringify([...answers]))
  assert.match([...answers.keys()][0] ?? '', /^\[3,"failure","badMessageCheck"/)
  // That an envelope is for somebody else shows from outside, so it may be told sooner.
  const secret = ['no RSA padding', 'a wrong last block', 'a wrong first block', 'no request']
  // Of a loaded machine the quickest tenth says most.
  const quick = secret.map((kind) => quickest(times.get(kind) ?? []))
  assert.ok(Math.max(...quick) < 1.4 * Math.min(...quick), `${secret}: ${quick} ms`)
})

test('ok/the same envelope, whole, is read', async () => {
  const bench = await openScepBench((await openAuthorityBench()).database)
  const subject = distinguishedName(['CN', 'alice'])
  const now = bench.clock.now()
  const self = { subject, ...SECOND_KEY, notBefore: now - DAY, notAfter: now + DAY }
  const certificate = createSelfSignedCertificate(self)
  const request = createCertificationRequest({ ...SECOND_KEY, subject })
  const answer = await bench.service.operate(
    createPkiMessage({
      messageType: MESSAGE_TYPE.pkcsReq,
      transactionId: 'T1',
      senderNonce: new Uint8Array(16),
      envelope: createEnvelopedData(request, bench.ra.certificate),
      signer: { certificate, privateKey: SECOND_KEY.privateKey },
    }),
    { from: '192.0.2.1' },
  )
  assert.equal(answer.kind === 'message' && parsePkiMessage(answer.octets).failInfo, 'badRequest')
})

function quickest(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)] ?? 0
}
