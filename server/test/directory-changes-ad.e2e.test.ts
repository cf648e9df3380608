/** What somebody changes in Active Directory (Samba) ends live sessions within seconds, with the settings a source has by default. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { Network, namespaceObstacle } from '@sallyport/lab/network'
import { temporaryFolder } from '@sallyport/lab/process'
import { DomainController, SAMBA_PACKAGES } from '@sallyport/lab/samba-domain'
import { ChangesHouse } from './directory-changes-house.ts'

const skip = namespaceObstacle() ?? skipReason(...SAMBA_PACKAGES, 'freeradius-utils')
// The address of all suites: one of them provisions the domain, the others copy it.
const ADDRESS = '10.78.0.10'
const PASSWORD = 'Chang3s-Passw0rd'
/** Disabled, of a normal account (MS-ADTS section 2.2.16). */
const DISABLED = '514'
const ENABLED = '512'

describe('changes in Active Directory (Samba) end live sessions', { skip, timeout: 180_000 }, () => {
  const folder = temporaryFolder('sp-adc-')
  const parts = new AsyncDisposableStack()
  let controller: DomainController
  let house: ChangesHouse
  const dnOf = (user: string): string => `CN=${user},OU=t,OU=People,${controller.baseDn}`
  const group = (name: string): string => `CN=${name},OU=Groups,${controller.baseDn}`
  const connect = (user: string): Promise<string> => house.connect(user, PASSWORD)

  before(async () => {
    const network = parts.use(new Network('dc'))
    network.ip('dc', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo')
    mkdirSync(join(folder.path, 'dc'))
    controller = parts.use(
      await DomainController.start({
        ...{ network, host: 'dc', addresses: [ADDRESS], folder: join(folder.path, 'dc') },
      }),
    )
    await controller.addUsers('t', 8, PASSWORD)
    for (const at of [1, 3, 4, 5, 6]) await controller.addMember('VPN Users', dnOf(`t0000${at}`))
    await controller.addMember('VPN Nested', dnOf('t00002'))
    const url = `ldaps://127.0.0.1:${(await controller.door()).port}`
    house = parts.use(
      await ChangesHouse.start(join(folder.path, 'data'), {
        sources: [
          {
            ...{ name: 'ad', kind: 'ldap', servers: [url], serverName: controller.name },
            ...{ baseDn: `OU=People,${controller.baseDn}`, domain: controller.domain },
            ...{ bindDn: controller.service.name, bindPassword: controller.service.password },
            authorities: readFileSync(controller.ca.certificate, 'utf8'),
          },
        ],
        realms: [{ name: 'default', default: true, sources: ['ad'] }],
        rules: [
          { name: 'barred', when: '"Barred" in user.groups', effect: 'reject' },
          { name: 'vpn', when: '"VPN Users" in user.groups', effect: 'accept' },
        ],
      }),
    )
  })
  after(async () => {
    await parts.disposeAsync()
    folder[Symbol.dispose]()
  })

  const said = (took: number): string => `${Math.round(took)} ms`

  it('ok/it is watched by its update sequence numbers, and the command line says so', async () => {
    assert.equal((await house.watched('ad')).by, 'uSNChanged')
    assert.match((await house.server.cli('sources')).output, /CHANGES SEEN\s+ad +ldap .* \d\d:\d\d:\d\d\s/)
  })

  it('ok/out of the group, directly and by way of a group in it', async (t) => {
    const [direct, nested, other] = [
      await connect('t00001'),
      await connect('t00002'),
      await connect('t00003'),
    ]
    t.diagnostic(said(await house.cut(direct, () => controller.removeMember('VPN Users', dnOf('t00001')))))
    t.diagnostic(said(await house.cut(nested, () => controller.removeMember('VPN Nested', dnOf('t00002')))))
    await controller.addMember('VPN Nested', dnOf('t00002'))
    const again = await connect('t00002')
    t.diagnostic(
      said(await house.cut(again, () => controller.removeMember('VPN Users', group('VPN Nested')))),
    )
    assert.ok(house.isLive(other))
  })

  it('ok/into a group that bars', async (t) => {
    await controller.ldif(
      `dn: ${group('Barred')}\nchangetype: add\nobjectClass: group\nsAMAccountName: Barred\n`,
    )
    const session = await connect('t00003')
    t.diagnostic(said(await house.cut(session, () => controller.addMember('Barred', dnOf('t00003')))))
    await controller.removeMember('Barred', dnOf('t00003'))
  })

  it('ok/the account is disabled, renamed or deleted', async (t) => {
    const [disabled, renamed, deleted] = [
      await connect('t00004'),
      await connect('t00005'),
      await connect('t00006'),
    ]
    const disable = () => controller.change(dnOf('t00004'), 'userAccountControl', DISABLED)
    t.diagnostic(said(await house.cut(disabled, disable)))
    await controller.change(dnOf('t00004'), 'userAccountControl', ENABLED)
    const rename = () => controller.change(dnOf('t00005'), 'sAMAccountName', 't99999')
    t.diagnostic(said(await house.cut(renamed, rename)))
    const remove = () => controller.ldif(`dn: ${dnOf('t00006')}\nchangetype: delete\n`)
    t.diagnostic(said(await house.cut(deleted, remove)))
  })

  it('ok/the group is renamed', async (t) => {
    const session = await connect('t00003')
    const rename = () => controller.change(group('VPN Users'), 'sAMAccountName', 'VPN Users of old')
    t.diagnostic(said(await house.cut(session, rename)))
    t.diagnostic(house.summary)
  })
})
