import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkRealmPatterns } from '../identity/realm-checks.ts'
import { CHECKS } from './checks.ts'
import { type Configuration, configurationSchema } from './schema.ts'
import { secretsOf, withReferences } from './secrets.ts'

type Input = Parameters<typeof configurationSchema.parse>[0] & object

const SECRET = '0123456789abcdef'
const upstream = (name: string, more: object = {}) => ({
  ...{ name, group: 'hq', host: `${name}.example.org`, secret: SECRET },
  ...more,
})
const proxied = (name: string, group = 'hq', more: object = {}) => ({
  name,
  suffixes: [name],
  proxy: { group },
  ...more,
})
const local = { name: 'local', kind: 'local' }

const CASES: readonly (readonly [name: string, input: Input, expected: readonly string[]])[] = [
  [
    'ok/a group of two, a realm that is passed on',
    { upstreams: [upstream('a'), upstream('b')], realms: [proxied('x')] },
    [],
  ],
  [
    'fail/a group nobody belongs to',
    { upstreams: [upstream('a')], realms: [proxied('x', 'hw')] },
    ['error realms/x/proxy/group unknown-upstream-group -> hq'],
  ],
  [
    'fail/a realm that is passed on and has sources, or has neither',
    {
      upstreams: [upstream('a')],
      sources: [local],
      realms: [proxied('x', 'hq', { sources: ['local'] }), { name: 'y', suffixes: ['y'] }],
    },
    ['error realms/x/sources realm-twice', 'error realms/y realm-unserved'],
  ],
  [
    'fail/a radius source without its group, and a group named like a source',
    {
      upstreams: [upstream('a', { group: 'local' })],
      sources: [local, { name: 'r', kind: 'radius', group: 'locl' }],
      realms: [{ name: 'd', default: true, sources: ['local', 'r'] }],
    },
    ['error upstreams/a/group duplicate-name', 'error sources/r/group unknown-upstream-group -> local'],
  ],
  [
    'warning/legacy replies, one server twice, everything allowed, a short secret',
    {
      upstreams: [
        upstream('a', { requireMessageAuthenticator: false, secret: 'shortish' }),
        upstream('b', { host: 'A.example.org' }),
      ],
      realms: [{ ...proxied('x'), proxy: { group: 'hq', reply: { allow: ['*'] } } }],
    },
    [
      'warning upstreams/a/secret secret-short',
      'warning upstreams/a/requireMessageAuthenticator legacy-upstream',
      'warning upstreams/b/host upstream-twice',
      'warning realms/x/proxy/reply/allow allows-everything',
    ],
  ],
]

describe('checks of upstreams and the realms they answer', () => {
  for (const [name, input, expected] of CASES) {
    it(name, () => {
      // Secrets in these inputs are plain text, as a Configuration has them.
      const configuration = configurationSchema.parse(input) as Configuration
      const found = CHECKS.flatMap((one) => one(configuration, {})).map(
        ({ severity, path, code, suggestion }) =>
          `${severity} ${path} ${code}${suggestion === undefined ? '' : ` -> ${suggestion}`}`,
      )
      assert.deepEqual(found, expected)
    })
  }

  it('fail/patterns that hostile names could run for ever on, or that are none', () => {
    const realm = (pattern: string) => ({ ...proxied('x'), patterns: [pattern] })
    const complaints = ['(a+)+$', '[', 'a*b*c*d*', '^[^@]+@[a-z]+\\.example\\.org$'].map((pattern) => {
      const configuration = configurationSchema.parse({ realms: [realm(pattern)] }) as Configuration
      return checkRealmPatterns(configuration).map(({ severity, path }) => `${severity} ${path}`)
    })
    const refused = ['error realms/x/patterns/0']
    assert.deepEqual(complaints, [refused, refused, refused, []])
  })

  it('fail/a secret of an upstream leaves the process only as a reference', () => {
    const configuration = configurationSchema.parse({ upstreams: [upstream('a')] }) as Configuration
    assert.deepEqual([...secretsOf(configuration)], [['upstreams/a/secret', SECRET]])
    assert.ok(!JSON.stringify(withReferences(configuration)).includes(SECRET))
  })
})
