import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateTemplateSchema } from '../../config/schema.ts'
import { windowsSchema } from '../../config/sections/enrolment/windows.ts'
import { enrolmentPolicy, isForWindows, passesFilter } from './enrolment-policy.ts'

const settings = windowsSchema.parse({})
const template = (more: object = {}) => certificateTemplateSchema.parse({ name: 'T', ...more })
const policy = (more: object = {}, changed = settings) => enrolmentPolicy(template(more), changed)

test('ok/what a template means to Windows', () => {
  const user = policy({ revision: 7 })
  assert.equal(user.generalFlags, 0x20)
  assert.equal(user.enrollmentFlags, 0x20 | 0x400 | 0x10000)
  assert.equal(user.subjectNameFlags & 0x1, 0)
  assert.equal(user.majorRevision, 7)
  assert.deepEqual([user.minimalKeyLength, user.keyAlgorithmOid], [2048, '1.2.840.113549.1.1.1'])
  assert.equal(policy({ base: 'computer' }).generalFlags, 0x60)
  assert.equal(policy({ base: 'computer' }).subjectNameFlags, 0x18000000)
  assert.equal(policy({ enrol: { auto: false } }).generalFlags, 0)
  assert.equal(policy({ approval: 'required' }).enrollmentFlags & 0x42, 0x42)
  assert.equal(policy({ sidExtension: false }).enrollmentFlags & 0x80000, 0x80000)
  assert.equal(policy({ names: 'requested' }).subjectNameFlags, 0x10001)
  assert.equal(policy({ names: 'requested' }).enrollmentFlags & 0x2, 2)
  assert.equal(policy({}, { ...settings, keyBasedRenewal: false }).enrollmentFlags & 0x10000, 0)
  const curve = policy({ keys: { algorithms: ['p384'] } })
  assert.deepEqual([curve.minimalKeyLength, curve.keyAlgorithmOid], [384, '1.3.132.0.34'])
})

test('ok/renewal begins before the end, whatever the template says', () => {
  for (const renewalDays of [0, 42, 365]) {
    const { renewalSeconds, validitySeconds } = policy({ validityDays: 30, renewalDays })
    assert.ok(renewalSeconds > 0 && renewalSeconds < validitySeconds)
  }
})

test('fail/templates no Windows client can use', () => {
  assert.equal(isForWindows(template()), true)
  assert.equal(isForWindows(template({ names: 'proved' })), false)
  assert.equal(isForWindows(template({ keys: { attestation: 'required' } })), false)
  assert.equal(isForWindows(template({ keys: { algorithms: ['ed25519'] } })), false)
})

test('ok/filters: versions, and templates by OID', () => {
  const any = { clientVersion: 0, serverVersion: 0 }
  const one = policy()
  assert.ok(passesFilter(one, any))
  assert.ok(passesFilter(one, { clientVersion: 2, serverVersion: 2 }))
  assert.ok(!passesFilter(one, { clientVersion: 1, serverVersion: 0 }))
  assert.ok(!passesFilter(one, { clientVersion: 0, serverVersion: 1 }))
  assert.ok(passesFilter(one, { ...any, policyOids: [one.oid] }))
  assert.ok(!passesFilter(one, { ...any, policyOids: ['1.2.3'] }))
})
