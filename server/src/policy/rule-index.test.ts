import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileCondition } from './condition.ts'
import { decide } from './decide.ts'
import type { Facts } from './facts.ts'
import { offer } from './offer.ts'
import type { Policy } from './policy.ts'
import type { Rule } from './rule.ts'
import { RuleIndex } from './rule-index.ts'
import { keySetsOf } from './rule-key.ts'
import { ALICE, policyOf } from './testing.ts'

function keys(text: string): string {
  const compiled = compileCondition(text)
  assert.ok(compiled.ok, text)
  return keySetsOf(compiled.condition.tree)
    .map((set) => set.map(({ path, value }) => `${path}=${value}`).join('|'))
    .join(' & ')
}

test('what a condition cannot be true without', () => {
  for (const [text, expected] of [
    ['client.name == "gw" && "Staff" in user.groups', 'client.name=gw & user.groups=Staff'],
    ['"gw" == client.name', 'client.name=gw'],
    ['client.name in ["a", "b"]', 'client.name=a|client.name=b'],
    ['client.name == "a" || "x" in user.groups', 'client.name=a|user.groups=x'],
    ['client.name == "a" || time.hour > 8', ''],
    ['!(client.name == "a")', ''],
    ['client.name != "a"', ''],
    ['client.name == user.name', ''],
    ['user.attributes.mail == "x"', ''],
    ['time.hour == 8 && client.vendor == "cisco"', 'client.vendor=cisco'],
    ['user.groups.exists(g, g == "x")', ''],
    ['client.name == "a" ? true : true', ''],
    ['client.name.startsWith("a")', ''],
  ] as const)
    assert.equal(keys(text), expected, text)
})

const names = fc.constantFrom('a', 'b', 'c')
const atom = fc.oneof(
  names.map((name) => `client.name == "${name}"`),
  names.map((name) => `"${name}" == client.vendor`),
  names.map((name) => `"${name}" in user.groups`),
  names.map((name) => `request.calledStationId == "${name}"`),
  names.map((name) => `certificate.issuer != "${name}"`),
  fc.array(names, { minLength: 1, maxLength: 2 }).map((list) => `user.name in ["${list.join('", "')}"]`),
  fc.constantFrom('time.hour > 8', 'auth.method == "pap"', 'has(request.calledStationId)', 'true'),
)
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => `(${left} && ${right})`),
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => `(${left} || ${right})`),
    tie('condition').map((inner) => `!(${inner})`),
  ),
}))
const rules: fc.Arbitrary<Rule[]> = fc
  .array(
    fc.record({
      when: condition,
      effect: fc.constantFrom('accept' as const, 'reject' as const),
      mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'shadow' as const),
      methods: fc.constantFrom({}, { outer: ['pap' as const] }, { outer: ['peap' as const] }),
    }),
    { minLength: 8, maxLength: 40 },
  )
  .map((list) => list.map((rule, index) => ({ ...rule, name: `rule ${index}` })))
const facts: fc.Arbitrary<Facts> = fc
  .record({
    client: names,
    vendor: names,
    user: names,
    groups: fc.array(names, { maxLength: 3 }),
    called: fc.option(names),
  })
  .map(({ client, vendor, user, groups, called }) => ({
    ...ALICE,
    auth: { method: 'pap', outerIdentity: user, resumed: false },
    client: { ...ALICE.client, name: client, vendor },
    user: { ...ALICE.user, name: user, groups },
    request: { ...ALICE.request, ...(called === null ? {} : { calledStationId: called }) },
  }))

/** The same policy, every rule looked at. */
function unindexed(policy: Policy): Policy {
  const none = new RuleIndex(policy.rules.map(() => []))
  return { ...policy, decisionIndex: none, offerIndex: none }
}

test('an index changes no decision, no reason and no shadow outcome', () => {
  fc.assert(
    fc.property(rules, facts, (list, about) => {
      const policy = policyOf(list)
      assert.deepEqual(decide(policy, about), decide(unindexed(policy), about))
    }),
    { numRuns: 500 },
  )
})

test('an index changes no offer, nor does remembering it', () => {
  fc.assert(
    fc.property(rules, fc.array(facts, { minLength: 1, maxLength: 6 }), (list, logins) => {
      const policy = policyOf(list)
      for (const { client, request, time, user } of [...logins, ...logins]) {
        const early = { door: 'network', client, request, time, auth: { outerIdentity: user.name } } as const
        assert.deepEqual(offer(policy, early), offer(unindexed(policy), early))
      }
    }),
    { numRuns: 300 },
  )
})

test('a thousand rules that name their client or group: only those that fit are looked at', () => {
  const policy = policyOf(
    Array.from({ length: 1000 }, (_, number) => ({
      name: `rule ${number}`,
      when: number % 2 === 0 ? `client.name == "gw-${number}"` : `"Group ${number}" in user.groups`,
      effect: 'accept' as const,
    })),
  )
  const about: Facts = { ...ALICE, user: { ...ALICE.user, groups: ['Group 7', 'Group 501'] } }
  const { name } = policy.rules[500] as { name: string }
  assert.equal(name, 'rule 500')
  const looked = [
    ...policy.decisionIndex.candidates({ ...about, client: { ...ALICE.client, name: 'gw-500' } }, false),
  ]
  assert.deepEqual(looked, [7, 500, 501])
  assert.deepEqual([...policy.decisionIndex.candidates(ALICE, false)], [])
})
