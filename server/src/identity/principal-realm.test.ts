import assert from 'node:assert/strict'
import { test } from 'node:test'
import { principalRealm } from './principal-realm.ts'
import type { RealmSettings } from './realms.ts'

const MAIN = { name: 'main', default: true, sources: ['local'] }
const BRANCH = { name: 'branch', suffixes: ['branch.test', 'old.test'], sources: ['local', 'other'] }

for (const [what, realms, user, expected] of [
  ['the bare name in a default realm without suffix', [BRANCH, MAIN], {}, null],
  ['the first suffix of the default realm', [{ ...MAIN, suffixes: ['a.test', 'b.test'] }], {}, 'a.test'],
  ['the suffix of another realm that asks the source', [MAIN, BRANCH], { source: 'other' }, 'branch.test'],
  ['nothing where no realm asks the source', [MAIN], { source: 'other' }, undefined],
  [
    'nothing where the realm goes by prefix',
    [{ name: 'p', prefixes: ['P'], sources: ['local'] }],
    {},
    undefined,
  ],
  // A machine account with a domain is taken apart as host: it belongs to the realm of its domain.
  ['nothing where the name means another realm', [MAIN], { name: 'host/pc1.unknown.test' }, undefined],
  ['nothing without realms', [], {}, undefined],
] as const satisfies readonly (readonly [
  string,
  readonly RealmSettings[],
  object,
  string | null | undefined,
])[]) {
  test(`ok/${what}`, () => {
    assert.equal(principalRealm({ name: 'alice', source: 'local', ...user }, realms), expected)
  })
}
