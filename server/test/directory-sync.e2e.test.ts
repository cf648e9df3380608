/** Users and groups of OpenLDAP are copied into the store: whole, by what changed, and never emptied by mistake. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { SLAPD_PACKAGES, Slapd } from '@sallyport/lab/slapd'
import { LDAP_PASSWORD, ldapUserDn, ldapUserEntry, SERVICE, SUFFIX } from '@sallyport/lab/slapd/people'
import { type LdapSourceConfiguration, ldapSourceSchema } from '../src/config/sections/sources/ldap.ts'
import { browse } from '../src/identity/ldap/browse.ts'
import { stopUnlessOpen } from '../src/identity/ldap/sync/sync-stopped.ts'
import { type Ran, SyncHouse } from '../src/identity/ldap/sync/test/sync-house.ts'
import { openDirectory } from '../src/main/open-directory.ts'
import { forEachEngine } from '../src/store/testing.ts'

const skip = skipReason(...SLAPD_PACKAGES)

describe('sync with OpenLDAP', { skip }, () => {
  forEachEngine(({ open }) => {
    const folder = temporaryFolder('sallyport-sync-')
    let slapd: Slapd
    let house: SyncHouse

    before(async () => {
      slapd = await Slapd.start({ folder: folder.path })
      house = new SyncHouse(await open())
    })
    after(async () => {
      await slapd?.stop()
      folder[Symbol.dispose]()
    })

    function source(settings: object = {}): LdapSourceConfiguration {
      return ldapSourceSchema.parse({
        ...{ name: 'ldap', kind: 'ldap', type: 'generic', servers: [slapd.url], allowUnencrypted: true },
        ...{ baseDn: `ou=People,${SUFFIX}`, bindDn: SERVICE.dn, bindPassword: SERVICE.password },
        ...settings,
      }) as LdapSourceConfiguration
    }
    const sync = async (settings: object = {}, order = {}): Promise<Ran> => {
      // Servers tell changes by the second.
      house.clock.advance(1_000)
      return await house.run(source(settings), await openDirectory(source(settings)), order)
    }

    it('ok/everything is read at first, and nobody is told', async () => {
      const ran = await sync()
      assert.ok(ran.kind === 'full', JSON.stringify(ran))
      assert.deepEqual(await house.members('ldap'), {
        alice: ['staff', 'vpn-nested', 'vpn-users'],
        bob: ['vpn-users'],
        carol: ['staff'],
        dave: [],
      })
      assert.deepEqual(await house.facts(), [])
      const { added, deleted, joined } = ran
      assert.deepEqual({ added, deleted, joined }, { added: 7, deleted: 0, joined: 5 })
    })

    it('ok/what did not change is read again by its time, and changes nothing', async () => {
      const ran = await sync()
      assert.ok(ran.kind === 'changes', JSON.stringify(ran))
      const { added, changed, deleted, joined, left } = ran
      assert.deepEqual([added, changed, deleted, joined, left], [0, 0, 0, 0, 0])
      assert.deepEqual(await house.facts(), [])
    })

    it('ok/a user is added, changed, moved out of the base and found by address', async () => {
      await slapd.ldif(ldapUserEntry(`uid=erin,ou=People,${SUFFIX}`, 'erin', LDAP_PASSWORD, 10_900))
      await slapd.ldif(
        `dn: ${ldapUserDn('bob')}\nchangetype: modify\nreplace: mail\nmail: Robert@Example.org\n`,
      )
      const ran = await sync()
      assert.ok(ran.kind === 'changes', JSON.stringify(ran))
      assert.deepEqual([ran.added, ran.changed], [1, 1])
      assert.deepEqual(await house.facts(), ['user bob'])
      const [bob] = await house.read.usersByAddress('robert@example.ORG')
      assert.equal(bob?.name, 'bob')
      assert.deepEqual(await house.read.usersByAddress('bob@example.org'), [])
      await slapd.ldif(
        `dn: uid=erin,ou=People,${SUFFIX}\nchangetype: modrdn\nnewrdn: uid=erin\ndeleteoldrdn: 0\nnewsuperior: ou=Bulk,${SUFFIX}\n`,
      )
      const moved = await sync()
      assert.ok(moved.kind === 'changes', JSON.stringify(moved))
      assert.equal(moved.deleted, 1)
      assert.deepEqual(await house.facts(), ['user erin'])
    })

    it('ok/members join and leave, nested ones are told; a renamed group is told by its old name', async () => {
      const group = `cn=vpn-users,ou=Groups,${SUFFIX}`
      await slapd.ldif(
        `dn: ${group}\nchangetype: modify\ndelete: member\nmember: cn=vpn-nested,ou=Groups,${SUFFIX}\n`,
      )
      assert.equal((await sync()).kind, 'changes')
      assert.deepEqual((await house.members('ldap')).alice, ['staff', 'vpn-nested'])
      assert.deepEqual(house.forgotten.splice(0), ['bob', 'erin', 'alice'], 'what logins kept of them')
      assert.deepEqual(await house.facts(), ['user alice'])
      // Written otherwise than the entry writes itself.
      await slapd.ldif(
        `dn: ${group}\nchangetype: modify\nadd: member\nmember: UID=Dave, ou=people, DC=example,dc=org\n`,
      )
      assert.equal((await sync()).kind, 'changes')
      assert.deepEqual((await house.members('ldap')).dave, ['vpn-users'])
      assert.deepEqual(await house.facts(), ['user dave'])
      await slapd.ldif(`dn: ${group}\nchangetype: modrdn\nnewrdn: cn=remote\ndeleteoldrdn: 1\n`)
      assert.equal((await sync()).kind, 'changes')
      assert.deepEqual((await house.members('ldap')).dave, ['remote'])
      assert.deepEqual(await house.facts(), ['group vpn-users'])
    })

    it('ok/what was deleted unseen goes with the next full sync', async () => {
      await slapd.ldif(`dn: ${ldapUserDn('carol')}\nchangetype: delete\n`)
      assert.equal((await sync()).kind, 'changes')
      assert.ok('carol' in (await house.members('ldap')))
      house.clock.advance(24 * 3_600_000)
      const ran = await sync()
      assert.ok(ran.kind === 'full', JSON.stringify(ran))
      assert.equal(ran.deleted, 1)
      assert.ok(!('carol' in (await house.members('ldap'))))
      assert.deepEqual(await house.facts(), ['user carol'])
    })

    it('ok/a renamed organizational unit is looked at whole', async () => {
      await slapd.ldif(
        `dn: ou=RD1,ou=People,${SUFFIX}\nchangetype: modrdn\nnewrdn: ou=Research\ndeleteoldrdn: 1\n`,
      )
      const before = house.clock.now()
      // By the server's clock, which is not the test's any more.
      house.clock.advance(Date.now() - before)
      const ran = await sync()
      assert.equal(ran.kind, 'full')
      const { items } = await house.read.users({ source: 'ldap', search: 'alice', limit: 2 })
      assert.equal(items[0]?.dn, `uid=alice,ou=Research,ou=People,${SUFFIX}`)
      await house.facts()
    })

    it('fail/a base that is empty or gone, and a server that is away, delete nothing', async () => {
      const users = async () => (await house.read.counts('ldap')).users
      const known = await users()
      const empty = await sync({ baseDn: `ou=Services,${SUFFIX}` })
      assert.ok(empty.kind === 'stopped', JSON.stringify(empty))
      assert.deepEqual(empty.reason.code, 'directory-sync-many-deletions')
      const gone = await sync({ baseDn: `ou=Gone,${SUFFIX}` }, { force: true })
      assert.ok(gone.kind === 'stopped' && gone.reason.code === 'directory-sync-base-missing')
      const refused = await sync({ bindPassword: 'wrong' }, { force: true })
      assert.ok(refused.kind === 'stopped' && refused.reason.code === 'directory-sync-broken-off')
      assert.equal(await users(), known)
      await slapd.stop()
      const away = await sync({}, { force: true })
      assert.ok(away.kind === 'stopped' && away.reason.code === 'directory-sync-broken-off')
      await slapd.start()
      assert.equal(await users(), known)
      // Other settings say what is read anew; asked for by an administrator, it is believed.
      const forced = await sync({ baseDn: `ou=Services,${SUFFIX}` }, { force: true })
      assert.ok(forced.kind === 'full', JSON.stringify(forced))
      assert.equal(await users(), 0)
      assert.ok((await house.facts()).includes('user dave'))
    })

    it('ok/a base DN is picked by looking around', async () => {
      const session = stopUnlessOpen(await openDirectory(source()))
      try {
        assert.deepEqual(
          (await browse(session, undefined, 'containers')).entries.map(({ dn }) => dn),
          [SUFFIX],
        )
        const { entries } = await browse(session, SUFFIX, 'containers')
        assert.deepEqual(
          entries.map(({ name }) => name),
          ['Bulk', 'Groups', 'People', 'Services'],
        )
        const groups = await browse(session, `ou=Groups,${SUFFIX}`, 'groups')
        assert.deepEqual(
          groups.entries.map(({ kind }) => kind),
          ['group', 'group', 'group'],
        )
      } finally {
        session.close()
      }
    })
  })
})
