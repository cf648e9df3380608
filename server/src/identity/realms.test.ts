import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseUserName, RealmTable } from './realms.ts'

const home = { name: 'home', default: true, sources: ['local'] }
const example = {
  name: 'example.org',
  suffixes: ['example.org'],
  prefixes: ['EXAMPLE'],
  sources: ['ad', 'local'],
}
const realms = new RealmTable([home, example])

test('each way of writing a realm finds it', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['alice', 'home', 'alice'],
    ['alice@example.org', 'example.org', 'alice'],
    ['alice@EXAMPLE.ORG', 'example.org', 'alice'],
    ['example\\alice', 'example.org', 'alice'],
    ['host/pc1.example.org', 'example.org', 'host/pc1.example.org'],
    ['host/pc1', 'home', 'host/pc1'],
    ['Zoe\u0308', 'home', 'Zo\u00eb'],
  ]
  for (const [name, realm, user] of cases) {
    const choice = realms.choose(name)
    assert.equal(choice.kind, 'realm', name)
    if (choice.kind === 'realm') assert.deepEqual([choice.realm.name, choice.user], [realm, user], name)
  }
})

test('an unknown realm never becomes the default one', () => {
  assert.deepEqual(realms.choose('alice@example.com'), {
    kind: 'realm-unknown',
    user: 'alice',
    realm: 'example.com',
  })
  // A prefix is no suffix, and a suffix matches whole: neither a sub-domain nor a tail of it.
  for (const name of [
    'alice@EXAMPLE',
    'example.org\\alice',
    'alice@sub.example.org',
    'alice@badexample.org',
  ]) {
    assert.equal(realms.choose(name).kind, 'realm-unknown', name)
  }
  assert.equal(realms.choose('host/pc1.example.com').kind, 'realm-unknown')
})

test('without a default realm a bare name has none', () => {
  assert.deepEqual(new RealmTable([example]).choose('alice'), {
    kind: 'realm-unknown',
    user: 'alice',
    realm: '',
  })
})

test('names that can be read in two ways are refused with their fault', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'empty'],
    ['a@b@c', 'two-realms'],
    ['EXAMPLE\\a@example.org', 'two-realms'],
    ['A\\B\\c', 'two-realms'],
    ['host/a@example.org', 'two-realms'],
    ['@example.org', 'empty-realm'],
    ['alice@', 'empty-realm'],
    ['\\alice', 'empty-realm'],
    ['EXAMPLE\\', 'empty-realm'],
    ['host/', 'empty-realm'],
    ['alice@.org', 'empty-realm'],
    ['alice@example.org.', 'dot-at-end'],
    ['alice@example..org', 'empty-label'],
    ['alice.', 'dot-at-end'],
    ['alice @example.org', 'space-at-end'],
    ['alice@ example.org', 'space-at-end'],
    ['alice\0@example.org', 'control-character'],
  ]
  for (const [name, fault] of cases.filter(([name]) => !name.includes('\\host'))) {
    assert.deepEqual(realms.choose(name), { kind: 'name-refused', fault }, name)
  }
})

test('whatever comes, parsing gives a fault or a name and realm that are in the text', () => {
  const pieces = fc.array(
    fc.constantFrom('alice', '@', '\\', 'host/', '.', '..', ' ', '\0', 'example.org', 'ä'),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((parts) => parts.join('')),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        const parsed = parseUserName(text)
        if (!parsed.ok) return
        assert.ok(text.includes(parsed.user) && parsed.user !== '')
        assert.doesNotMatch(parsed.user, /[@\\]/)
        assert.doesNotMatch(parsed.written?.text ?? '', /[@\\]|^\.|\.$|\.\./)
      },
    ),
    { seed: 20260105 },
  )
})

test('a pattern takes what no suffix or prefix does, before the default; the user part is as ever', () => {
  const branches = {
    name: 'branches',
    patterns: ['^[^@]+@[a-z]+\\.example\\.org$', '^guest-'],
    sources: ['local'],
  }
  const table = new RealmTable([home, example, branches])
  const cases: readonly (readonly [string, string, string])[] = [
    ['alice@example.org', 'example.org', 'alice'],
    ['alice@Oslo.Example.ORG', 'branches', 'alice'],
    ['guest-7', 'branches', 'guest-7'],
    ['alice', 'home', 'alice'],
  ]
  for (const [name, realm, user] of cases) {
    const choice = table.choose(name)
    assert.ok(choice.kind === 'realm', name)
    assert.deepEqual([choice.realm.name, choice.user], [realm, user], name)
  }
  assert.equal(table.choose('alice@oslo.example.org.evil').kind, 'realm-unknown')
  assert.equal(table.choose('a@b@oslo.example.org').kind, 'name-refused')
})
