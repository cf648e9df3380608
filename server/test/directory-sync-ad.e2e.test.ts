/** Users and groups of a Samba Active Directory domain are copied into the store, by update sequence numbers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { temporaryFolder } from '@sallyport/lab/process'
import { DomainController, SAMBA_PACKAGES } from '@sallyport/lab/samba-domain'
import { type LdapSourceConfiguration, ldapSourceSchema } from '../src/config/sections/sources/ldap.ts'
import { dnKey } from '../src/identity/ldap/sync/dn-key.ts'
import { memberKeys } from '../src/identity/ldap/sync/member-keys.ts'
import { stopUnlessEntries, stopUnlessOpen } from '../src/identity/ldap/sync/sync-stopped.ts'
import { type Ran, SyncHouse } from '../src/identity/ldap/sync/test/sync-house.ts'
import { openDirectory } from '../src/main/open-directory.ts'
import { openWriter } from '../src/store/open.ts'

const skip = namespaceObstacle() ?? skipReason(...SAMBA_PACKAGES)
// The address of all suites: one of them provisions the domain, the others copy it.
const ADDRESS = '10.78.0.10'

describe('sync with Active Directory (Samba)', { skip, timeout: 180_000 }, () => {
  const folder = temporaryFolder('sp-ads-')
  const disposables = new AsyncDisposableStack()
  let controller: DomainController
  let house: SyncHouse
  let base = ''
  let url = ''

  before(async () => {
    const network = disposables.use(new Network('dc'))
    network.ip('dc', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo')
    controller = disposables.use(
      await DomainController.start({ network, host: 'dc', addresses: [ADDRESS], folder: folder.path }),
    )
    base = controller.baseDn
    url = `ldaps://127.0.0.1:${(await controller.door()).port}`
    const database = await openWriter('sqlite::memory:')
    disposables.defer(() => database.close())
    house = new SyncHouse(database)
  })
  after(async () => {
    await disposables.disposeAsync()
    folder[Symbol.dispose]()
  })

  const settings = (changed: object = {}): LdapSourceConfiguration =>
    ldapSourceSchema.parse({
      ...{ name: 'ad', kind: 'ldap', servers: [url], baseDn: `OU=People,${base}` },
      ...{ bindDn: controller.service.name, bindPassword: controller.service.password },
      authorities: readFileSync(controller.ca.certificate, 'utf8'),
      serverName: controller.name,
      ...changed,
    }) as LdapSourceConfiguration // secrets are given in plain text
  const sync = async (changed: object = {}, order = {}): Promise<Ran> => {
    const source = settings(changed)
    return await house.run(source, await openDirectory(source), order)
  }
  const changes = async (): Promise<Exclude<Ran, { kind: 'stopped' }>> => {
    const ran = await sync()
    assert.ok(ran.kind === 'changes', JSON.stringify(ran))
    return ran
  }
  const user = async (name: string) => {
    const { items } = await house.read.users({ source: 'ad', search: name, limit: 1 })
    return items[0]
  }

  it('ok/everything is read at first: people, states, nested and primary groups', async () => {
    const ran = await sync()
    assert.ok(ran.kind === 'full', JSON.stringify(ran))
    const members = await house.members('ad')
    assert.deepEqual(members.alice, ['Domain Users', 'Users', 'VPN Nested', 'VPN Users'])
    assert.deepEqual(members.carol, ['Domain Users', 'Users'])
    assert.ok(!('svc-sallyport' in members), 'outside the base')
    const alice = await user('alice')
    assert.match(alice?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-/)
    assert.match(alice?.sid ?? '', /^S-1-5-21-/)
    assert.equal(alice?.department, 'Research')
    assert.equal((await user('dan.disabled'))?.disabled, 1)
    assert.equal((await user('eve.expired'))?.expires_at, Date.UTC(2020, 0, 1))
    assert.equal((await house.read.usersByAddress('ALICE@lab.test'))[0]?.name, 'alice')
    assert.deepEqual(await house.facts(), [])
  })

  it('ok/a user is disabled, renamed with its groups, moved; each is seen by its number', async () => {
    assert.deepEqual([(await changes()).added, await house.facts()], [0, []])
    await controller.change(controller.person('bob').dn, 'userAccountControl', '514')
    assert.equal((await changes()).changed, 1)
    assert.equal((await user('bob'))?.disabled, 1)
    assert.deepEqual(await house.facts(), ['user bob', `user ${controller.person('bob').upn}`])
    await controller.ldif(
      `dn: ${controller.person('alice').dn}\nchangetype: modrdn\nnewrdn: CN=Alice Renamed\ndeleteoldrdn: 1\nnewsuperior: OU=RD2,OU=People,${base}\n`,
    )
    assert.equal((await changes()).changed, 1)
    assert.equal((await user('alice'))?.dn, `CN=Alice Renamed,OU=RD2,OU=People,${base}`)
    const { alice } = await house.members('ad')
    assert.deepEqual(alice, ['Domain Users', 'Users', 'VPN Nested', 'VPN Users'])
    assert.ok((await house.facts()).includes('user alice'))
  })

  it('ok/who leaves a nested group is told', async () => {
    await controller.ldif(
      `dn: CN=VPN Users,OU=Groups,${base}\nchangetype: modify\ndelete: member\nmember: CN=VPN Nested,OU=Groups,${base}\n`,
    )
    await changes()
    assert.deepEqual((await house.members('ad')).alice, ['Domain Users', 'Users', 'VPN Nested'])
    assert.ok((await house.facts()).includes('user alice'))
  })

  it('ok/a group whose members come in parts is read whole', async () => {
    const source = settings()
    const session = stopUnlessOpen(await openDirectory(source))
    try {
      // Samba gives all at once unless asked for a part; Active Directory does so beyond 1500.
      const query = {
        base: `CN=VPN Users,OU=Groups,${base}`,
        scope: 'base',
        filter: '(objectClass=*)',
      } as const
      for (const name of ['carol', 'paul', 'strict', 'odd'] as const)
        await controller.addMember('VPN Users', controller.person(name).dn)
      const answer = await session.search({ ...query, attributes: ['member;range=0-1'], limit: 1 })
      const [group] = stopUnlessEntries(answer, session.server)
      assert.ok(group !== undefined)
      assert.deepEqual(group.names, ['member;range=0-1'])
      const parts: number[] = []
      const keys = new Set<string>()
      for await (const part of memberKeys(session, group, ['member'])) {
        if (part.length > 0) parts.push(part.length)
        for (const key of part) keys.add(key)
      }
      assert.deepEqual([parts, keys.size], [[2, 3], 5])
      assert.ok(keys.has(dnKey(controller.person('odd').dn)))
    } finally {
      session.close()
    }
    assert.equal((await changes()).joined, 4)
    await house.facts()
  })

  it('ok/what is deleted goes: at once where it may be seen, else with the full sync', async () => {
    await controller.ldif(`dn: ${controller.person('carol').dn}\nchangetype: delete\n`)
    await controller.ldif(`dn: CN=VPN Nested,OU=Groups,${base}\nchangetype: delete\n`)
    const ran = await changes()
    const full = await sync({}, { full: true })
    assert.ok(full.kind === 'full')
    assert.equal(ran.deleted + full.deleted, 2)
    assert.equal(await user('carol'), undefined)
    const facts = await house.facts()
    assert.ok(facts.includes('user carol') && facts.includes('group VPN Nested'), facts.join())
  })

  it('ok/a restart of the controller changes nothing; another database is read whole', async () => {
    await controller.restart()
    const { added, changed, deleted } = await changes()
    assert.deepEqual([added, changed, deleted], [0, 0, 0])
    await house.forgetMarks('ad')
    assert.equal((await sync()).kind, 'full')
  })
})
