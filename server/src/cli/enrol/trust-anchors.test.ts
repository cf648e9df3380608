import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createIssuingCertificate,
  createRootCertificate,
  distinguishedName,
  generateKeyPairFor,
  newSerialNumber,
} from '@sallyport/pki'
import { anchorByFingerprint, readFingerprint, rolledOver } from './trust-anchors.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-06-01T00:00:00Z')
const subject = distinguishedName(['CN', 'Root'])

function root(days = 100) {
  const keys = generateKeyPairFor('p256')
  const times = { notBefore: NOW - DAY, notAfter: NOW + days * DAY }
  const certificate = createRootCertificate({ ...keys, ...times, subject, serial: newSerialNumber() })
  return { ...keys, certificate, ...times }
}

/** NewWithOld: the key of the one signed by the other. */
function bridge(of: ReturnType<typeof root>, by: ReturnType<typeof root>, days = 50) {
  return createIssuingCertificate({
    ...{ subject, publicKey: of.publicKey, issuer: by, serial: newSerialNumber() },
    ...{ notBefore: NOW - DAY, notAfter: NOW + days * DAY },
  })
}

const [old, next, stranger] = [root(), root(), root()]
const after = (...sent: Parameters<typeof rolledOver>[1]) =>
  rolledOver([old.certificate], sent, NOW).map(({ fingerprint }) => fingerprint)

test('ok/a new root that the old one signed is taken, and the old one stays while it is valid', () => {
  const both = [old.certificate.fingerprint, next.certificate.fingerprint]
  assert.deepEqual(after(old.certificate, next.certificate, bridge(next, old)), both)
  assert.deepEqual(after(bridge(next, old), next.certificate), both)
  const ended = rolledOver([old.certificate], [next.certificate, bridge(next, old)], NOW + 200 * DAY)
  assert.deepEqual(ended, [])
})

test('fail/a root that came alone, that a stranger signed, for another key, or too late', () => {
  const only = [old.certificate.fingerprint]
  assert.deepEqual(after(next.certificate), only)
  assert.deepEqual(after(next.certificate, bridge(next, stranger)), only)
  assert.deepEqual(after(next.certificate, bridge(stranger, old)), only)
  assert.deepEqual(after(next.certificate, bridge(old, next)), only)
  assert.deepEqual(after(next.certificate, bridge(next, old, -0.5)), only)
  assert.deepEqual(after(), only)
})

test('ok/a fingerprint as people copy it; fail/anything else, and a CA that is not shown', () => {
  const { fingerprint } = old.certificate
  const typed = (fingerprint.toUpperCase().match(/../g) ?? []).join(':')
  assert.equal(
    anchorByFingerprint([next.certificate, old.certificate], readFingerprint(typed)),
    old.certificate,
  )
  for (const text of ['', 'abc', fingerprint.slice(2), 'x'.repeat(64)])
    assert.throws(() => readFingerprint(text), /SHA-256/)
  assert.throws(() => anchorByFingerprint([next.certificate], fingerprint), /no CA certificate/)
})
