import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { METHODS } from '../policy/methods.ts'
import { CHECKS } from './checks.ts'
import { type Configuration, configurationSchema } from './schema.ts'
import { METHOD_NAMES } from './sections/rules.ts'

type Input = Parameters<typeof configurationSchema.parse>[0] & object

function check(input: Input): string[] {
  // Secrets in these inputs are plain text, as a Configuration has them.
  const configuration = configurationSchema.parse(input) as Configuration
  return CHECKS.flatMap((one) => one(configuration, {})).map(
    ({ severity, path, code, suggestion }) =>
      `${severity} ${path} ${code}${suggestion === undefined ? '' : ` -> ${suggestion}`}`,
  )
}

const LONG = '0123456789abcdef'
const client = (name: string, address: string, more: object = {}) => ({
  name,
  address,
  secret: LONG,
  ...more,
})
const ownCertificate = (name: string, more: object = {}) => ({
  ...{ name, kind: 'own', serverName: 'radius.test' },
  ...more,
})
const local = { name: 'local', kind: 'local' }
const rule = (name: string, more: object = {}) => ({ name, effect: 'accept', ...more })

const CASES: readonly (readonly [name: string, input: Input, expected: readonly string[]])[] = [
  [
    'ok/everything in order',
    {
      clients: [client('a', '10.0.0.0/8'), client('b', '10.0.0.1'), client('c', 'vpn.example.org')],
      sources: [local],
      realms: [
        { name: 'default', default: true, sources: ['local'] },
        { name: 'x', suffixes: ['x.org'], prefixes: ['X'], sources: ['local'] },
      ],
      trust: [{ name: 'own', kind: 'own' }],
      profiles: [{ name: 'vpn' }],
      rules: [
        rule('one', { when: 'true', profiles: ['vpn'] }),
        rule('two', { mode: 'shadow' }),
        rule('three'),
      ],
    },
    [],
  ],
  [
    'fail/server certificates: unknown client and realm, the same selection twice, a name that is taken',
    {
      serverCertificates: [
        ownCertificate('a', { clients: ['nobody'], realms: ['nowhere'] }),
        ownCertificate('b'),
        ownCertificate('c'),
        ownCertificate('built-in', { realms: ['nowhere'], clients: ['nobody'] }),
      ],
    },
    [
      'error serverCertificates/a/clients/0 unknown-client',
      'error serverCertificates/a/realms/0 unknown-realm',
      'error serverCertificates/c certificate-selection-taken',
      'error serverCertificates/built-in/clients/0 unknown-client',
      'error serverCertificates/built-in/realms/0 unknown-realm',
      'error serverCertificates/built-in name-reserved',
      'error serverCertificates/built-in certificate-selection-taken',
    ],
  ],
  [
    'fail/names that differ in case only',
    { clients: [client('vpn', '192.0.2.1'), client('VPN', '192.0.2.2')] },
    ['error clients/VPN duplicate-name'],
  ],
  [
    'fail/one address twice, in two spellings',
    {
      clients: [
        client('a', '192.0.2.1'),
        client('b', '192.0.2.1/32'),
        client('c', '2001:db8::/32'),
        client('d', '2001:DB8:0::/32'),
        client('e', 'vpn.example.org'),
        client('f', 'VPN.example.org'),
        client('g', '::ffff:192.0.2.1'),
      ],
    },
    [
      'error clients/b/address address-taken',
      'error clients/d/address address-taken',
      'error clients/f/address address-taken',
      'error clients/g/address address-taken',
    ],
  ],
  [
    'fail/host bits in a network',
    { clients: [client('a', '10.0.0.1/8')] },
    ['error clients/a/address host-bits -> 10.0.0.0/8'],
  ],
  [
    'fail/a source that is not there',
    { sources: [local], realms: [{ name: 'd', default: true, sources: ['lokal'] }] },
    ['error realms/d/sources/0 unknown-source -> local'],
  ],
  [
    'fail/a profile that is not there',
    { profiles: [{ name: 'staff' }], rules: [rule('r', { profiles: ['staf'] })] },
    ['error rules/r/profiles/0 unknown-profile -> staff'],
  ],
  [
    'fail/two realms for one name',
    {
      sources: [local],
      realms: [
        { name: 'a', default: true, suffixes: ['x.org'], prefixes: ['X'], sources: ['local'] },
        { name: 'b', default: true, suffixes: ['X.ORG'], prefixes: ['x'], sources: ['local'] },
      ],
    },
    [
      'error realms/b/default realm-overlap',
      'error realms/b/suffixes/0 realm-overlap',
      'error realms/b/prefixes/0 realm-overlap',
    ],
  ],
  [
    'warn/a realm nobody reaches',
    { sources: [local], realms: [{ name: 'a', sources: ['local'] }] },
    ['warning realms/a realm-unused'],
  ],
  [
    'warn/short, same and legacy secrets',
    {
      clients: [
        client('a', '192.0.2.1', {
          secret: '123456789012345',
          newSecret: '123456789012345',
          requireMessageAuthenticator: false,
        }),
      ],
    },
    [
      'warning clients/a/secret secret-short',
      'warning clients/a/newSecret secret-short',
      'warning clients/a/newSecret secret-same',
      'warning clients/a/requireMessageAuthenticator legacy-client',
    ],
  ],
  [
    'warn/a secret with a line break at its end',
    { clients: [client('a', '192.0.2.1', { secret: `${LONG}\n` })] },
    ['warning clients/a/secret secret-space'],
  ],
  [
    'warn/a rule behind one that matches always, and profiles of a reject',
    {
      profiles: [{ name: 'p' }],
      rules: [
        rule('certificates', { methods: { outer: ['eap-tls'] } }),
        rule('no', { effect: 'reject', profiles: ['p'] }),
        rule('late'),
      ],
    },
    ['warning rules/no/profiles profiles-unused', 'warning rules/late rule-unreachable'],
  ],
  [
    'fail/two own authorities',
    {
      trust: [
        { name: 'a', kind: 'own' },
        { name: 'b', kind: 'own' },
      ],
    },
    ['error trust/b own-twice'],
  ],
]

describe('checks of the configuration', () => {
  for (const [name, input, expected] of CASES) {
    it(name, () => assert.deepEqual(check(input), expected))
  }

  it('knows the methods of the policy', () => assert.deepEqual(METHOD_NAMES, METHODS))
})
