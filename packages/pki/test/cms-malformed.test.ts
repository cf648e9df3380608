import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import fc from 'fast-check'
import { berToDer } from '../src/cms/ber-to-der.ts'
import { createEnvelopedData } from '../src/cms/create-enveloped-data.ts'
import { createSignedData } from '../src/cms/create-signed-data.ts'
import { openEnvelopedData } from '../src/cms/open-enveloped-data.ts'
import { parseEnvelopedData } from '../src/cms/parse-enveloped-data.ts'
import { parseSignedData } from '../src/cms/parse-signed-data.ts'
import { verifySignerInfo } from '../src/cms/verify-signer-info.ts'
import { generateKeyPairFor } from '../src/issue/key-pair.ts'
import { PkiError } from '../src/pki-error.ts'
import { anchor, endEntity } from './pkits/forge.ts'

const root = anchor()
const rsa = endEntity(root, { keys: generateKeyPairFor('rsa2048') })
const recipient = { certificate: rsa.certificate, privateKey: rsa.keys.privateKey }
const content = fromUtf8('the content of the message')
const message = createSignedData({
  content,
  certificates: [rsa.certificate],
  signers: [recipient],
})
const envelope = createEnvelopedData(content, rsa.certificate)

function parses<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    assert.ok(error instanceof PkiError && error.code === 'malformed', String(error))
    return undefined
  }
}

/** Whether the altered message still says that `content` was signed. */
function accepted(octets: Uint8Array): boolean {
  const data = parses(() => parseSignedData(octets))
  const [signer] = data?.signers ?? []
  if (data === undefined || signer === undefined) return false
  const { ok } = verifySignerInfo(data, signer, rsa.certificate.publicKey)
  if (ok) assert.deepEqual(data.content?.toHex(), content.toHex(), 'another content was accepted')
  return ok
}

function* altered(octets: Uint8Array, step: number): Generator<Uint8Array> {
  for (let bit = 0; bit < octets.length * 8; bit += step) {
    const copy = Uint8Array.from(octets)
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
    yield copy
  }
}

test('ok/the messages they are made from are good', () => {
  assert.equal(accepted(message), true)
  assert.equal(openEnvelopedData(envelope, [recipient]).ok, true)
})

test('fail/a signed message cut at any length', () => {
  for (let length = 0; length < message.length; length++) {
    assert.equal(
      parses(() => parseSignedData(message.subarray(0, length))),
      undefined,
    )
  }
})

test('ok/a signed message changed in any octet says the same or nothing', () => {
  let good = 0
  for (const copy of altered(message, 3)) if (accepted(copy)) good++
  // What no signature covers: the certificates along the way, versions, the list of digests.
  assert.ok(good < message.length * 2, `${good}`)
})

test('fail/an envelope cut at any length', () => {
  for (let length = 0; length < envelope.length; length++) {
    assert.equal(
      parses(() => parseEnvelopedData(envelope.subarray(0, length))),
      undefined,
    )
  }
})

test('ok/an envelope changed in any octet never throws anything but PkiError', () => {
  for (const copy of altered(envelope, 8)) parses(() => openEnvelopedData(copy, [recipient]))
})

test('fail/every envelope that does not decrypt gets one and the same answer', () => {
  const { recipients, encryptedContent } = parseEnvelopedData(envelope)
  const keyAt = indexOf(envelope, recipients[0]?.encryptedKey)
  const contentAt = indexOf(envelope, encryptedContent)
  const answers = new Set<string>()
  const time = { key: 0, content: 0 }
  const rounds = 5_000
  for (let i = 0; i < rounds; i++) {
    const badKey = Uint8Array.from(envelope)
    badKey.set(randomBytes(255), keyAt + 1)
    const badContent = Uint8Array.from(envelope)
    badContent.set(randomBytes(encryptedContent.length), contentAt)
    time.key += timed(() => note(answers, badKey))
    time.content += timed(() => note(answers, badContent))
  }
  // One in 256 has good padding by chance and opens to noise: the caller must not tell it apart either.
  assert.deepEqual(
    [...answers].filter((answer) => answer !== 'opened').map((answer) => JSON.parse(answer)),
    [{ ok: false, fault: 'undecryptable', detail: 'the envelope does not open with this key' }],
  )
  const ratio = time.key / time.content
  assert.ok(ratio > 0.7 && ratio < 1.4, `bad key ${time.key} ms, bad content ${time.content} ms`)
})

function note(answers: Set<string>, octets: Uint8Array): void {
  const answer = openEnvelopedData(octets, [recipient])
  answers.add(answer.ok ? 'opened' : JSON.stringify(answer))
}

function timed(action: () => void): number {
  const start = performance.now()
  action()
  return performance.now() - start
}

function indexOf(octets: Uint8Array, part: Uint8Array | undefined): number {
  const at = Buffer.from(octets).indexOf(part ?? '')
  assert.ok(at > 0)
  return at
}

test('ok/DER comes out of the normaliser as it went in', () => {
  assert.deepEqual(berToDer(message).toHex(), message.toHex())
  assert.deepEqual(berToDer(envelope).toHex(), envelope.toHex())
})

test('ok/BER becomes DER', () => {
  const cases: readonly (readonly [string, string])[] = [
    // Indefinite length; a string in pieces; pieces of pieces; a length of two octets where one does.
    ['30800201050000', '3003020105'],
    ['24800401010401020000', '04020102'],
    ['2480248004010100000401020000', '04020102'],
    ['308103020105', '3003020105'],
    ['a0800401010401020000', 'a006040101040102'],
  ]
  for (const [ber, der] of cases) {
    assert.equal(berToDer(Uint8Array.fromHex(ber)).toHex(), der, ber)
  }
})

test('fail/BER too deep, cut short, or that never ends', () => {
  const deep = Uint8Array.fromHex('3080'.repeat(100_000))
  for (const octets of [deep, Uint8Array.fromHex('30800201'), Uint8Array.fromHex('0480'), new Uint8Array()]) {
    assert.throws(() => berToDer(octets), PkiError)
  }
})

test('ok/random and spliced octets throw PkiError alone', () => {
  const position = fc.nat(Math.min(message.length, envelope.length) - 1)
  fc.assert(
    fc.property(position, position, fc.uint8Array({ maxLength: 40 }), (from, to, middle) => {
      for (const octets of [message, envelope]) {
        const spliced = Uint8Array.from([...octets.subarray(0, from), ...middle, ...octets.subarray(to)])
        parses(() => berToDer(spliced))
        accepted(spliced)
        parses(() => openEnvelopedData(spliced, [recipient]))
      }
    }),
    { numRuns: 500, seed: 1 },
  )
})
