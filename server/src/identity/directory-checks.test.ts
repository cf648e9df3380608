import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Configuration } from '../config/schema.ts'
import { ldapSourceSchema } from '../config/sections/sources/ldap.ts'
import { checkDirectories } from './directory-checks.ts'

const GOOD = {
  ...{ name: 'ad', kind: 'ldap', servers: ['ldaps://dc1.example.org'], baseDn: 'dc=example,dc=org' },
  ...{ bindDn: 'svc@example.org', bindPassword: 'secret' },
}

function codes(settings: Record<string, unknown>): string[] {
  const source = ldapSourceSchema.parse({ ...GOOD, ...settings })
  // Only its sources are looked at.
  return checkDirectories({ sources: [source] } as unknown as Configuration).map(
    ({ severity, code }) => `${severity} ${code}`,
  )
}

test('ok/a service account over LDAPS', () => {
  assert.deepEqual(codes({}), [])
  assert.deepEqual(codes({ servers: ['ldap://10.0.0.1'], startTls: true }), [])
})

test('fail/nothing blank means anything', () => {
  for (const field of ['baseDn', 'groupDn', 'bindDn', 'userDn', 'bindPassword', 'serverName', 'domain'])
    for (const blank of ['', ...(/domain|serverName/.test(field) ? [] : [' ', '\t'])])
      assert.equal(
        ldapSourceSchema.safeParse({ ...GOOD, [field]: blank }).success,
        false,
        `${field} '${blank}'`,
      )
  for (const field of ['bindDn', 'bindPassword'] as const) {
    const { [field]: _, ...rest } = GOOD
    const source = ldapSourceSchema.parse(rest)
    const [problem] = checkDirectories({ sources: [source] } as unknown as Configuration)
    assert.equal(problem?.code, 'bind-account-missing')
  }
})

test('fail/passwords in the clear, also to this machine', () => {
  for (const servers of [
    ['ldap://dc1.example.org'],
    ['ldap://127.0.0.1:389'],
    ['ldaps://a.test', 'ldap://b.test'],
  ])
    assert.deepEqual(codes({ servers }), ['error directory-unencrypted'])
  assert.deepEqual(codes({ servers: ['ldap://10.0.0.1'], allowUnencrypted: true }), [
    'warning directory-unencrypted',
  ])
})

test('ok/templates of bindMode simple: a DN, or for Active Directory a principal', () => {
  const simple = (userDn: string, type = 'active-directory') => {
    const { bindDn: _dn, bindPassword: _password, ...rest } = GOOD
    const source = ldapSourceSchema.parse({ ...rest, bindMode: 'simple', userDn, type })
    return checkDirectories({ sources: [source] } as unknown as Configuration).map(({ code }) => code)
  }
  for (const good of ['uid={user},dc=example,dc=org', '{user}@example.org', 'EXAMPLE\\{user}'])
    assert.deepEqual(simple(good), [], good)
  for (const bad of ['dc=example', '{user}', '{user}{user}', '{user}@', '@{user}', 'uid={user},uid={user}'])
    assert.notDeepEqual(simple(bad), [], bad)
  assert.notDeepEqual(simple('{user}@example.org', 'generic'), [])
})

test('fail/a copy of a directory that is only seen by its users', () => {
  const simple = {
    bindMode: 'simple',
    userDn: '{user}@example.org',
    bindDn: undefined,
    bindPassword: undefined,
  }
  const given = { ...GOOD, ...simple, sync: { enabled: true } }
  const source = ldapSourceSchema.parse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  )
  const problems = checkDirectories({ sources: [source] } as unknown as Configuration)
  assert.deepEqual(
    problems.map(({ path, code }) => `${path} ${code}`),
    ['sources/ad/sync sync-sees-nothing'],
  )
})

test('fail/what everybody writes first is answered with what to write', () => {
  const said = (settings: Record<string, unknown>): string => {
    const source = ldapSourceSchema.parse({ ...GOOD, ...settings })
    const problems = checkDirectories({ sources: [source] } as unknown as Configuration)
    return problems.map(({ message }) => message).join(' ')
  }
  assert.match(said({ baseDn: 'ad.example.org' }), /DC=ad,DC=example,DC=org/)
  assert.match(said({ groupDn: 'VPN Users' }), /directories browse ad --show groups/)
  assert.match(said({ bindDn: 'svc' }), /user@domain and DOMAIN\\user work/)
  assert.match(said({ bindDn: 'svc@example.org', type: 'generic' }), /are for type: active-directory/)
  assert.match(said({ authorities: '/etc/ssl/ca.pem' }), /Paste the text of the PEM file/)
})
