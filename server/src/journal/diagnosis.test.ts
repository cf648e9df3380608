import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, type Facts } from '../policy/index.ts'
import { ALICE, policyOf } from '../policy/testing.ts'
import { localMinute, reason } from '../reasons/index.ts'
import { diagnose, formatDiagnosis } from './diagnosis.ts'
import type { Receipt } from './receipt.ts'
import { RECEIPT, receipt } from './testing.ts'

const POLICY = policyOf([
  { name: 'vpn', when: '"VPN Users" in user.groups && client.name == "vpn-1"', effect: 'accept' },
])

/** Alice after she was taken out of the group. */
const LATER: Facts = {
  ...ALICE,
  user: { ...ALICE.user, groups: ['Staff'] },
  request: { ...ALICE.request, callingStationId: '02-00-00-00-00-02', attributes: { 'NAS-Port': ['2'] } },
  time: { now: '2026-01-06T11:00:00.000Z', hour: 11, weekday: 2 },
}

function rejected(facts: Facts): Receipt {
  const { reason: why } = decide(POLICY, facts)
  const { rule, ...rest } = receipt(2, { outcome: 'reject', reason: why, facts, profiles: [] })
  return rest
}

test('a reject names the failed condition, the values seen and what changed since the last accept', () => {
  const diagnosis = diagnose({ receipt: rejected(LATER), policy: POLICY, lastAccept: RECEIPT })
  assert.equal(diagnosis.reason, 'no-rule-matched')
  assert.equal(diagnosis.traceDiffers, false)
  assert.deepEqual(
    diagnosis.changes.map(({ text }) => text),
    ['user.groups lost "VPN Users"'],
  )
  assert.deepEqual(
    diagnosis.otherChanges.map(({ path }) => path),
    ['request.callingStationId'],
  )
  assert.equal(
    formatDiagnosis(diagnosis),
    `REJECT alice through vpn-1 by peap with eap-mschapv2 inside
${localMinute('2026-01-05T10:00:02.000Z')}, receipt 01kf7mb0000000000000000002, configuration 7

No rule lets this login in (1 rule tried). What no rule allows is rejected. The nearest is rule "vpn": "VPN Users" in user.groups is false; user.groups = ["Staff"]. (no-rule-matched)
Next: Administrator: look under "Rules" for the condition that failed. Then change the rule, or the group or attribute it asks for.

Changed since the last accept (${localMinute('2026-01-05T10:00:00.000Z')}):
  user.groups lost "VPN Users"

Rules:
  vpn (accept): did not match
    "VPN Users" in user.groups is false; user.groups = ["Staff"]`,
  )
})

test('the connection a login came by stands behind the client', () => {
  const facts = { ...LATER, request: { ...LATER.request, connection: 'Admin VPN' } }
  const diagnosis = diagnose({ receipt: rejected(facts), policy: POLICY })
  assert.equal(diagnosis.connection, 'Admin VPN')
  assert.match(formatDiagnosis(diagnosis), /^REJECT alice through vpn-1, Admin VPN, by peap /)
})

test('a login that never reached the rules is explained without a trace', () => {
  const { name, realm } = ALICE.user
  const known = { ...ALICE, user: { name, realm }, auth: { outerIdentity: 'alice' } }
  const failed = receipt(3, {
    outcome: 'reject',
    reason: reason('wrong-password', { user: 'alice', failures: 2 }),
    facts: known,
    decided: false,
  })
  const diagnosis = diagnose({ receipt: failed, policy: POLICY, lastAccept: RECEIPT })
  assert.doesNotMatch(formatDiagnosis(diagnosis), /has not answered/)
  const silent = diagnose({ receipt: { ...failed, eap: { rounds: 3, unanswered: true } }, policy: POLICY })
  assert.match(formatDiagnosis(silent), /was told that it is refused and has not answered/)
  assert.equal(diagnosis.rules, undefined)
  assert.deepEqual([...diagnosis.changes, ...diagnosis.otherChanges], [])
  assert.equal(diagnosis.sentence, 'The password of "alice" is wrong (2 times in a row).')
})

test('where no rule could accept what was known, the rules say why nothing was offered', () => {
  const { user, auth, ...known } = ALICE
  const { vendor, address } = ALICE.client
  const failed = receipt(3, {
    outcome: 'reject',
    reason: reason('no-rule-matched', { rules: 1 }),
    facts: { ...known, client: { name: 'wifi', vendor, address }, auth: { outerIdentity: 'alice' } },
    decided: false,
  })
  const diagnosis = diagnose({ receipt: failed, policy: POLICY })
  assert.equal(diagnosis.traceDiffers, false)
  assert.match(
    formatDiagnosis(diagnosis),
    /Rules:\n {2}vpn \(accept\): did not match\n {4}client.name == "vpn-1" is false; client.name = "wifi"$/,
  )
})

test('a receipt that no longer follows from its facts is called out', () => {
  assert.equal(diagnose({ receipt: RECEIPT, policy: POLICY }).traceDiffers, false)
  const forged = diagnose({ receipt: { ...RECEIPT, facts: LATER }, policy: POLICY })
  assert.equal(forged.traceDiffers, true)
  assert.match(formatDiagnosis(forged), /the outcome is another one/)
  const unbuildable = reason('reply-unbuildable', { attribute: 'Filter-Id' })
  const honest = { ...RECEIPT, outcome: 'reject', reason: unbuildable } as const
  assert.equal(diagnose({ receipt: honest, policy: POLICY }).traceDiffers, false)
})

test('without the rules of that version, the reason and the changes are still told', () => {
  const diagnosis = diagnose({ receipt: rejected(LATER), lastAccept: RECEIPT })
  assert.equal(diagnosis.rules, undefined)
  assert.deepEqual(
    diagnosis.otherChanges.map(({ path }) => path),
    ['user.groups', 'request.callingStationId'],
  )
})

test('a name from the network cannot write to the terminal', () => {
  const user = 'a\u001b[2J\r\nACCEPT root'
  const text = formatDiagnosis(diagnose({ receipt: receipt(1, { user }) }))
  assert.ok(!text.includes('\u001b') && !text.includes('\r'))
  assert.doesNotMatch(text, /^ACCEPT root/m)
})

test('of rules that did not match, the nearest is the one for this client that lacks least', () => {
  const policy = policyOf([
    { name: 'elsewhere', when: 'client.name == "other"', effect: 'accept' },
    { name: 'far', when: 'user.realm == "partner"', effect: 'accept' },
    { name: 'shut', when: '"VPN Users" in user.groups && client.name == "vpn-1"', effect: 'reject' },
    {
      name: 'tried',
      when: '"Guests" in user.groups && client.name == "vpn-1"',
      effect: 'accept',
      mode: 'shadow',
    },
    { name: 'near', when: '"VPN Users" in user.groups && client.name == "vpn-1"', effect: 'accept' },
    {
      name: 'both',
      when: '"VPN Users" in user.groups && "Staff" in user.groups && "IT" in user.groups',
      effect: 'accept',
    },
  ])
  const { sentence } = diagnose({ receipt: rejected(LATER), policy })
  assert.match(sentence, /The nearest is rule "near": "VPN Users" in user\.groups is false/)
})
