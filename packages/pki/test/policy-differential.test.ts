import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { validatePath } from '../src/path/validate-path.ts'
import { NOW } from './pkits/forge.ts'
import { opensslMissing, opensslVerdict } from './pkits/openssl.ts'
import { ANY, P1, P2, P3, policyChain } from './pkits/policy-chain.ts'

const policy = fc.constantFrom(P1, P2, P3, ANY)
const named = fc.constantFrom(P1, P2, P3)
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const line = fc
  .record({
    policies: fc.uniqueArray(policy, { minLength: 1, maxLength: 3 }),
    maps: optional(fc.uniqueArray(fc.tuple(named, named), { minLength: 1, maxLength: 2, selector: String })),
    requireExplicit: optional(fc.nat(2)),
    inhibitMapping: optional(fc.nat(2)),
    inhibitAny: optional(fc.nat(2)),
    selfIssued: fc.boolean(),
  })
  .map((record) => {
    const { maps, requireExplicit, inhibitMapping, inhibitAny, ...rest } = record
    return {
      ...rest,
      ...(maps !== undefined && { maps }),
      ...(requireExplicit !== undefined && { requireExplicit }),
      ...(inhibitMapping !== undefined && { inhibitMapping }),
      ...(inhibitAny !== undefined && { inhibitAny }),
    }
  })

const inputs = fc.record({
  acceptable: fc.uniqueArray(policy, { minLength: 1, maxLength: 2 }),
  requireExplicit: fc.boolean(),
  inhibitMapping: fc.boolean(),
  inhibitAny: fc.boolean(),
})

test('random policies: the graph of RFC 9618 and the tree of OpenSSL agree', {
  skip: opensslMissing(),
}, () => {
  const seen = { true: 0, false: 0 }
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), inputs, (lines, wanted) => {
      // A leaf maps nothing: section 4.2.1.5 gives mappings to CAs.
      const chain = policyChain(
        lines.map((each, index) => (index === lines.length - 1 ? { policies: each.policies } : each)),
        wanted,
      )
      const ours = validatePath(
        chain.chain.map(({ der }) => der),
        { anchors: [chain.anchor], policy: wanted, at: NOW, purpose: 'any' },
      )
      seen[`${ours.ok}`]++
      const theirs = opensslVerdict(chain, NOW)
      assert.equal(ours.ok, theirs === true, `${JSON.stringify(ours.ok || ours.reason)} and ${theirs}`)
    }),
    { numRuns: 120, seed: 5280 },
  )
  assert.ok(seen.true > 10 && seen.false > 10, JSON.stringify(seen))
})
