import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8, toUtf8 } from '@sallyport/bytes'
import type { Digest } from '../src/cms/cms-algorithms.ts'
import { cmsAttribute } from '../src/cms/cms-attributes.ts'
import { CONTENT_TYPE } from '../src/cms/cms-oids.ts'
import { createEnvelopedData } from '../src/cms/create-enveloped-data.ts'
import { createCertsOnly, createSignedData } from '../src/cms/create-signed-data.ts'
import { openEnvelopedData } from '../src/cms/open-enveloped-data.ts'
import { parseSignedData, signerCertificate } from '../src/cms/parse-signed-data.ts'
import { type SignerRules, verifySignerInfo } from '../src/cms/verify-signer-info.ts'
import { printableString } from '../src/der/der-writer.ts'
import { generateKeyPairFor } from '../src/issue/key-pair.ts'
import { certificateFile, file, keyFile, openssl } from './cms-openssl.ts'
import { anchor, crl, type Entity, endEntity } from './pkits/forge.ts'
import { opensslMissing } from './pkits/openssl.ts'

const skip = opensslMissing()
const root = anchor()
const rsa = endEntity(root, { keys: generateKeyPairFor('rsa2048') })
const p256 = endEntity(root, { keys: generateKeyPairFor('p256') })
const p384 = endEntity(root, { keys: generateKeyPairFor('p384') })
const content = fromUtf8('the content of the message')

function signed(entity: Entity, digest?: Exclude<Digest, 'md5'>, more: object = {}): Uint8Array {
  return createSignedData({
    content,
    certificates: [entity.certificate],
    signers: [
      {
        certificate: entity.certificate,
        privateKey: entity.keys.privateKey,
        ...(digest !== undefined && { digest }),
        ...more,
      },
    ],
  })
}

function verdict(octets: Uint8Array, entity: Entity, rules: SignerRules = {}) {
  const data = parseSignedData(octets)
  const [signer] = data.signers
  assert.ok(signer !== undefined)
  return { data, signer, verdict: verifySignerInfo(data, signer, entity.certificate.publicKey, rules) }
}

for (const [name, entity] of Object.entries({ rsa, p256, p384 })) {
  test(`ok/what is signed here OpenSSL verifies: ${name}`, { skip }, () => {
    const message = signed(entity)
    const verified = openssl(
      ...['cms', '-verify', '-inform', 'DER', '-in', file(message)],
      ...['-CAfile', certificateFile(root), '-purpose', 'any', '-attime', '1767603600'],
    )
    assert.equal(toUtf8(verified), toUtf8(content))
  })

  test(`ok/what OpenSSL signs verifies here: ${name}`, { skip }, () => {
    const plain = ['cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', file(content)]
    const by = ['-signer', certificateFile(entity), '-inkey', keyFile(entity)]
    for (const how of [[], ['-keyid'], ['-indef', '-stream'], ['-noattr']]) {
      const result = verdict(openssl(...plain, ...by, ...how), entity)
      assert.deepEqual(result.verdict, { ok: true, digest: 'sha256' }, how.join(' '))
      assert.equal(toUtf8(result.data.content ?? new Uint8Array()), toUtf8(content))
      const certificate = signerCertificate(result.data, result.signer)
      assert.equal(certificate?.fingerprint, entity.certificate.fingerprint)
    }
  })
}

test('ok/PSS, SHA-512 and attributes of our own', { skip }, () => {
  const pss = openssl(
    ...['cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', file(content)],
    ...['-signer', certificateFile(rsa), '-inkey', keyFile(rsa), '-keyopt', 'rsa_padding_mode:pss'],
    ...['-keyopt', 'rsa_pss_saltlen:32'],
  )
  assert.equal(verdict(pss, rsa).verdict.ok, true)
  const attributes = { signedAttributes: [cmsAttribute('1.2.3.4', printableString('19'))] }
  const own = signed(rsa, 'sha512', attributes)
  const result = verdict(own, rsa)
  assert.deepEqual(result.verdict, { ok: true, digest: 'sha512' })
  assert.equal(toUtf8(result.signer.signedAttributes?.single('1.2.3.4')?.content ?? content), '19')
})

test('ok/a signer named by its key identifier', { skip }, () => {
  const message = signed(p256, undefined, { identifiedBy: 'key-id' })
  assert.equal(verdict(message, p256).verdict.ok, true)
  openssl(
    ...['cms', '-verify', '-inform', 'DER', '-in', file(message)],
    ...['-CAfile', certificateFile(root), '-purpose', 'any', '-attime', '1767603600'],
  )
})

test('ok/a message without content has the digest of nothing', () => {
  const message = createSignedData({
    signers: [{ certificate: rsa.certificate, privateKey: rsa.keys.privateKey }],
  })
  const result = verdict(message, rsa)
  assert.equal(result.data.content, undefined)
  assert.equal(result.verdict.ok, true)
})

test('fail/another key, another content, another content type', () => {
  assert.deepEqual(verdict(signed(p256), p384).verdict, {
    ok: false,
    fault: 'signature',
    detail: 'the signature over the attributes is wrong',
  })
  const data = parseSignedData(signed(rsa))
  const [signer] = data.signers
  assert.ok(signer !== undefined)
  const key = rsa.certificate.publicKey
  const other = verifySignerInfo({ ...data, content: fromUtf8('another') }, signer, key)
  assert.equal(!other.ok && other.fault, 'content')
  const retyped = verifySignerInfo({ ...data, contentType: CONTENT_TYPE.pkiData }, signer, key)
  assert.equal(!retyped.ok && retyped.fault, 'attributes')
  const bare = { ...signer, signedAttributes: undefined, signedAttributeOctets: undefined }
  const unsigned = verifySignerInfo({ ...data, contentType: CONTENT_TYPE.pkiData }, bare, key)
  assert.equal(!unsigned.ok && unsigned.fault, 'attributes')
})

test('fail/SHA-1 counts only where it is allowed, MD5 never', { skip }, () => {
  const sha1 = signed(rsa, 'sha1')
  assert.equal(verdict(sha1, rsa).verdict.ok, false)
  assert.equal(verdict(sha1, rsa, { allowSha1: true }).verdict.ok, true)
  const md5 = openssl(
    ...['cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', file(content), '-md', 'md5'],
    ...['-signer', certificateFile(rsa), '-inkey', keyFile(rsa)],
  )
  const refused = verdict(md5, rsa, { allowSha1: true }).verdict
  assert.equal(!refused.ok && refused.detail, 'digest MD5 is broken and not allowed here')
})

test('ok/certificates and CRLs alone', { skip }, () => {
  const list = crl(root)
  const message = createCertsOnly([p256.certificate, root.certificate], [list.der])
  const data = parseSignedData(message)
  assert.deepEqual(
    data.certificates.map(({ fingerprint }) => fingerprint),
    [p256.certificate.fingerprint, root.certificate.fingerprint],
  )
  assert.deepEqual(data.crls[0]?.toHex(), list.der.toHex())
  assert.deepEqual(data.signers, [])
  const printed = openssl('pkcs7', '-inform', 'DER', '-in', file(message), '-print_certs').toString()
  assert.match(printed, /EE Certificate[\s\S]*Trust Anchor[\s\S]*BEGIN X509 CRL/)
})

for (const cipher of ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc'] as const) {
  test(`ok/envelopes open both ways: ${cipher}`, { skip }, () => {
    const ours = createEnvelopedData(content, rsa.certificate, { cipher })
    const opened = openssl(
      ...['cms', '-decrypt', '-inform', 'DER', '-in', file(ours)],
      ...['-recip', certificateFile(rsa), '-inkey', keyFile(rsa)],
    )
    assert.equal(toUtf8(opened), toUtf8(content))
    for (const how of [[], ['-keyid'], ['-indef', '-stream'], ['-keyopt', 'rsa_padding_mode:oaep']]) {
      const theirs = openssl(
        ...['cms', '-encrypt', '-binary', '-outform', 'DER', `-${cipher.replace('-ede3-cbc', '3')}`],
        ...['-in', file(content), '-recip', certificateFile(rsa), ...how],
      )
      const answer = openEnvelopedData(theirs, [recipient(rsa)], [cipher])
      assert.ok(answer.ok, JSON.stringify(answer))
      assert.equal(toUtf8(answer.content), toUtf8(content))
    }
  })
}

test('ok/single DES, three times with the same key for OpenSSL, opens only where it is named', () => {
  const ours = createEnvelopedData(content, rsa.certificate, { cipher: 'des-cbc' })
  const answer = openEnvelopedData(ours, [recipient(rsa)], ['des-cbc'])
  assert.equal(answer.ok && toUtf8(answer.content), toUtf8(content))
  assert.equal(openEnvelopedData(ours, [recipient(rsa)]).ok, false)
})

test('ok/OAEP with SHA-256 opens in OpenSSL and here', { skip }, () => {
  const ours = createEnvelopedData(content, rsa.certificate, { transport: 'oaep' })
  openssl(
    ...['cms', '-decrypt', '-inform', 'DER', '-in', file(ours)],
    ...['-recip', certificateFile(rsa), '-inkey', keyFile(rsa)],
  )
  assert.equal(openEnvelopedData(ours, [recipient(rsa)]).ok, true)
})

test('fail/3DES unless it is allowed, and an envelope for somebody else', () => {
  const old = createEnvelopedData(content, rsa.certificate, { cipher: 'des-ede3-cbc' })
  const refused = openEnvelopedData(old, [recipient(rsa)])
  assert.equal(!refused.ok && refused.fault, 'algorithm')
  const other = endEntity(root, { keys: generateKeyPairFor('rsa2048') })
  const foreign = openEnvelopedData(createEnvelopedData(content, other.certificate), [recipient(rsa)])
  assert.equal(!foreign.ok && foreign.fault, 'recipient')
  assert.throws(() => createEnvelopedData(content, p256.certificate), /no RSA key/)
})

function recipient(entity: Entity) {
  return { certificate: entity.certificate, privateKey: entity.keys.privateKey }
}
