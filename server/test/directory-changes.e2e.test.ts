/** What somebody changes in OpenLDAP ends live sessions within seconds, with the settings a source has by default. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { SLAPD_PACKAGES, Slapd } from '@sallyport/lab/slapd'
import { LDAP_PASSWORD, ldapUserDn, ldapUserEntry, SERVICE, SUFFIX } from '@sallyport/lab/slapd/people'
import { until } from '@sallyport/lab/until'
import { ChangesHouse } from './directory-changes-house.ts'

const skip = skipReason(...SLAPD_PACKAGES, 'freeradius-utils')
const group = (name: string): string => `cn=${name},ou=Groups,${SUFFIX}`

describe('changes in OpenLDAP end live sessions', { skip, timeout: 180_000 }, () => {
  const folder = temporaryFolder('sp-changes-')
  const parts = new AsyncDisposableStack()
  const servers = new Map<string, Slapd>()
  let house: ChangesHouse

  const source = (name: string) => ({
    ...{ name, kind: 'ldap', type: 'generic', servers: [servers.get(name)?.url], allowUnencrypted: true },
    ...{ baseDn: `ou=People,${SUFFIX}`, bindDn: SERVICE.dn, bindPassword: SERVICE.password },
  })

  before(async () => {
    for (const name of ['told', 'plain']) {
      mkdirSync(join(folder.path, name))
      const slapd = await Slapd.start({
        ...{
          folder: join(folder.path, name),
          tls: false,
          tellsChanges: name === 'told',
          passwordPolicy: true,
        },
      })
      servers.set(name, parts.use(slapd))
    }
    house = parts.use(
      await ChangesHouse.start(join(folder.path, 'data'), {
        sources: ['told', 'plain'].map(source),
        realms: ['told', 'plain'].map((name) => ({ name, suffixes: [`${name}.test`], sources: [name] })),
        rules: [
          { name: 'barred', when: '"barred" in user.groups', effect: 'reject' },
          { name: 'vpn', when: '"vpn-users" in user.groups', effect: 'accept' },
        ],
      }),
    )
  })
  after(async () => {
    await parts.disposeAsync()
    folder[Symbol.dispose]()
  })

  for (const [name, by] of [
    ['told', 'contextCSN'],
    ['plain', 'modifyTimestamp'],
  ] as const) {
    const ldif = async (text: string): Promise<void> => await servers.get(name)?.ldif(text)
    const member = (change: 'add' | 'delete', of: string, attribute: string, value: string) =>
      ldif(`dn: ${group(of)}\nchangetype: modify\n${change}: ${attribute}\n${attribute}: ${value}\n`)
    const connect = (user: string): Promise<string> => house.connect(`${user}@${name}.test`, LDAP_PASSWORD)
    const said = (took: number): string => `${by}: ${Math.round(took)} ms`

    it(`ok/${name}: it is watched by ${by}`, async () => {
      assert.equal((await house.watched(name)).by, by)
    })

    it(`ok/${name}: out of the group, directly and by way of a group in it`, async (t) => {
      // A groupOfNames is never empty.
      await member('add', 'vpn-users', 'member', SERVICE.dn)
      await member('add', 'vpn-nested', 'member', SERVICE.dn)
      const bob = await connect('bob')
      const alice = await connect('alice')
      t.diagnostic(
        said(await house.cut(bob, () => member('delete', 'vpn-users', 'member', ldapUserDn('bob')))),
      )
      assert.ok(house.isLive(alice))
      t.diagnostic(
        said(await house.cut(alice, () => member('delete', 'vpn-users', 'member', group('vpn-nested')))),
      )
      await member('add', 'vpn-users', 'member', group('vpn-nested'))
      const again = await until(
        'alice is let in again',
        async () => await connect('alice').catch(() => undefined),
      )
      const inner = ldapUserDn('alice')
      t.diagnostic(said(await house.cut(again, () => member('delete', 'vpn-nested', 'member', inner))))
      await member('add', 'vpn-nested', 'member', inner)
    })

    it(`ok/${name}: into a group that bars, by DN and by login name`, async (t) => {
      await ldif(`dn: ${group('barred')}\nchangetype: add\nobjectClass: posixGroup\ngidNumber: 30001\n`)
      const alice = await until('alice is let in', async () => await connect('alice').catch(() => undefined))
      t.diagnostic(said(await house.cut(alice, () => member('add', 'barred', 'memberUid', 'alice'))))
      await member('delete', 'barred', 'memberUid', 'alice')
    })

    it(`ok/${name}: the account expires, is moved away or deleted`, async (t) => {
      const dn = (user: string): string => `uid=${user},ou=People,${SUFFIX}`
      for (const user of ['erin', 'fred', 'gina', 'hugo']) {
        await ldif(
          `${ldapUserEntry(dn(user), user, LDAP_PASSWORD, 50_000).replace('\n', '\nchangetype: add\n')}\n`,
        )
        await member('add', 'vpn-users', 'member', dn(user))
      }
      const [erin, fred, gina, hugo] = [
        await connect('erin'),
        await connect('fred'),
        await connect('gina'),
        await connect('hugo'),
      ]
      const expire = `changetype: modify\nadd: objectClass\nobjectClass: shadowAccount\n-\nadd: shadowExpire\nshadowExpire: 1\n`
      t.diagnostic(said(await house.cut(erin, () => ldif(`dn: ${dn('erin')}\n${expire}`))))
      const away = `changetype: modrdn\nnewrdn: uid=gina\ndeleteoldrdn: 0\nnewsuperior: ou=Services,${SUFFIX}\n`
      t.diagnostic(said(await house.cut(gina, () => ldif(`dn: ${dn('gina')}\n${away}`))))
      t.diagnostic(said(await house.cut(hugo, () => ldif(`dn: ${dn('hugo')}\nchangetype: delete\n`))))
      assert.ok(house.isLive(fred))
      t.diagnostic(house.summary)
    })
  }
})
