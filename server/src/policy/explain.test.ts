import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareFacts } from './compare-facts.ts'
import { decide } from './decide.ts'
import { explain } from './explain.ts'
import { completeViews } from './fact-view.ts'
import type { Facts } from './facts.ts'
import { ALICE, policyOf } from './testing.ts'

function because(when: string, facts: Facts = ALICE) {
  const [rule] = explain(policyOf([{ name: 'r', when, effect: 'accept' }]), facts).rules
  return rule?.because.map(({ text, result, seen }) => [text, result, seen])
}

test('the sub-condition that failed is named with the values it saw', () => {
  assert.deepEqual(because('"VPN Users" in user.groups && client.name == "vpn-2" && user.name == "x"'), [
    ['client.name == "vpn-2"', false, { 'client.name': 'vpn-1' }],
  ])
  assert.deepEqual(because('user.name == "bob" || client.name == "vpn-2"'), [
    ['user.name == "bob"', false, { 'user.name': 'alice' }],
    ['client.name == "vpn-2"', false, { 'client.name': 'vpn-1' }],
  ])
  assert.deepEqual(because('!(user.name == "alice" || client.name == "vpn-2")'), [
    ['user.name == "alice"', true, { 'user.name': 'alice' }],
  ])
  assert.deepEqual(because('user.name == "alice" && certificate.issuer == "CN=x"'), [
    ['certificate.issuer == "CN=x"', 'unknown', { 'certificate.issuer': null }],
  ])
  assert.deepEqual(because('user.groups.exists(g, g.startsWith("Adm"))'), [
    ['user.groups.exists(g, g.startsWith("Adm"))', false, { 'user.groups': ['VPN Users', 'Staff'] }],
  ])
  assert.deepEqual(because('(size(user.groups) + 1) * 2 == 2 || !(user.name != "bob")'), [
    ['(size(user.groups) + 1) * 2 == 2', false, { 'user.groups': ['VPN Users', 'Staff'] }],
    ['user.name != "bob"', true, { 'user.name': 'alice' }],
  ])
  // What is refuted says more than what is unknown.
  assert.deepEqual(because('certificate.issuer == "CN=x" && user.name == "bob"'), [
    ['user.name == "bob"', false, { 'user.name': 'alice' }],
  ])
})

test('each rule up to the deciding one is told, with the whole condition taken apart', () => {
  const policy = policyOf([
    { name: 'shadow', mode: 'shadow', when: 'user.name == "alice"', effect: 'reject' },
    { name: 'cert', when: 'certificate.issuer == "x"', effect: 'accept' },
    { name: 'tls', when: 'client.name == "vpn-1"', methods: { outer: ['eap-tls'] }, effect: 'accept' },
    { name: 'vpn', when: 'client.name == "vpn-1" && !("Guests" in user.groups)', effect: 'accept' },
    { name: 'last', effect: 'reject' },
  ])
  const trace = explain(policy, ALICE)
  assert.deepEqual(
    trace.rules.map(({ rule, outcome }) => [rule, outcome]),
    [
      ['shadow', 'matched'],
      ['cert', 'unknown'],
      ['tls', 'method-not-allowed'],
      ['vpn', 'matched'],
      ['last', 'not-reached'],
    ],
  )
  const condition = trace.rules[3]?.condition
  assert.equal(condition?.kind, 'and')
  assert.deepEqual(
    condition?.parts.map(({ text, kind, result }) => [text, kind, result]),
    [
      ['client.name == "vpn-1"', 'test', true],
      ['!("Guests" in user.groups)', 'not', true],
    ],
  )
  assert.deepEqual(condition?.parts[1]?.parts[0]?.seen, { 'user.groups': ['VPN Users', 'Staff'] })
})

test('facts that went through JSON are decided and explained the same', () => {
  const policy = policyOf([
    { name: 'a', when: 'has(certificate.issuer) && certificate.notAfter > time.now', effect: 'accept' },
    {
      name: 'b',
      when: 'time.hour >= 7 && !("Guests" in user.groups)',
      methods: { outer: ['pap'] },
      effect: 'accept',
    },
    { name: 'c', when: 'request.attributes["NAS-Port"][0] == "1" || auth.resumed', effect: 'accept' },
  ])
  const facts = fc.record({
    groups: fc.array(fc.constantFrom('Guests', 'Staff')),
    hour: fc.integer({ min: 0, max: 23 }),
    port: fc.constantFrom('1', '2'),
    method: fc.constantFrom('pap' as const, 'chap' as const),
    resumed: fc.boolean(),
  })
  fc.assert(
    fc.property(facts, ({ groups, hour, port, method, resumed }) => {
      const live: Facts = {
        ...ALICE,
        user: { ...ALICE.user, groups },
        auth: { method, outerIdentity: 'alice', resumed },
        // As the server gathers them: absent ones undefined, attributes behind a getter, without a prototype.
        request: {
          ...({ calledStationId: undefined } as object),
          get attributes() {
            return Object.assign(Object.create(null), { 'NAS-Port': [port] })
          },
        },
        time: { ...ALICE.time, hour },
      }
      const stored = JSON.parse(JSON.stringify(live)) as Facts
      const decision = decide(policy, live)
      assert.deepEqual(decide(policy, stored), decision)
      const trace = explain(policy, stored)
      assert.deepEqual(trace.decision, decision)
      const matched = trace.rules.find(({ outcome }) => outcome === 'matched')
      assert.equal(matched?.rule, decision.rule)
    }),
  )
})

test('every kind of condition is taken apart to what it came to as a whole', () => {
  for (const when of [
    '!("Guests" in user.groups) && (user.name == "alice" || certificate.issuer == "x")',
    '((user.name == "alice"))',
    '!(!(user.name == "alice"))',
    'user.groups.all(g, !(g == "Guests" && g != "x"))',
    'user.name in ["alice", "боб"] && user.name.matches("^a\\\\w+$")',
    '(user.name == "bob" ? client.name : user.name) == "alice" && -1 < 0',
    'cel.bind(n, user.name, n == "alice" || n == "bob")',
    'has(user.attributes.mail) && !has(user.attributes.phone) && !has(certificate.issuer)',
    'user.attributes["mail"].endsWith("@example.org") && !(user.attributes["phone"] == "1")',
    'user.attributes.phone == "1" || !(certificate.issuer == "x")',
    'time.now > timestamp("2026-01-01T00:00:00Z") && time.hour % 5 == 0 && 10 - (time.hour - 1) == 1',
    '!(user.name == "alice") || {"a": 1}["a"] == 1',
    '( ( user.name ) ) == ( "alice" ) && ")" != "(" && (10 - (time.hour - 1) == 1)',
    'user.name == "x" // a comment with )\n || user.name == "alice"',
  ]) {
    const policy = policyOf([{ name: 'r', when, effect: 'accept' }])
    const [rule] = explain(policy, ALICE).rules
    assert.equal(rule?.condition?.result, policy.rules[0]?.condition?.evaluate(completeViews(ALICE)), when)
    assert.notEqual(rule?.condition?.text.trim(), '')
  }
})

test('compareFacts names what changed', () => {
  const after: Facts = {
    ...ALICE,
    user: { ...ALICE.user, groups: ['Staff', 'Guests'], attributes: {} },
    client: { ...ALICE.client, address: '192.0.2.11' },
    time: { ...ALICE.time, now: '2026-01-06T10:00:00.000Z', weekday: 2 },
  }
  assert.deepEqual(
    compareFacts(ALICE, after).map(({ text }) => text),
    [
      'user.groups lost "VPN Users" and gained "Guests"',
      'user.attributes.mail is absent; it was "alice@example.org"',
      'client.address changed from "192.0.2.10" to "192.0.2.11"',
      'time.weekday changed from 1 to 2',
    ],
  )
  assert.deepEqual(compareFacts(ALICE, ALICE), [])
})

test('compareFacts leaves out what one login never found out', () => {
  const { user, auth, ...rest } = ALICE
  assert.deepEqual(compareFacts({ ...ALICE, certificate: certificate() }, rest), [])
  assert.deepEqual(
    compareFacts({ ...ALICE, certificate: certificate() }, ALICE).map(({ text }) => text),
    ['certificate.issuer is absent; it was "CN=x"'],
  )
})

function certificate() {
  return { issuer: 'CN=x' } as NonNullable<Facts['certificate']>
}
