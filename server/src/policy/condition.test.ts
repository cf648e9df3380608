import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileCondition } from './condition.ts'
import { needsOf } from './condition-needs.ts'
import { completeViews, type PartialFacts } from './fact-view.ts'
import type { Facts } from './facts.ts'
import { ALICE } from './testing.ts'

function compiled(text: string) {
  const result = compileCondition(text)
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`)
  return result.condition
}

test('reads are the facts a condition looks at', () => {
  assert.deepEqual(
    compiled('user.groups.exists(g, g == user.name) && user.attributes["mail"] != "" && door == "network"')
      .reads,
    ['user.groups', 'user.name', 'user.attributes.mail', 'door'],
  )
})

test('needs are the facts without which a condition cannot be true', () => {
  for (const [text, needs] of [
    ['certificate.issuer == "x" && user.name == "a"', ['certificate.issuer', 'user.name']],
    ['certificate.issuer == "x" || user.name == "a"', []],
    ['certificate.issuer == "x" || certificate.issuer == "y"', ['certificate.issuer']],
    ['!(certificate.issuer == "x" || user.name == "a")', ['certificate.issuer', 'user.name']],
    ['!(certificate.issuer == "x" && user.name == "a")', []],
    ['has(certificate.issuer) && !has(auth.inner)', []],
    ['auth.resumed ? user.name == "a" : client.name == "b"', ['auth.resumed']],
    ['user.groups.exists(g, g == user.name)', ['user.groups']],
    ['(certificate.issuer == "x" || true) == true', []],
    ['user.attributes.mail == "x"', ['user.attributes']],
  ] as const) {
    assert.deepEqual(needsOf(compiled(text).tree), needs, text)
  }
})

test('holds() is evaluate() being true, whatever facts are absent', () => {
  const leaf = fc.constantFrom(
    'certificate.issuer == "x"',
    'certificate.issuer != "x"',
    'certificate.notAfter > time.now',
    'user.name == "alice"',
    'has(certificate.issuer)',
    'auth.resumed',
    'user.groups.exists(g, g == certificate.issuer)',
    '(auth.resumed ? certificate.issuer : user.name) == "alice"',
    'certificate.dnsNames.all(n, n == "x")',
    'request.calledStationId.startsWith("a")',
    'true',
  )
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} && ${b})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} || ${b})`),
      tie('tree').map((a) => `!(${a})`),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a}) == (${b})`),
    ),
  }))
  const certificate = { issuer: 'x', notAfter: '2027-01-01T00:00:00Z', dnsNames: ['x'] }
  const facts = fc.record({
    certificate: fc.constantFrom(undefined, {}, certificate, { ...certificate, notAfter: 'never' }),
    auth: fc.constantFrom({ resumed: true }, { resumed: false }, {}),
    user: fc.constantFrom(ALICE.user, { name: 'bob' }, { groups: ['x'] }),
    request: fc.constantFrom(ALICE.request, { calledStationId: 'ab', attributes: {} }),
  })
  fc.assert(
    fc.property(tree, facts, (text, changes) => {
      const condition = compiled(text)
      const views = completeViews({ ...ALICE, ...changes } as PartialFacts as Facts)
      assert.equal(condition.holds(views), condition.evaluate(views) === true)
    }),
    { numRuns: 1500 },
  )
})
