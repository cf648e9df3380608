import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex } from '@sallyport/bytes'
import { anchor, DAY, endEntity, NOW } from '../../test/pkits/forge.ts'
import { validatePath } from '../path/validate-path.ts'
import { type CrlEntry, createCrl } from './create-crl.ts'
import type { Crl } from './crl.ts'
import type { CrlReason } from './crl-reason.ts'

const root = anchor()
const other = anchor()
const leaf = endEntity(root).certificate
const entry = (reason: CrlReason): CrlEntry => ({ serial: leaf.serial, revokedAt: NOW - DAY, reason })

interface Wanted {
  readonly number: number
  readonly base?: number
  readonly entries?: readonly CrlEntry[]
  readonly ends?: number
  readonly by?: typeof root
}

function list({ number, base, entries = [], ends = NOW + DAY, by = root }: Wanted): Crl {
  return createCrl({
    issuer: { certificate: root.certificate, privateKey: by.keys.privateKey },
    ...{ number, thisUpdate: NOW - 2 * DAY, nextUpdate: ends, revoked: entries },
    ...(base !== undefined && { baseNumber: base }),
  })
}

function judge(...crls: Crl[]): string {
  const verdict = validatePath([leaf.der], {
    ...{ anchors: [root.certificate], crls, revocation: 'required', at: NOW, purpose: 'any' },
  })
  return verdict.ok ? `good until ${(verdict.validUntil - NOW) / DAY}` : verdict.reason
}

const CLEAN = list({ number: 10, ends: NOW + 5 * DAY })
const HELD = list({ number: 10, entries: [entry('certificateHold')] })

test('ok/RFC 5280 section 5.2.4: a delta on top of the complete list, until the first of them ends', () => {
  assert.equal(judge(CLEAN), 'good until 5')
  assert.equal(judge(CLEAN, list({ number: 11, base: 10 })), 'good until 1')
  assert.equal(judge(CLEAN, list({ number: 11, base: 9 })), 'good until 1')
})

test('fail/revoked by the delta, whatever the order; the newest delta counts', () => {
  const revoking = list({ number: 11, base: 10, entries: [entry('keyCompromise')] })
  assert.equal(judge(CLEAN, revoking), 'revoked')
  assert.equal(judge(revoking, CLEAN), 'revoked')
  const released = list({ number: 12, base: 10, entries: [entry('removeFromCRL')] })
  assert.equal(judge(CLEAN, revoking, released), 'good until 1')
  assert.equal(
    judge(CLEAN, list({ number: 13, base: 10, entries: [entry('keyCompromise')] }), released),
    'revoked',
  )
})

test('ok/a released hold; fail/removeFromCRL on a complete list', () => {
  const released = [entry('removeFromCRL')]
  assert.equal(judge(HELD), 'revoked')
  assert.equal(judge(HELD, list({ number: 11, base: 10, entries: released })), 'good until 1')
  assert.equal(judge(list({ number: 10, entries: released })), 'revoked')
})

test('fail/a delta for a later base, not newer than the list, of another key or ended releases nobody', () => {
  const released = { base: 10, entries: [entry('removeFromCRL')] }
  assert.equal(judge(HELD, list({ number: 12, ...released, base: 11 })), 'revoked')
  assert.equal(judge(HELD, list({ number: 10, ...released })), 'revoked')
  assert.equal(judge(HELD, list({ number: 11, ...released, by: other })), 'revoked')
  assert.equal(judge(HELD, list({ number: 11, ...released, ends: NOW - 1000 })), 'revoked')
})

test('fail/a delta alone is no list', () => {
  assert.equal(judge(list({ number: 11, base: 10 })), 'crl-unsupported')
})

test('ok/what is created reads back: base, invalidity date', () => {
  const revoked = [{ ...entry('keyCompromise'), serial: fromHex('05'), invalidityDate: NOW - 5 * DAY }]
  const delta = list({ number: 11, base: 10, entries: revoked })
  assert.deepEqual([delta.number, delta.baseNumber], ['0b', '0a'])
  assert.equal(delta.revoked.get(fromHex('05'))?.invalidityDate, NOW - 5 * DAY)
  assert.throws(() => list({ number: 9, base: 10 }), { code: 'invalid-request' })
})
