import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EKU, hasIssued } from '@sallyport/pki'
import { DAY } from './authority.ts'
import { SpecialCertificates } from './special-certificates.ts'
import { openAuthorityBench } from './testing.ts'

const NO_CHECK = '1.3.6.1.5.5.7.48.1.5'

test('ok/the registration authority of SCEP has an RSA key that signs and decrypts', async () => {
  const { parts, authority } = await openAuthorityBench()
  const { certificate, privateKey, issuer } = await new SpecialCertificates(authority, parts).scepRa()
  assert.equal(privateKey.asymmetricKeyType, 'rsa')
  assert.deepEqual([...(certificate.extensions.keyUsage ?? [])], ['digitalSignature', 'keyEncipherment'])
  assert.equal(hasIssued(issuer, certificate), true)
  assert.equal(issuer.fingerprint, authority.issuing.fingerprint)
})

test('ok/an OCSP responder is issued by the CA it answers for and says no-check', async () => {
  const { parts, authority } = await openAuthorityBench()
  authority.publishAt('http://pki.example.org')
  const { certificate } = await new SpecialCertificates(authority, parts).ocspSigner(authority.currentIssuer)
  assert.deepEqual(certificate.extensions.extendedKeyUsage, [EKU.ocspSigning])
  assert.equal(hasIssued(authority.issuing, certificate), true)
  assert.equal(certificate.notAfter - parts.clock.now() <= 14 * DAY, true)
  const carried = Buffer.from(certificate.der).toString('latin1')
  assert.equal(carried.includes('pki.example.org'), false, 'nobody asks for its revocation')
  assert.ok(certificate.rawExtensions.has(NO_CHECK))
})

test('ok/the signer of profiles signs messages, logs nobody in, and is renewed in time', async () => {
  const { parts, authority } = await openAuthorityBench()
  const special = new SpecialCertificates(authority, parts)
  const { certificate, privateKey, issuer } = await special.profileSigner()
  assert.equal(privateKey.asymmetricKeyType, 'rsa')
  assert.deepEqual([...(certificate.extensions.keyUsage ?? [])], ['digitalSignature'])
  assert.deepEqual(certificate.extensions.extendedKeyUsage, [EKU.emailProtection])
  assert.equal(hasIssued(issuer, certificate), true)
  parts.clock.advance(330 * DAY)
  assert.notEqual((await special.profileSigner()).certificate.fingerprint, certificate.fingerprint)
})

test('ok/asked by many at once one certificate is made, and a new one before it ends', async () => {
  const { parts, authority } = await openAuthorityBench()
  const special = new SpecialCertificates(authority, parts)
  const issuer = authority.currentIssuer
  const answers = await Promise.all(Array.from({ length: 20 }, () => special.ocspSigner(issuer)))
  assert.equal(new Set(answers.map(({ certificate }) => certificate.fingerprint)).size, 1)
  assert.equal(
    (await new SpecialCertificates(authority, parts).ocspSigner(issuer)).certificate.fingerprint,
    answers[0]?.certificate.fingerprint,
  )
  parts.clock.advance(8 * DAY)
  assert.notEqual(
    (await special.ocspSigner(issuer)).certificate.fingerprint,
    answers[0]?.certificate.fingerprint,
  )
})

test('ok/what was encrypted to the former registration authority can still be opened', async () => {
  const { parts, authority } = await openAuthorityBench()
  const special = new SpecialCertificates(authority, parts)
  const former = await special.scepRa()
  parts.clock.advance(330 * DAY)
  const all = await special.scepRas()
  assert.equal(all.length, 2)
  assert.equal(all[1]?.certificate.fingerprint, former.certificate.fingerprint)
})

test('ok/one whose renewal fails is overdue from the next day, until it is renewed', async (t) => {
  const { parts, authority } = await openAuthorityBench()
  const special = new SpecialCertificates(authority, parts)
  const issuer = authority.currentIssuer
  const { certificate } = await special.ocspSigner(issuer)
  const names = () => special.overdue().map(({ certificate: { fingerprint } }) => fingerprint)
  const broken = t.mock.method(authority, 'issue', () => Promise.reject(new Error('no room')))
  parts.clock.advance(7.5 * DAY)
  await assert.rejects(special.ocspSigner(issuer), /no room/)
  assert.deepEqual(names(), [])
  parts.clock.advance(DAY)
  await assert.rejects(special.ocspSigner(issuer), /no room/)
  assert.deepEqual(names(), [certificate.fingerprint])
  broken.mock.restore()
  await special.ocspSigner(issuer)
  assert.deepEqual(names(), [])
})
