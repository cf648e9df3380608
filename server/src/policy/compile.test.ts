import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configurationSchema } from '../config/schema.ts'
import { METHOD_NAMES } from '../config/sections/rules.ts'
import { compilePolicy } from './compile.ts'
import { METHODS } from './methods.ts'
import type { Profile, Rule } from './rule.ts'

function problemsOf(rules: readonly Rule[], profiles: readonly Profile[] = []) {
  const compiled = compilePolicy(rules, profiles)
  return compiled.ok ? compiled.warnings : compiled.problems
}

function problemOf(rule: Partial<Rule>, profiles: readonly Profile[] = []) {
  const [problem, ...others] = problemsOf([{ name: 'r', effect: 'accept', ...rule }], profiles)
  assert.deepEqual(others, [])
  return problem
}

test('ok/a rule of the guide', () => {
  const rule = {
    name: 'vpn-users',
    when: '"VPN Users" in user.groups && client.name == "vpn-1"',
    methods: { outer: ['peap', 'eap-tls', 'mschapv2'], inner: ['eap-mschapv2', 'eap-tls'] },
    effect: 'accept',
    profiles: ['vpn'],
  } as const
  assert.deepEqual(problemsOf([rule], [{ name: 'vpn', vlan: 42 }]), [])
})

test('fail/a mistyped fact is refused with its position and the right name', () => {
  for (const [when, position, suggestion] of [
    ['user.group == "x"', 0, 'user.groups'],
    ['true && usr.name == "x"', 8, 'user'],
    ['client.name == "a" || certificate.isuer == "x"', 22, 'certificate.issuer'],
    ['has(certificate.isuer)', 0, 'certificate.issuer'],
    ['user.groups.exists(g, g == user.nam)', 27, 'user.name'],
  ] as const) {
    const problem = problemOf({ when })
    assert.equal(problem?.code, 'condition-unknown-name', when)
    assert.equal(problem?.severity, 'error')
    assert.equal(problem?.path, 'rules/r/when')
    assert.equal(problem?.position, position, when)
    assert.equal(problem?.suggestion, suggestion, when)
  }
})

test('fail/conditions that do not parse, do not fit or give no truth', () => {
  for (const [when, code] of [
    ['', 'condition-blank'],
    [' \n', 'condition-blank'],
    ['user.name ==', 'condition-syntax'],
    ['user.name == 1', 'condition-type'],
    ['time.hour > "7"', 'condition-type'],
    ['user.groups == "VPN Users"', 'condition-type'],
    ['"a" && true', 'condition-type'],
    ['user.name', 'condition-not-boolean'],
    ['user.attributes', 'condition-not-boolean'],
    ['user.name.matches("(")', 'condition-pattern'],
    ['user.name.matches("(a+)+$")', 'condition-pattern'],
    ['user.name.matches(client.name)', 'condition-pattern'],
  ] as const) {
    const problem = problemOf({ when })
    assert.equal(problem?.code, code, when)
    assert.equal(problem?.severity, 'error', when)
    assert.equal(typeof problem?.position, 'number', when)
  }
})

test('fail/a rule that is open by omission; saying so is a warning', () => {
  assert.equal(problemOf({})?.code, 'rule-open')
  assert.equal(problemOf({})?.severity, 'error')
  assert.equal(problemOf({ methods: {} })?.severity, 'error')
  assert.deepEqual(
    [problemOf({ when: 'true' })?.code, problemOf({ when: 'true' })?.severity],
    ['rule-open', 'warning'],
  )
  assert.equal(problemOf({ effect: 'reject' }), undefined)
  assert.equal(problemOf({ methods: { outer: ['eap-tls'] } }), undefined)
})

test('fail/method lists that are empty, unknown or make no sense', () => {
  assert.equal(problemOf({ methods: { outer: [] } })?.code, 'rule-methods-empty')
  assert.equal(problemOf({ methods: { outer: ['peep' as 'peap'] } })?.suggestion, 'peap')
  assert.equal(problemOf({ methods: { outer: ['peap'], inner: ['eap-ttls'] } })?.code, 'method-unknown')
  assert.equal(problemOf({ methods: { inner: ['eap-tls'] } })?.code, 'rule-inner-without-outer')
  assert.equal(
    problemOf({ methods: { outer: ['pap'], inner: ['eap-tls'] } })?.code,
    'rule-inner-without-tunnel',
  )
})

test('fail/profiles that are missing, on a reject, twice or in conflict', () => {
  const when = 'client.name == "a"'
  const staff = { name: 'staff', vlan: 1, filterId: 'f' }
  assert.equal(problemOf({ when, profiles: ['staf'] }, [staff])?.suggestion, 'staff')
  assert.equal(problemOf({ when, effect: 'reject', profiles: ['staff'] }, [staff])?.code, 'profile-on-reject')
  assert.equal(problemOf({ when }, [staff, staff])?.code, 'profile-name-twice')
  const conflict = problemOf({ when, profiles: ['staff', 'guest'] }, [
    staff,
    { name: 'guest', vlan: 2, filterId: 'f' },
  ])
  assert.deepEqual(
    [conflict?.code, conflict?.severity, conflict?.message],
    ['profile-conflict', 'warning', 'Profiles staff and guest both set vlan; the value of staff is used.'],
  )
})

test('fail/two rules of one name; a rule behind one that always matches', () => {
  const rule = { name: 'a', when: 'client.name == "a"', effect: 'accept' } as const
  assert.deepEqual(
    problemsOf([rule, rule]).map(({ code }) => code),
    ['rule-name-twice'],
  )
  const nobody = { name: 'nobody', effect: 'reject' } as const
  assert.deepEqual(
    problemsOf([nobody, rule]).map(({ path, code, severity }) => [path, code, severity]),
    [['rules/a', 'rule-unreachable', 'warning']],
  )
  assert.deepEqual(problemsOf([{ ...nobody, mode: 'shadow' }, rule]), [])
  assert.deepEqual(problemsOf([{ ...nobody, methods: { outer: ['pap'] } }, rule]), [])
})

test('rules and profiles of a configuration document fit, and so do its method names', () => {
  const document = configurationSchema.parse({
    profiles: [{ name: 'vpn', vlan: 42, attributes: [{ name: 'Cisco-AVPair', value: 'x' }] }],
    rules: [
      {
        name: 'a',
        when: 'user.name != ""',
        methods: { outer: ['peap'] },
        effect: 'accept',
        profiles: ['vpn'],
      },
      { name: 'b', effect: 'reject' },
    ],
  })
  assert.deepEqual(problemsOf(document.rules, document.profiles), [])
  assert.deepEqual([...METHOD_NAMES], [...METHODS])
})

test('all problems are told at once', () => {
  const rules = [
    { name: 'a', when: 'usr.name == "x"', effect: 'accept', profiles: ['none'] },
    { name: 'b', when: '', effect: 'accept' },
  ] as const
  assert.deepEqual(
    problemsOf(rules).map(({ code }) => code),
    ['profile-unknown', 'condition-unknown-name', 'condition-blank'],
  )
})

test('a rule that allows some methods only reads the method that was used', () => {
  const compiled = compilePolicy(
    [
      { name: 'tunnels', methods: { outer: ['peap'], inner: ['eap-tls'] }, effect: 'accept' },
      { name: 'rest', when: '"Staff" in user.groups', effect: 'accept' },
    ],
    [],
  )
  assert.ok(compiled.ok)
  assert.deepEqual([...compiled.policy.reads].sort(), ['auth.inner', 'auth.method', 'user.groups'])
})
