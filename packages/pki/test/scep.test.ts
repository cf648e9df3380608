import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8, toUtf8 } from '@sallyport/bytes'
import { createEnvelopedData } from '../src/cms/create-enveloped-data.ts'
import { createSignedData } from '../src/cms/create-signed-data.ts'
import { verifySignerInfo } from '../src/cms/verify-signer-info.ts'
import { printableString } from '../src/der/der-writer.ts'
import { generateKeyPairFor } from '../src/issue/key-pair.ts'
import { PkiError } from '../src/pki-error.ts'
import { createPkiMessage } from '../src/scep/create-pki-message.ts'
import { encodeIssuerAndSubject, parseIssuerAndSubject } from '../src/scep/issuer-and-subject.ts'
import { parsePkiMessage } from '../src/scep/parse-pki-message.ts'
import { MESSAGE_TYPE, SCEP_ATTRIBUTE } from '../src/scep/scep-constants.ts'
import { createSelfSignedCertificate } from '../src/scep/self-signed.ts'
import { certificateFile, file, openssl } from './cms-openssl.ts'
import { cn, DAY, NOW } from './pkits/forge.ts'
import { opensslMissing } from './pkits/openssl.ts'

const keys = generateKeyPairFor('rsa2048')
const subject = cn('device')
const certificate = createSelfSignedCertificate({
  ...keys,
  subject,
  notBefore: NOW - DAY,
  notAfter: NOW + DAY,
})
const signer = { certificate, privateKey: keys.privateKey }
const nonce = new Uint8Array(16).fill(7)

const request = createPkiMessage({
  messageType: MESSAGE_TYPE.pkcsReq,
  transactionId: 'A1B2',
  senderNonce: nonce,
  envelope: createEnvelopedData(fromUtf8('a request'), certificate),
  signer,
})

test('ok/section 3: a request says what it is, and its signature holds', () => {
  const message = parsePkiMessage(request)
  assert.equal(message.messageType, 19)
  assert.equal(message.transactionId.text, 'A1B2')
  assert.deepEqual(message.senderNonce?.toHex(), nonce.toHex())
  assert.equal(message.pkiStatus, undefined)
  assert.ok(message.envelope !== undefined)
  assert.equal(message.signerCertificate?.fingerprint, certificate.fingerprint)
  assert.equal(verifySignerInfo(message.signed, message.signer, certificate.publicKey).ok, true)
})

test('ok/section 3.3.2: a failure has no content, and OpenSSL verifies it', {
  skip: opensslMissing(),
}, () => {
  const failure = createPkiMessage({
    messageType: MESSAGE_TYPE.certRep,
    transactionId: parsePkiMessage(request).transactionId,
    senderNonce: nonce,
    recipientNonce: nonce,
    pkiStatus: 'failure',
    failInfo: 'badRequest',
    failInfoText: 'No such challenge.',
    signer,
  })
  const message = parsePkiMessage(failure)
  assert.deepEqual(
    [message.messageType, message.pkiStatus, message.failInfo, message.failInfoText, message.envelope],
    [3, 'failure', 'badRequest', 'No such challenge.', undefined],
  )
  assert.equal(message.transactionId.text, 'A1B2')
  openssl(
    ...['smime', '-verify', '-inform', 'DER', '-in', file(failure), '-noverify'],
    ...['-certfile', certificateFile({ certificate, keys })],
  )
})

test('ok/section 3.3.3: issuer and subject of a poll', () => {
  const read = parseIssuerAndSubject(encodeIssuerAndSubject({ issuer: cn('CA'), subject }))
  assert.equal(read.issuer.key, cn('CA').key)
  assert.equal(read.subject.key, subject.key)
})

test('ok/types nobody defined are told as they are, and text that is no number is none', () => {
  for (const [text, type] of [
    ['0', 0],
    ['18', 18],
    ['255', 255],
    ['', undefined],
    ['PKCSReq', undefined],
    ['-1', undefined],
  ] as const) {
    assert.equal(parsePkiMessage(messageWith(text, 'T1')).messageType, type, text)
  }
})

test('fail/no transactionID, one of control characters, one that is too long', () => {
  for (const id of ['', 'x'.repeat(256)]) {
    assert.throws(() => parsePkiMessage(messageWith('19', id)), malformed, id)
  }
})

test('fail/a pkiMessage cut at any length, or signed twice, or without attributes', () => {
  for (let length = 0; length < request.length; length += 7) {
    assert.throws(() => parsePkiMessage(request.subarray(0, length)), malformed)
  }
  const twice = createSignedData({ content: fromUtf8('x'), signers: [signer, signer] })
  assert.throws(() => parsePkiMessage(twice), malformed)
  assert.throws(() => parsePkiMessage(createSignedData({ signers: [signer] })), malformed)
})

test('ok/changed in any octet it is malformed or unsigned, or says the same', () => {
  for (let bit = 0; bit < request.length * 8; bit += 5) {
    const copy = Uint8Array.from(request)
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
    let message: ReturnType<typeof parsePkiMessage>
    try {
      message = parsePkiMessage(copy)
    } catch (error) {
      assert.ok(malformed(error), String(error))
      continue
    }
    if (!verifySignerInfo(message.signed, message.signer, certificate.publicKey).ok) continue
    assert.equal(message.messageType, 19)
    assert.equal(message.transactionId.text, 'A1B2')
  }
})

function malformed(error: unknown): boolean {
  return error instanceof PkiError && error.code === 'malformed'
}

function messageWith(type: string, transactionId: string): Uint8Array {
  return createSignedData({
    content: fromUtf8('x'),
    certificates: [certificate],
    signers: [
      {
        ...signer,
        signedAttributes: [
          { oid: SCEP_ATTRIBUTE.messageType, values: [printableStringOf(type)] },
          { oid: SCEP_ATTRIBUTE.transactionId, values: [printableString(transactionId)] },
        ],
      },
    ],
  })
}

/** Of any text. */
function printableStringOf(text: string): Uint8Array {
  assert.equal(toUtf8(fromUtf8(text)), text)
  return Uint8Array.of(0x13, text.length, ...fromUtf8(text))
}
