import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decide } from './decide.ts'
import type { Facts } from './facts.ts'
import { METHODS } from './methods.ts'
import { ALICE, policyOf } from './testing.ts'

const CERTIFICATE = {
  subject: 'CN=alice',
  issuer: 'CN=Own CA',
  serial: '01',
  fingerprint: 'ab',
  notAfter: '2026-02-01T00:00:00Z',
  extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'],
  dnsNames: [],
  upns: ['alice@example.org'],
  emails: [],
} as const

function accepts(when: string, facts: Facts = ALICE): boolean {
  return decide(policyOf([{ name: 'r', when, effect: 'accept' }]), facts).kind === 'accept'
}

test('the first match wins, and carries the profiles merged in order', () => {
  const policy = policyOf(
    [
      { name: 'pap', when: 'auth.method == "pap"', effect: 'reject' },
      { name: 'vpn', when: '"VPN Users" in user.groups', effect: 'accept', profiles: ['a', 'b'] },
      { name: 'late', when: 'user.name == "alice"', effect: 'reject' },
    ],
    [
      { name: 'a', vlan: 1, attributes: [{ name: 'X', value: '1' }] },
      {
        name: 'b',
        vlan: 2,
        filterId: 'staff',
        attributes: [
          { name: 'X', value: '1' },
          { name: 'X', value: '2' },
        ],
      },
    ],
  )
  assert.deepEqual(decide(policy, ALICE), {
    kind: 'accept',
    rule: 'vpn',
    reason: { code: 'accepted', values: { rule: 'vpn' } },
    profiles: ['a', 'b'],
    obligations: {
      vlan: 1,
      filterId: 'staff',
      attributes: [
        { name: 'X', value: '1' },
        { name: 'X', value: '2' },
      ],
    },
    shadow: [],
  })
  const pap: Facts = { ...ALICE, auth: { method: 'pap', outerIdentity: 'alice', resumed: false } }
  const rejected = decide(policy, pap)
  assert.deepEqual(
    [rejected.kind, rejected.rule, rejected.reason.code],
    ['reject', 'pap', 'rejected-by-rule'],
  )
})

test('no rule, or none that matches, rejects', () => {
  assert.deepEqual(decide(policyOf([]), ALICE).reason, { code: 'no-rule-matched', values: { rules: 0 } })
  assert.equal(accepts('user.name == "bob"'), false)
})

test('an absent fact fulfils neither a condition nor its negation', () => {
  for (const when of [
    'certificate.issuer == "CN=Own CA"',
    'certificate.issuer != "CN=Own CA"',
    '!(certificate.issuer == "CN=Own CA")',
    '!("x" in certificate.dnsNames)',
    '!certificate.dnsNames.exists(n, n == "x")',
    'certificate.dnsNames.all(n, n != "x")',
    '!(certificate.notAfter < time.now)',
    'user.attributes.department != "sales"',
    '!(user.attributes.department == "sales")',
    '!request.calledStationId.startsWith("guest")',
    'request.attributes["Called-Station-Id"][0] != "x"',
    'certificate.issuer == "x" ? true : true',
    '!(certificate.issuer == "x" || user.name == "bob")',
    'certificate.issuer != "x" && user.name == "alice"',
  ]) {
    assert.equal(accepts(when), false, when)
  }
})

test('where the rest alone settles the result, an absent fact does not matter', () => {
  assert.equal(accepts('certificate.issuer == "x" || user.name == "alice"'), true)
  assert.equal(accepts('user.name == "alice" || certificate.issuer == "x"'), true)
  assert.equal(accepts('!(certificate.issuer == "x" && user.name == "bob")'), true)
})

test('has() asks whether a fact is there', () => {
  assert.equal(accepts('has(certificate.issuer)'), false)
  assert.equal(accepts('!has(certificate.issuer)'), true)
  assert.equal(accepts('has(certificate.issuer)', { ...ALICE, certificate: CERTIFICATE }), true)
  assert.equal(accepts('has(user.attributes.mail) && !has(user.attributes.phone)'), true)
})

test('instants, hours and lists are what CEL takes them for', () => {
  const facts = { ...ALICE, certificate: CERTIFICATE }
  assert.equal(accepts('certificate.notAfter - time.now > duration("24h")', facts), true)
  assert.equal(accepts('certificate.notAfter - time.now > duration("2400h")', facts), false)
  assert.equal(accepts('time.weekday <= 5 && time.hour >= 7 && time.hour < 19'), true)
  assert.equal(accepts('time.now < timestamp("2026-01-05T10:00:01Z")'), true)
  assert.equal(accepts('user.groups.exists(g, g.startsWith("VPN"))'), true)
  assert.equal(accepts('request.attributes["NAS-Port"][0] == "1"'), true)
})

test('an instant that cannot be read is unknown, not some time', () => {
  const facts = { ...ALICE, certificate: { ...CERTIFICATE, notAfter: 'never' } }
  assert.equal(accepts('certificate.notAfter > time.now', facts), false)
  assert.equal(accepts('!(certificate.notAfter < time.now)', facts), false)
  assert.equal(accepts('certificate.notAfter != time.now', facts), false)
})

test('inherited properties are no facts', () => {
  assert.equal(accepts('has(user.attributes.constructor)'), false)
  assert.equal(accepts('"toString" in user.attributes'), false)
  assert.equal(accepts('has(user.attributes.__proto__)'), false)
})

test('the matched rule enforces its methods, outer and inner', () => {
  const when = '"VPN Users" in user.groups'
  const only = { outer: ['peap', 'eap-tls'], inner: ['eap-tls'] } as const
  const policy = policyOf([{ name: 'certificates', when, methods: only, effect: 'accept' }])
  const decision = decide(policy, ALICE)
  assert.equal(decision.kind, 'reject')
  assert.deepEqual(decision.reason, {
    code: 'method-not-allowed',
    values: {
      rule: 'certificates',
      method: 'peap',
      inner: 'eap-mschapv2',
      allowed: ['eap-tls', 'peap'],
      allowedInside: ['eap-tls'],
    },
  })
  const withInner = (inner?: 'eap-tls') => ({
    ...ALICE,
    auth: {
      method: 'peap',
      outerIdentity: 'x',
      resumed: false,
      ...(inner === undefined ? {} : { inner }),
    } as const,
  })
  assert.equal(decide(policy, withInner('eap-tls')).kind, 'accept')
  // A tunnel in which nothing was proved is never allowed.
  assert.equal(decide(policy, withInner()).kind, 'reject')
  assert.equal(
    decide(policyOf([{ name: 'all', when: 'true', effect: 'accept' }]), withInner()).kind,
    'reject',
  )
  // Inner methods alone speak of tunnels: a bare PAP does not slip through.
  const inner = policyOf([{ name: 'r', when, methods: { inner: ['eap-tls'] }, effect: 'accept' }])
  const pap = { ...ALICE, auth: { method: 'pap', outerIdentity: 'alice', resumed: false } } as const
  assert.equal(decide(inner, pap).kind, 'reject')
})

test('a rule skipped for its methods leaves the next one its turn', () => {
  const policy = policyOf([
    { name: 'strict', when: 'true', methods: { outer: ['eap-tls'] }, effect: 'accept' },
    { name: 'lax', when: 'true', methods: { outer: ['peap'] }, effect: 'accept' },
  ])
  assert.equal(decide(policy, ALICE).rule, 'lax')
})

test('shadow rules are recorded up to the decision and never decide', () => {
  const policy = policyOf([
    { name: 'would-reject', mode: 'shadow', when: 'user.name == "alice"', effect: 'reject' },
    { name: 'not-matching', mode: 'shadow', when: 'user.name == "bob"', effect: 'reject' },
    { name: 'staff', when: '"Staff" in user.groups', effect: 'accept' },
    { name: 'after', mode: 'shadow', when: 'true', effect: 'reject' },
  ])
  const decision = decide(policy, ALICE)
  assert.equal(decision.kind, 'accept')
  assert.deepEqual(decision.shadow, [{ rule: 'would-reject', effect: 'reject', profiles: [] }])
  // The prepared decision is shared: recording must not have touched it.
  assert.deepEqual(decide(policy, { ...ALICE, user: { ...ALICE.user, name: 'carol' } }).shadow, [])
  const shadowOnly = policyOf([{ name: 's', mode: 'shadow', when: 'true', effect: 'accept' }])
  assert.equal(decide(shadowOnly, ALICE).kind, 'reject')
})

test('decide is total: whatever the facts hold, it answers, and garbage is never accepted', () => {
  const policy = policyOf([
    { name: 'r1', when: 'certificate.notAfter > time.now && !(user.name == "x")', effect: 'accept' },
    { name: 'r2', when: 'user.groups.exists(g, g.matches("^VPN")) || time.hour < 3', effect: 'accept' },
    { name: 'r3', when: '!("Guests" in user.groups) && user.attributes.mail != ""', effect: 'accept' },
    { name: 'r4', when: 'auth.resumed || size(request.attributes) > 3', effect: 'reject' },
  ])
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(ALICE), 'certificate'), fc.anything()),
      (garbage) => {
        const decision = decide(policy, garbage as unknown as Facts)
        assert.ok(decision.kind === 'accept' || decision.kind === 'reject')
        const method = (garbage.auth as { method?: unknown } | undefined)?.method
        if (!METHODS.includes(method as 'pap')) assert.equal(decision.kind, 'reject')
      },
    ),
    { numRuns: 500 },
  )
  for (const facts of [
    undefined,
    null,
    1,
    {
      get user() {
        throw new Error('no')
      },
    },
  ]) {
    assert.equal(decide(policy, facts as unknown as Facts).kind, 'reject')
  }
})

test('fail/a connection no gateway named: no condition about it holds, whichever way it is put', () => {
  for (const when of [
    'request.connection == "Admin VPN"',
    'request.connection != "Admin VPN"',
    '!(request.connection == "Admin VPN")',
    '!(request.connection in ["Admin VPN"])',
    '!request.connection.startsWith("Admin")',
    'size(request.connection) == 0',
  ])
    assert.equal(accepts(when), false, when)
})
