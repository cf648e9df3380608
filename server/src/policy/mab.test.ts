import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compilePolicy } from './compile.ts'
import { decide } from './decide.ts'
import { explain } from './explain.ts'
import type { Facts } from './facts.ts'
import { offer } from './offer.ts'
import type { Rule } from './rule.ts'
import { ALICE, policyOf } from './testing.ts'

/** A printer by MAC authentication bypass. */
const PRINTER: Facts = {
  ...ALICE,
  user: { name: '0a1b2c3d4e5f', realm: '', source: 'mac', groups: [], attributes: {} },
  auth: { method: 'mab', outerIdentity: '0A1B2C3D4E5F', resumed: false },
  mac: { address: '0a1b2c3d4e5f', groups: ['Printers'], description: '2nd floor', owner: '', attributes: {} },
}

function decided(rules: readonly Rule[], facts = PRINTER) {
  const { kind, rule, reason } = decide(policyOf(rules), facts)
  return [kind, rule, reason.code]
}

suite('MAC authentication bypass in rules', () => {
  test('ok/an accept that lists mab', () => {
    const rule = { name: 'printers', when: '"Printers" in mac.groups', effect: 'accept' } as const
    assert.deepEqual(decided([{ ...rule, methods: { outer: ['mab'] } }]), ['accept', 'printers', 'accepted'])
  })

  for (const [what, rule] of [
    ['names no methods', { when: 'client.name == "vpn-1"' }],
    ['accepts everybody', { when: 'true' }],
    ['speaks of mac and lists nothing', { when: '"Printers" in mac.groups' }],
    ['lists inner methods', { when: 'client.name == "vpn-1"', methods: { inner: ['eap-mschapv2'] } }],
  ] as const satisfies readonly (readonly [string, Partial<Rule>])[]) {
    test(`fail/an accept that ${what} lets no MAC address in, and the reason says so`, () => {
      assert.deepEqual(decided([{ name: 'r', effect: 'accept', ...rule }]), [
        'reject',
        undefined,
        'mab-not-listed',
      ])
    })
  }

  test('fail/a reject that names no methods refuses MAC addresses as well', () => {
    const rules: Rule[] = [
      { name: 'closed', when: 'client.name == "vpn-1"', effect: 'reject' },
      { name: 'printers', methods: { outer: ['mab'] }, effect: 'accept' },
    ]
    assert.deepEqual(decided(rules), ['reject', 'closed', 'rejected-by-rule'])
  })

  test('fail/a user by a rule for MAC addresses alone, which is not said to be about the method', () => {
    const rules: Rule[] = [{ name: 'printers', methods: { outer: ['mab'] }, effect: 'accept' }]
    assert.deepEqual(decided(rules, ALICE), ['reject', undefined, 'no-rule-matched'])
    const { outer, inner } = offer(policyOf(rules), {})
    assert.deepEqual([...outer, ...inner], [])
  })

  test('fail/groups of users are not groups of MAC addresses', () => {
    const rule: Rule = { name: 'r', when: '"Printers" in user.groups', effect: 'accept' }
    assert.equal(decided([{ ...rule, methods: { outer: ['mab', 'peap'] } }])[0], 'reject')
  })

  test('ok/the trace says that the rule does not list the method', () => {
    const { rules } = explain(policyOf([{ name: 'r', when: 'true', effect: 'accept' }]), PRINTER)
    assert.equal(rules[0]?.outcome, 'method-not-allowed')
  })

  test('ok/checks: a rule behind "everybody" is reached by MAC addresses; mac without mab is doubtful', () => {
    const codesOf = (rules: readonly Rule[]) => {
      const compiled = compilePolicy(rules, [])
      return (compiled.ok ? compiled.warnings : compiled.problems).map(({ code }) => code)
    }
    const everybody: Rule = { name: 'all', when: 'true', effect: 'accept' }
    const printers: Rule = { name: 'p', methods: { outer: ['mab'] }, effect: 'accept' }
    assert.deepEqual(codesOf([everybody, printers]), ['rule-open'])
    assert.deepEqual(codesOf([everybody, { ...printers, methods: { outer: ['pap'] } }]), [
      'rule-open',
      'rule-unreachable',
    ])
    for (const when of ['"Printers" in mac.groups', 'auth.method == "mab"'])
      assert.deepEqual(codesOf([{ name: 'r', when, effect: 'accept' }]), ['rule-mab-not-listed'])
    assert.deepEqual(
      codesOf([{ name: 'r', methods: { outer: ['peap'], inner: ['mab'] }, effect: 'accept' }]),
      ['method-unknown'],
    )
  })
})
