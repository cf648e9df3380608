import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { SLAPD_PACKAGES, Slapd } from '@sallyport/lab/slapd'
import { LDAP_PASSWORD, SERVICE, SUFFIX } from '@sallyport/lab/slapd/people'
import { type LdapSourceConfiguration, ldapSourceSchema } from '../src/config/sections/sources/ldap.ts'
import { Directories } from '../src/identity/ldap/directories.ts'
import { genericDirectory } from '../src/identity/ldap/generic/generic-directory.ts'
import { LdapSource } from '../src/identity/ldap/ldap-source.ts'
import type { AuthenticationOutcome } from '../src/identity/source.ts'

const skip = skipReason(...SLAPD_PACKAGES)

describe('OpenLDAP', { skip }, () => {
  const folder = temporaryFolder('sallyport-ldap-')
  const directories = new Directories()
  let slapd: Slapd

  before(async () => {
    slapd = await Slapd.start({ folder: folder.path })
  })
  after(async () => {
    directories.close()
    await slapd?.stop()
    folder[Symbol.dispose]()
  })

  function source(settings: Partial<LdapSourceConfiguration> = {}): LdapSource {
    const parsed = ldapSourceSchema.parse({
      ...{ name: 'ldap', kind: 'ldap', type: 'generic', servers: [slapd.url], allowUnencrypted: true },
      ...{ baseDn: `ou=People,${SUFFIX}`, bindDn: SERVICE.dn, bindPassword: SERVICE.password },
      ...settings,
    }) as LdapSourceConfiguration
    return new LdapSource({ settings: parsed, directory: directories.of(parsed), type: genericDirectory })
  }

  const login = (
    made: LdapSource,
    user: string,
    password: string | Uint8Array = LDAP_PASSWORD,
  ): Promise<AuthenticationOutcome> =>
    made.authenticate(
      user,
      { form: 'password', password: typeof password === 'string' ? fromUtf8(password) : password },
      { wholeName: user },
    )

  test('ok/regular: found at any depth, proved by a bind, with groups and attributes', async () => {
    const outcome = await login(source(), 'alice')
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    assert.match(outcome.user.id, /^ldap\/[0-9a-f-]{36}$/)
    assert.deepEqual(outcome.user.groups, ['staff', 'vpn-nested', 'vpn-users'])
    assert.equal(outcome.user.attributes.mail, 'alice@example.org')
    assert.equal((await login(source(), 'dave')).kind, 'authenticated')
  })

  test('fail/a wrong password, a name nobody has, an empty password that binds nobody', async () => {
    assert.deepEqual(await login(source(), 'alice', 'wrong'), { kind: 'wrong-password' })
    assert.deepEqual(await login(source(), 'nobody'), { kind: 'not-found' })
    const before = slapd.log.length
    for (const blank of ['', ' ', '\0', '\0\0 '])
      assert.equal((await login(source(), 'alice', blank)).kind, 'empty-password')
    for (const odd of [`\0${LDAP_PASSWORD}`, `${LDAP_PASSWORD}\0`, 'x'.repeat(4096)])
      assert.equal((await login(source(), 'alice', odd)).kind, 'wrong-password')
    assert.doesNotMatch(slapd.log.slice(before), /BIND dn="uid=alice/)
  })

  test('ok/LDAPS and StartTLS with the host name checked, over the CA that is trusted', async () => {
    const authorities = readFileSync(slapd.ca.certificate, 'utf8')
    for (const settings of [{ servers: [slapd.tlsUrl] }, { startTls: true }])
      assert.equal((await login(source({ authorities, ...settings }), 'alice')).kind, 'authenticated')
  })
})
