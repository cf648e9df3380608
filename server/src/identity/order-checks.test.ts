import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../config/schema.ts'
import { checkDirectories } from './directory-checks.ts'
import { checkOrder } from './order-checks.ts'

const BASE = 'dc=example,dc=org'
const ACCOUNT = { bindDn: `cn=svc,${BASE}`, bindPassword: 'secret' }
const LDAP = { name: 'ad', kind: 'ldap', servers: ['ldaps://dc1'], baseDn: BASE, ...ACCOUNT }
const WINBIND = { name: 'domain', kind: 'winbind', directory: 'ad' }
const LOCAL = { name: 'local', kind: 'local' }
const TACACS = { name: 'old', kind: 'tacacs', servers: ['tac'], secret: '0123456789abcdef' }
const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
/** Nothing a rule could let in by MS-CHAP. */
const METHODS = { outer: ['pap', 'eap-ttls'], inner: ['pap'] }

type Source = Readonly<Record<string, unknown>> & { readonly name: string }

function found(sources: readonly Source[], methods: object = METHODS, order = sources): string[] {
  const configuration = configurationSchema.parse({
    sources,
    realms: [{ name: 'home', default: true, sources: order.map(({ name }) => name) }],
    rules: [{ name: 'vpn', methods, effect: 'accept' }],
  }) as Configuration
  return [...checkDirectories(configuration), ...checkOrder(configuration)].map(
    ({ severity, path, code, suggestion = '' }) => `${severity} ${path} ${code} ${suggestion}`.trim(),
  )
}

/** One LDAP source with other settings -> what is found, without its path. */
const SETTINGS: readonly (readonly [name: string, settings: object, expected: readonly string[]])[] = [
  ['ok/regular', {}, []],
  ['ok/StartTLS', { servers: ['ldap://dc1'], startTls: true }, []],
  ['ok/servers of the domain', { servers: [], domain: 'example.org', site: 'Berlin' }, []],
  ['ok/UPN and DOMAIN\\user of Active Directory', { bindDn: 'svc@example.org' }, []],
  ['ok/user filter', { userFilter: '(&(employeeType=staff)(!(loginDisabled=TRUE)))' }, []],
  [
    'ok/simple',
    { bindMode: 'simple', userDn: `uid={user},${BASE}`, bindDn: undefined, bindPassword: undefined },
    [],
  ],
  ['fail/no server', { servers: [] }, ['error servers servers-missing']],
  ['fail/site of given servers', { site: 'Berlin' }, ['warning site site-unused']],
  ['fail/in the clear', { servers: ['ldaps://a', 'LDAP://b'] }, ['error servers directory-unencrypted']],
  [
    'fail/in the clear, as asked for',
    { servers: ['ldap://b'], allowUnencrypted: true },
    ['warning allowUnencrypted directory-unencrypted'],
  ],
  ['fail/StartTLS over TLS', { startTls: true }, ['warning startTls starttls-unused']],
  [
    'fail/authorities that are none',
    { authorities: 'dc1.crt' },
    ['error authorities authorities-unreadable'],
  ],
  ['fail/authorities that are broken', { authorities: CA }, ['error authorities authorities-unreadable']],
  ['fail/no service account', { bindDn: undefined }, ['error bindDn bind-account-missing']],
  ['fail/no password of it', { bindPassword: undefined }, ['error bindPassword bind-account-missing']],
  [
    'fail/anonymous, with an account, at Active Directory',
    { bindMode: 'anonymous' },
    [
      'warning bindDn bind-setting-unused',
      'warning bindPassword bind-setting-unused',
      'warning bindMode anonymous-search',
    ],
  ],
  ['fail/a template nobody uses', { userDn: 'uid={user}' }, ['warning userDn bind-setting-unused']],
  ...[undefined, `uid=user,${BASE}`, 'uid={user},ou={user}', '{user}'].map(
    (userDn) =>
      [
        `fail/template ${userDn}`,
        { bindMode: 'simple', userDn, bindDn: undefined, bindPassword: undefined },
        [`error userDn ${userDn === '{user}' ? 'dn-malformed' : 'user-dn-template'}`],
      ] as const,
  ),
  ...(['active-directory', 'generic'] as const).map(
    (type) =>
      [
        `template of a principal name: ${type}`,
        {
          ...{ type, bindMode: 'simple', userDn: '{user}@example.org' },
          ...{ bindDn: undefined, bindPassword: undefined },
        },
        type === 'generic' ? ['error userDn dn-malformed'] : [],
      ] as const,
  ),
  ['fail/base DN', { baseDn: 'example.org' }, ['error baseDn dn-malformed']],
  ['fail/group DN', { groupDn: 'VPN Users' }, ['error groupDn dn-malformed']],
  ['fail/service account without a form', { bindDn: 'svc' }, ['error bindDn dn-malformed']],
  ['fail/UPN elsewhere', { type: 'generic', bindDn: 'svc@example.org' }, ['error bindDn dn-malformed']],
  ['fail/user filter', { userFilter: '(&(a=b)' }, ['error userFilter filter-malformed']],
]

for (const [name, settings, expected] of SETTINGS) {
  test(`directory ${name}`, () => {
    const merged = Object.entries({ ...LDAP, ...settings }).filter(([, value]) => value !== undefined)
    const source = { name: 'ad', ...Object.fromEntries(merged) }
    assert.deepEqual(
      found([source]).map((line) => line.replace('sources/ad/', '')),
      expected,
    )
  })
}

test('winbind asks a directory that is there, and is Active Directory', () => {
  assert.deepEqual(found([LDAP, WINBIND], METHODS, [WINBIND]), [])
  assert.deepEqual(found([LDAP, { ...WINBIND, directory: 'add' }]), [
    'error sources/domain/directory unknown-directory ad',
  ])
  assert.deepEqual(found([LOCAL, { ...WINBIND, directory: 'local' }]), [
    'error sources/domain/directory unknown-directory',
  ])
  assert.deepEqual(found([{ ...LDAP, type: 'generic' }, WINBIND]), [
    'error sources/domain/directory directory-not-active-directory',
  ])
  const simple = { ...LDAP, bindMode: 'simple', userDn: '{user}@example.org' }
  assert.ok(found([simple, WINBIND]).includes('error sources/domain/directory directory-sees-no-accounts'))
})

test('a wrong password that goes on warns of the guesses it grants, where another source follows', () => {
  const goesOn = { ...LOCAL, onWrongPassword: 'next' }
  assert.deepEqual(found([goesOn, LDAP]), ['warning sources/local/onWrongPassword more-guesses'])
  assert.deepEqual(found([LDAP, goesOn]), [])
})

test('users of a directory in a realm that lets MS-CHAPv2 in', () => {
  const warning = ['warning realms/home/sources realm-without-mschap']
  assert.deepEqual(found([LDAP, LOCAL], {}), warning)
  assert.deepEqual(found([LDAP], { outer: ['peap'] }), warning)
  assert.deepEqual(found([LDAP], { outer: ['pap', 'mschapv2'] }), warning)
  assert.deepEqual(found([LDAP], { outer: ['pap', 'eap-tls', 'eap-gtc'] }), [])
  assert.deepEqual(found([LDAP, WINBIND], {}), [])
  assert.deepEqual(found([LDAP, WINBIND], {}, [WINBIND]), [])
})

test('servers of TACACS+', () => {
  assert.deepEqual(found([TACACS]), [])
  assert.deepEqual(found([{ ...TACACS, servers: ['tac', 'tac:x'] }]), [
    'error sources/old/servers/1 server-malformed',
  ])
})

test('fail/a source that no realm asks, unless winbind or a sync uses it', () => {
  const unasked = (...sources: readonly Source[]) => found([LOCAL, ...sources], METHODS, [LOCAL])
  assert.deepEqual(unasked(TACACS), ['warning sources/old source-unasked'])
  assert.deepEqual(unasked(LDAP), ['warning sources/ad source-unasked'])
  assert.deepEqual(unasked({ ...LDAP, sync: { enabled: true } }), [])
  assert.deepEqual(unasked(LDAP, WINBIND), ['warning sources/domain source-unasked'])
  assert.deepEqual(found([LDAP, WINBIND], METHODS, [WINBIND]), [])
})
