import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decide } from './decide.ts'
import type { PartialFacts } from './fact-view.ts'
import type { Facts } from './facts.ts'
import { METHODS as ALL, type Method } from './methods.ts'
import { offer } from './offer.ts'
import type { Rule } from './rule.ts'
import { ALICE, policyOf } from './testing.ts'

/** What a supplicant can be offered. */
const METHODS = ALL.filter((method) => method !== 'mab' && method !== 'proxied')

/** What is known when the first packet of a login came: nothing about the user, nothing about the method. */
function early(facts: Facts): PartialFacts {
  const { door, client, request, time } = facts
  return { door, client, request, time, auth: { outerIdentity: facts.auth.outerIdentity } }
}

test('a rule about the user is still possible; one about another client is not', () => {
  const policy = policyOf([
    {
      name: 'vpn',
      when: '"VPN Users" in user.groups && client.name == "vpn-1"',
      methods: { outer: ['peap'], inner: ['eap-tls'] },
      effect: 'accept',
    },
    { name: 'wifi', when: 'client.name == "wifi"', methods: { outer: ['pap'] }, effect: 'accept' },
  ])
  assert.deepEqual(offer(policy, early(ALICE)), {
    outer: ['peap'],
    inner: ['eap-tls'],
    inside: { peap: ['eap-tls'], 'eap-ttls': [] },
  })
})

test('what is not known yet is not absent: no negation and no has() rules a rule out', () => {
  for (const when of [
    '!has(certificate.issuer)',
    'has(certificate.issuer)',
    'has(auth.inner)',
    '!has(auth.inner)',
    '!(user.name == "bob")',
    'has(user.attributes.mail)',
    'auth.method == "pap"',
  ]) {
    const policy = policyOf([{ name: 'r', when, methods: { outer: ['eap-tls'] }, effect: 'accept' }])
    assert.deepEqual(offer(policy, early(ALICE)).outer, ['eap-tls'], when)
  }
})

test('each tunnel is offered what its own rules allow inside', () => {
  const policy = policyOf([
    { name: 'a', methods: { outer: ['peap'], inner: ['eap-tls'] }, effect: 'accept' },
    { name: 'b', methods: { outer: ['eap-ttls'], inner: ['pap'] }, effect: 'accept' },
  ])
  assert.deepEqual(offer(policy, early(ALICE)), {
    outer: ['peap', 'eap-ttls'],
    inner: ['pap', 'eap-tls'],
    inside: { peap: ['eap-tls'], 'eap-ttls': ['pap'] },
  })
})

test('a certain reject closes its methods for the rules after it; a possible or shadow one does not', () => {
  const all = { name: 'all', when: 'user.name != ""', effect: 'accept' } as const
  const reject = (when: string, rest: Partial<Rule> = {}) => ({
    name: 'r',
    when,
    effect: 'reject' as const,
    ...rest,
  })
  const offered = (rule: Rule) => offer(policyOf([rule, all]), early(ALICE))
  assert.deepEqual(offered(reject('client.name == "vpn-1"')).outer, [])
  assert.deepEqual(offered(reject('user.name == "bob"')).outer, [...METHODS])
  assert.deepEqual(offered(reject('client.name == "vpn-1"', { mode: 'shadow' })).outer, [...METHODS])
  const noPap = offered(reject('true', { methods: { outer: ['pap'] } }))
  assert.deepEqual(
    noPap.outer,
    METHODS.filter((method) => method !== 'pap'),
  )
  const noInnerGtc = offered(reject('true', { methods: { outer: ['peap'], inner: ['eap-gtc'] } }))
  assert.equal(noInnerGtc.inside.peap.includes('eap-gtc'), false)
  assert.equal(noInnerGtc.inside['eap-ttls'].includes('eap-gtc'), true)
})

test('whatever is accepted in the end was offered before', () => {
  const method = fc.constantFrom<Method>(...METHODS)
  const inner = fc.constantFrom<Method>(...METHODS.filter((name) => name !== 'peap' && name !== 'eap-ttls'))
  const condition = fc.constantFrom(
    'true',
    'client.name == "vpn-1"',
    'client.name != "vpn-1"',
    '"Staff" in user.groups',
    '!("Staff" in user.groups)',
    'has(certificate.issuer)',
    '!has(certificate.issuer) && client.name == "vpn-1"',
    'auth.method == "peap" || user.name == "bob"',
    'auth.inner == "eap-tls"',
    'auth.resumed',
  )
  const rule = fc.record({
    when: condition,
    mode: fc.constantFrom('enforce' as const, 'shadow' as const),
    effect: fc.constantFrom('accept' as const, 'reject' as const),
    methods: fc.record(
      {
        outer: fc.uniqueArray(method, { minLength: 1, maxLength: 4 }),
        inner: fc.uniqueArray(inner, { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: [] },
    ),
  })
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 5 }),
      method,
      fc.option(inner),
      fc.boolean(),
      (rules, outer, inside, resumed) => {
        const policy = policyOf(rules.map((each, index) => ({ ...each, name: `r${index}` })))
        const auth = {
          method: outer,
          outerIdentity: 'x',
          resumed,
          ...(inside === null ? {} : { inner: inside }),
        }
        const facts = { ...ALICE, auth }
        if (decide(policy, facts).kind !== 'accept') return
        const offered = offer(policy, early(facts))
        assert.ok(offered.outer.includes(outer), outer)
        if (outer === 'peap' || outer === 'eap-ttls')
          assert.ok(offered.inside[outer].includes(inside as Method))
      },
    ),
    { numRuns: 2000 },
  )
})
