import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { SLAPD_PACKAGES, Slapd } from '@sallyport/lab/slapd'
import { LDAP_PASSWORD, ldapUserEntry, SERVICE, SUFFIX } from '@sallyport/lab/slapd/people'
import { until } from '@sallyport/lab/until'
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

  const source = (settings: Record<string, unknown> = {}): LdapSource =>
    sourceOf(slapd, directories, settings)

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

  test('ok/anonymous: found without a name, proved by a bind', async () => {
    const anonymous = source({ bindMode: 'anonymous' })
    const outcome = await login(anonymous, 'bob')
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    assert.deepEqual(outcome.user.groups, ['staff', 'vpn-users'])
    assert.deepEqual(await login(anonymous, 'bob', 'wrong'), { kind: 'wrong-password' })
  })

  test('ok/a login name with a suffix is found in an attribute that holds it whole, and is found again', async () => {
    const byMail = source({ userAttributes: ['mail'] })
    const proof = { form: 'password', password: fromUtf8(LDAP_PASSWORD) } as const
    const outcome = await byMail.authenticate('alice', proof, { wholeName: 'alice@example.org' })
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    const { name } = outcome.user
    assert.equal(name, 'alice@example.org')
    const earlier = { by: 'password', at: Date.now() } as const
    const now = await byMail.resolve?.(name, earlier, { wholeName: name, isOwnName: true })
    assert.equal(now?.kind, 'authenticated')
    const other = await byMail.authenticate('alice', proof, { wholeName: 'alice@other.org' })
    assert.equal(other.kind, 'not-found')
    const both = source({ userAttributes: ['uid', 'mail'] })
    assert.equal(
      (await both.authenticate('alice', proof, { wholeName: 'bob@example.org' })).kind,
      'ambiguous',
    )
  })

  test('ok/by id: the entry whatever it is called by now; not outside of the group, not in bindMode simple', async () => {
    const outcome = await login(source(), 'carol')
    assert.ok(outcome.kind === 'authenticated')
    const { id } = outcome.user
    const carol = `dn: uid=carol,ou=RD3,ou=People,${SUFFIX}\nchangetype: modrdn\n`
    await slapd.ldif(`${carol}newrdn: uid=caroline\ndeleteoldrdn: 1\n`)
    try {
      const renamed = await source().byId?.(id)
      assert.ok(renamed?.kind === 'authenticated', JSON.stringify(renamed))
      assert.deepEqual([renamed.user.id, renamed.user.name], [id, 'caroline'])
      const group = `cn=vpn-users,ou=Groups,${SUFFIX}`
      assert.equal((await source({ groupDn: group }).byId?.(id))?.kind, 'outside-group')
    } finally {
      await slapd.ldif(`${carol.replace('carol', 'caroline')}newrdn: uid=carol\ndeleteoldrdn: 1\n`)
    }
    for (const other of [
      `ldap/${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
      'other/x',
      'ldap/*',
      'ldap/cn=x',
    ])
      assert.deepEqual(await source().byId?.(other), { kind: 'not-found' }, other)
    assert.equal(source({ bindMode: 'simple', userDn: `uid={user},${SUFFIX}` }).byId, undefined)
  })

  test('ok/anonymous: more logins at once than slapd lets wait on a connection without a name', async () => {
    const anonymous = source({ bindMode: 'anonymous', connections: 2, deadlineMilliseconds: 10_000 })
    const names = ['alice', 'bob', 'carol', 'dave'] as const
    const logins = Array.from({ length: 240 }, async (_, at) => {
      const [name, isRight] = [names[at % 4] ?? 'alice', at % 3 === 0]
      const outcome = await login(anonymous, name, isRight ? undefined : `wrong ${at}`)
      if (!isRight) return outcome.kind === 'wrong-password'
      return outcome.kind === 'authenticated' && outcome.user.name === name
    })
    assert.ok((await Promise.all(logins)).every(Boolean))
  })

  test('ok/simple: bound by a template, looked up as the user on that connection', async () => {
    const simple = source({ bindMode: 'simple', userDn: `uid={user},ou=RD1,ou=People,${SUFFIX}` })
    const outcome = await login(simple, 'alice')
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    assert.deepEqual(outcome.user.groups, ['staff', 'vpn-nested', 'vpn-users'])
    assert.equal(outcome.isProvedOnce, true)
    assert.deepEqual([...simple.forms], ['password'])
    assert.equal(simple.resolve, undefined)
    assert.deepEqual(await login(simple, 'alice', 'wrong'), { kind: 'wrong-password' })
    // OpenLDAP tells no difference between a name nobody has and a wrong password.
    assert.deepEqual(await login(simple, 'bob'), { kind: 'wrong-password' })
    assert.equal((await login(simple, 'alice,ou=RD1')).kind, 'wrong-password')
    assert.match(slapd.log, /BIND dn="uid=alice\\2Cou\\3DRD1,ou=RD1|BIND dn="uid=alice\\[,2]/)
  })

  test('ok/group DN: a group with those in it, or a container; and nobody else', async () => {
    const group = `cn=vpn-users,ou=Groups,${SUFFIX}`
    const modes = [
      { groupDn: group },
      { groupDn: group, bindMode: 'anonymous' as const },
      { groupDn: 'CN=VPN-Users, OU=Groups, DC=Example, DC=org' },
    ]
    for (const settings of modes) {
      const restricted = source(settings)
      assert.equal((await login(restricted, 'bob')).kind, 'authenticated')
      assert.equal((await login(restricted, 'alice')).kind, 'authenticated', 'through the nested group')
      assert.deepEqual(await login(restricted, 'carol'), {
        ...{ kind: 'outside-group', group: settings.groupDn },
      })
    }
    const flat = source({ groupDn: group, groups: { nested: false } })
    assert.equal((await login(flat, 'alice')).kind, 'outside-group')
    const simple = source({
      ...{ groupDn: group, bindMode: 'simple', userDn: `uid={user},ou=RD3,ou=People,${SUFFIX}` },
    })
    assert.equal((await login(simple, 'carol')).kind, 'outside-group')
    const container = source({ groupDn: `ou=Groups,${SUFFIX}` })
    assert.equal((await login(container, 'carol')).kind, 'authenticated')
    const users = source({ groupDn: `ou=RD2,ou=People,${SUFFIX}` })
    assert.equal((await login(users, 'bob')).kind, 'authenticated')
    assert.equal((await login(users, 'alice')).kind, 'outside-group')
    const absent = source({ groupDn: `cn=gone,ou=Groups,${SUFFIX}` })
    assert.equal((await login(absent, 'bob')).kind, 'outside-group')
  })

  test('ok/base DN, user filter, attributes', async () => {
    const below = source({ baseDn: `ou=RD1,ou=People,${SUFFIX}` })
    assert.equal((await login(below, 'alice')).kind, 'authenticated')
    assert.deepEqual(await login(below, 'bob'), { kind: 'not-found' })
    const filtered = source({ userFilter: '(!(mail=bob@example.org))' })
    assert.equal((await login(filtered, 'alice')).kind, 'authenticated')
    assert.deepEqual(await login(filtered, 'bob'), { kind: 'not-found' })
    const byMail = source({ userAttributes: ['mail', 'uid'], attributes: { dept: 'departmentNumber' } })
    const outcome = await login(byMail, 'Alice@Example.org')
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    assert.deepEqual(outcome.user.attributes, { dept: '42' })
    assert.equal(outcome.user.name, 'alice@example.org')
  })

  test('fail/names with metacharacters and look-alikes: only the literal user matches', async () => {
    const odd = 'w*(ei)rd\\,+"x'
    const escaped = 'w*(ei)rd\\\\\\,\\+\\"x'
    await slapd.ldif(
      ldapUserEntry(`uid=${escaped},ou=People,${SUFFIX}`, 'odd', LDAP_PASSWORD, 30_000).concat(
        `uid: ${odd}\n`,
      ),
    )
    const made = source()
    assert.equal((await login(made, odd)).kind, 'authenticated')
    const others = [
      '*',
      'a*',
      'alice)(uid=*',
      'al*ce',
      '*)(objectClass=*',
      'alice\\2a',
      'alice\0',
      ' alice',
      'alice ',
    ]
    for (const name of [...others, 'ａｌｉｃｅ', 'alic\u0435', 'al\u0131ce', 'a\u200blice', 'alice)(&'])
      assert.deepEqual(await login(made, name), { kind: 'not-found' }, JSON.stringify(name))
    assert.equal((await login(made, 'ALICE')).kind, 'authenticated')
    await slapd.ldif(ldapUserEntry(`uid=kate,ou=People,${SUFFIX}`, 'kate', LDAP_PASSWORD, 30_001))
    // KELVIN SIGN: a k to slapd, and nobody's name here.
    assert.deepEqual(await login(made, '\u212aate'), { kind: 'not-found' })
  })

  test('fail/two entries of one name: neither is taken', async () => {
    await slapd.ldif(ldapUserEntry(`uid=dave,ou=RD2,ou=People,${SUFFIX}`, 'dave', 'Other-Passw0rd', 30_002))
    const outcome = await login(source(), 'dave')
    assert.ok(outcome.kind === 'ambiguous', JSON.stringify(outcome))
    assert.equal(outcome.accounts.length, 2)
    assert.equal((await login(source(), 'dave', 'Other-Passw0rd')).kind, 'ambiguous')
    await slapd.ldif(`dn: uid=dave,ou=RD2,ou=People,${SUFFIX}\nchangetype: delete\n`)
  })

  test('ok/a password of octets that are no text is proved as it is', async () => {
    const octets = Uint8Array.of(0x70, 0xe4, 0xff, 0x31)
    const entry = ldapUserEntry(`uid=latin,ou=People,${SUFFIX}`, 'latin', 'x', 30_003)
    const encoded = Buffer.from(octets).toString('base64')
    await slapd.ldif(entry.replace('userPassword: x', `userPassword:: ${encoded}`))
    assert.equal((await login(source(), 'latin', octets)).kind, 'authenticated')
    assert.equal((await login(source(), 'latin', new TextDecoder().decode(octets))).kind, 'wrong-password')
  })

  test('fail/what the directory refuses is explained, and never a wrong password of the user', async () => {
    const why = async (settings: Record<string, unknown>): Promise<string> => {
      const outcome = await login(source(settings), 'alice')
      assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
      return `${outcome.cause ?? ''} ${outcome.why}`
    }
    const refused = await why({ bindPassword: 'wrong' })
    assert.match(refused, /^service-account-refused .*cn=sallyport.*invalidCredentials \(49\)/)
    assert.match(await why({ bindDn: 'sallyport' }), /^service-account-refused .*invalidDNSyntax \(34\)/)
    assert.match(await why({ baseDn: 'ou=Gone,dc=example,dc=org' }), /noSuchObject \(32\).*check baseDn/)
    assert.match(await why({ baseDn: 'dc=elsewhere,dc=net' }), /noSuchObject \(32\)|referral \(10\)/)
  })

  test('fail/an account without a password, and one that is locked for good', async () => {
    const bare = ldapUserEntry(`uid=bare,ou=People,${SUFFIX}`, 'bare', 'x', 30_004)
    await slapd.ldif(bare.replace('userPassword: x\n', ''))
    assert.ok(['no-password', 'wrong-password'].includes((await login(source(), 'bare')).kind))
    const expired = ldapUserEntry(`uid=old,ou=People,${SUFFIX}`, 'old', LDAP_PASSWORD, 30_005)
    await slapd.ldif(`${expired}objectClass: shadowAccount\nshadowExpire: 10000\n`)
    assert.deepEqual(await login(source(), 'old'), {
      kind: 'account-expired',
      since: '1997-05-19T00:00:00.000Z',
    })
    assert.deepEqual(await login(source(), 'old', 'wrong'), { kind: 'wrong-password' })
    const certificate = { form: 'certificate', fingerprint: 'ff' } as const
    const standing = await source().authenticate('old', certificate, { wholeName: 'old' })
    assert.equal(standing.kind, 'account-expired')
    assert.equal(
      (await source().authenticate('bob', certificate, { wholeName: 'bob' })).kind,
      'authenticated',
    )
  })

  test('ok/LDAPS and StartTLS with the host name checked, over the CA that is trusted', async () => {
    const authorities = pem(slapd)
    for (const settings of [{ servers: [slapd.tlsUrl] }, { startTls: true }])
      assert.equal((await login(source({ authorities, ...settings }), 'alice')).kind, 'authenticated')
  })

  test('ok/restarted: idle connections are gone, and nobody notices', async () => {
    const made = source({ name: 'restarted' })
    assert.equal((await login(made, 'alice')).kind, 'authenticated')
    await slapd.restart()
    assert.equal((await login(made, 'alice')).kind, 'authenticated')
  })

  test('ok/hung and stopped: silence at once after the first, and all again within 5 s', async () => {
    const made = source({ name: 'outage', deadlineMilliseconds: 800 })
    assert.equal((await login(made, 'alice')).kind, 'authenticated')
    const outages: readonly [() => unknown, () => unknown][] = [
      [() => slapd.hang(), () => slapd.resume()],
      [() => slapd.stop('SIGKILL'), () => slapd.start()],
    ]
    for (const [begin, end] of outages) {
      await begin()
      const first = await Promise.all(
        ['alice', 'bob', 'nobody'].map((user) => timed(() => login(made, user))),
      )
      for (const { outcome, took } of first) {
        assert.equal(outcome.kind, 'unavailable')
        assert.ok(took < 1000, `${took} ms`)
      }
      const later = await timed(() => login(made, 'alice', 'wrong'))
      assert.equal(later.outcome.kind, 'unavailable')
      assert.ok(later.took < 50, `${later.took} ms while it is known to be down`)
      await end()
      const { took } = await timed(() =>
        until('alice', async () =>
          (await login(made, 'alice')).kind === 'authenticated' ? true : undefined,
        ),
      )
      assert.ok(took < 5000, `${took} ms until it was used again`)
    }
  })
})

describe('OpenLDAP that asks for encryption and a name, counts wrong passwords and tells memberOf', {
  skip,
}, () => {
  const folder = temporaryFolder('sallyport-ldap-strict-')
  const directories = new Directories()
  let slapd: Slapd

  before(async () => {
    const strict = { requiresTls: true, anonymous: false, passwordPolicy: true, memberOf: true }
    slapd = await Slapd.start({ folder: folder.path, ...strict })
  })
  after(async () => {
    directories.close()
    await slapd?.stop()
    folder[Symbol.dispose]()
  })

  const strict = (settings: Record<string, unknown> = {}): LdapSource =>
    sourceOf(slapd, directories, { servers: [slapd.tlsUrl], authorities: pem(slapd), ...settings })

  test('fail/refusals of the directory name the cure', async () => {
    const why = async (made: LdapSource): Promise<string> => {
      const outcome = await login(made, 'alice')
      assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
      return outcome.why
    }
    const clear = { name: 'clear', servers: [slapd.url], allowUnencrypted: true }
    assert.match(await why(sourceOf(slapd, directories, clear)), /confidentialityRequired \(13\)/)
    assert.match(
      await why(strict({ bindMode: 'anonymous' })),
      /inappropriateAuthentication \(48\)|strongerAuth|use bindMode regular/,
    )
    const simple = strict({ ...clear, bindMode: 'simple', userDn: `uid={user},ou=RD1,ou=People,${SUFFIX}` })
    assert.match(await why(simple), /confidentialityRequired \(13\).*use ldaps/)
  })

  test('ok/memberOf and searched memberships are one list', async () => {
    const outcome = await login(strict(), 'alice')
    assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
    assert.deepEqual(outcome.user.groups, ['staff', 'vpn-nested', 'vpn-users'])
  })

  test('fail/an account the directory locked stays out with the right password', async () => {
    const made = strict()
    for (let i = 0; i < 3; i++)
      assert.deepEqual(await login(made, 'bob', 'wrong'), { kind: 'wrong-password' })
    assert.deepEqual(await login(made, 'bob'), { kind: 'locked' })
  })

  test('fail/a password that was reset must be changed first', async () => {
    const made = strict()
    const carol = `uid=carol,ou=RD3,ou=People,${SUFFIX}`
    const reset = `changetype: modify\nreplace: pwdReset\npwdReset: TRUE\n`
    const policy = `dn: cn=default,ou=Policies,${SUFFIX}`
    await slapd.ldif(`${policy}\nchangetype: modify\nreplace: pwdMustChange\npwdMustChange: TRUE\n`)
    await slapd.ldif(`dn: ${carol}\n${reset}`)
    assert.deepEqual(await login(made, 'carol'), { kind: 'must-change-password' })
    assert.deepEqual(await login(made, 'carol', 'wrong'), { kind: 'wrong-password' })
  })
})

function pem(slapd: Slapd): string {
  return readFileSync(slapd.ca.certificate, 'utf8')
}

function sourceOf(slapd: Slapd, directories: Directories, settings: Record<string, unknown>): LdapSource {
  const parsed = ldapSourceSchema.parse({
    ...{ name: 'ldap', kind: 'ldap', type: 'generic', servers: [slapd.url], allowUnencrypted: true },
    ...{ baseDn: `ou=People,${SUFFIX}`, bindDn: SERVICE.dn, bindPassword: SERVICE.password },
    ...settings,
    // Its secrets are plain texts already.
  }) as LdapSourceConfiguration
  return new LdapSource({ settings: parsed, directory: directories.of(parsed), type: genericDirectory })
}

function login(
  made: LdapSource,
  user: string,
  password: string | Uint8Array = LDAP_PASSWORD,
): Promise<AuthenticationOutcome> {
  const octets = typeof password === 'string' ? fromUtf8(password) : password
  return made.authenticate(user, { form: 'password', password: octets }, { wholeName: user })
}

async function timed<T>(act: () => Promise<T>): Promise<{ outcome: T; took: number }> {
  const begun = performance.now()
  const outcome = await act()
  return { outcome, took: performance.now() - begun }
}
