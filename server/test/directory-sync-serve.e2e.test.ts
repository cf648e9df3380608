/** The whole product: a directory is synced and searched by the command line, and what a sync sees ends a session. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { SLAPD_PACKAGES, Slapd } from '@sallyport/lab/slapd'
import { LDAP_PASSWORD, ldapUserDn, SERVICE, SUFFIX } from '@sallyport/lab/slapd/people'
import { until } from '@sallyport/lab/until'
import { attribute, PacketCode } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, Class, NasIpAddress, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import { PlayedNas } from '../src/access/dynamic-authorization/test/nas.ts'
import type { Directory, DirectoryListing, DirectoryUser, Page } from '../src/listeners/https/services.ts'

const SECRET = 'secret-of-the-device'
const skip = skipReason(...SLAPD_PACKAGES, 'freeradius-utils')

describe('sync of a directory, by the whole product', { skip, timeout: 120_000 }, () => {
  const folder = temporaryFolder('sp-sync-')
  const parts = new AsyncDisposableStack()
  let slapd: Slapd
  let nas: PlayedNas
  let server: Sallyport

  const document = (sources: string): string => `
settings: { grants: { sweepSeconds: 3600 } }
clients:
  - name: gate
    address: 127.0.0.1
    secret: ${SECRET}
    dynamicAuthorization: { port: ${nas.port}, timeoutSeconds: 2, retries: 0 }
sources: [{ name: local, kind: local }${sources}]
realms: [{ name: default, default: true, sources: [${sources === '' ? 'local' : 'ldap'}] }]
profiles: [{ name: staff, vlan: 10 }]
rules: [{ name: staff, when: '"vpn-users" in user.groups', effect: accept, profiles: [staff] }]
`
  const ldap = (): string => `, { name: ldap, kind: ldap, type: generic, servers: ['${slapd.url}'],
  allowUnencrypted: true, baseDn: 'ou=People,${SUFFIX}', bindDn: '${SERVICE.dn}',
  bindPassword: '${SERVICE.password}', sync: { enabled: true, minutes: 60 }, cache: { minutes: 60 },
  changes: { seconds: 0 } }`

  const directory = async (): Promise<Directory | undefined> =>
    (await server.api.send<{ items: Directory[] }>('GET', '/directories')).items[0]

  before(async () => {
    slapd = parts.use(await Slapd.start({ folder: folder.path }))
    nas = parts.use(await PlayedNas.start(SECRET, () => ({ code: PacketCode.DisconnectAck })))
    server = parts.use(await startSallyport({ data: folder.path, args: ['--bind', '127.0.0.1'] }))
    await server.apply(document(ldap()))
  })
  after(async () => {
    await parts.disposeAsync()
    folder[Symbol.dispose]()
  })

  it('ok/it is synced by itself, listed, searched and browsed', async () => {
    await until(
      'the first sync',
      async () => ((await directory())?.sync.state === 'done' ? true : undefined),
      20_000,
    )
    const { output } = await server.cli('directories')
    assert.match(output, /ldap +generic +ou=People,dc=example,dc=org +done +\S+ \S+ +4 +3/)
    const found = JSON.parse(
      (await server.cli('directories', 'users', 'ldap', '--search', 'ali', '--json')).output,
    )
    const [alice] = (found as Page<DirectoryUser>).items
    assert.deepEqual(alice?.groups, ['staff', 'vpn-nested', 'vpn-users'])
    assert.match((await server.cli('directories', 'groups', 'ldap')).output, /vpn-users/)
    assert.match((await server.cli('directories', 'browse', 'ldap', SUFFIX)).output, /People +container/)
    const refused = await server.cli('directories', 'browse', 'ldap', `ou=Gone,${SUFFIX}`)
    assert.equal(refused.code, 1)
    assert.match(refused.output, /has no entry ou=Gone/)
  })

  it('ok/settings that are not applied are tried; nothing of a password comes back', async () => {
    const connection = {
      ...{ type: 'generic', servers: [slapd.url], allowUnencrypted: true },
      ...{ bindDn: SERVICE.dn, bindPassword: SERVICE.password },
    }
    const listing = await server.api.send<DirectoryListing>('POST', '/directories/browse', { connection })
    assert.deepEqual(
      listing.entries.map(({ dn }) => dn),
      [SUFFIX],
    )
    const wrong = server.api.send('POST', '/directories/browse', {
      connection: { ...connection, bindPassword: 'wrong-and-secret' },
    })
    await assert.rejects(wrong, (error: Error) => !error.message.includes('wrong-and-secret'))
    const text = JSON.stringify(await server.api.send('GET', '/directories'))
    assert.ok(!text.includes(SERVICE.password))
    const { allowUnencrypted: _, ...clear } = connection
    const binds = slapd.log.match(/ BIND /g)?.length
    await assert.rejects(
      server.api.send('POST', '/directories/browse', { connection: clear }),
      /in the clear/,
    )
    assert.equal(slapd.log.match(/ BIND /g)?.length, binds)
  })

  it('ok/who leaves a group loses the session with the next sync', async () => {
    const attributes = ['User-Name = "alice"', `User-Password = "${LDAP_PASSWORD}"`, MESSAGE_AUTHENTICATOR]
    const login = { command: 'auth', port: server.authPort, secret: SECRET, attributes } as const
    assert.equal((await radclient(login)).code, 'Access-Accept')
    const accept = await until(
      'the receipt',
      async () => (await server.api.receipts({ outcome: 'accept' }))[0],
    )
    const client = new RadiusClient({ host: '127.0.0.1', port: server.acctPort, secret: SECRET, retries: 3 })
    parts.defer(() => client.close())
    await client.send(PacketCode.AccountingRequest, [
      attribute(AcctStatusType, 1),
      attribute(AcctSessionId, 's-1'),
      attribute(UserName, 'alice'),
      attribute(NasIpAddress, '127.0.0.1'),
      attribute(Class, fromUtf8(`sallyport:${accept.id}`)),
    ])
    await slapd.ldif(
      `dn: cn=vpn-users,ou=Groups,${SUFFIX}\nchangetype: modify\ndelete: member\nmember: cn=vpn-nested,ou=Groups,${SUFFIX}\n`,
    )
    const { code, output } = await server.cli('directories', 'sync', 'ldap')
    assert.equal(code, 0, output)
    assert.match(output, /What changed was read .* 0 memberships came, 1 went/)
    await until('the disconnect', async () => (nas.packets.length > 0 ? true : undefined), 10_000)
    assert.equal((await radclient(login)).code, 'Access-Reject')
  })

  it('ok/a directory that hangs in the middle of a sync loses nothing, and is asked again', async () => {
    slapd.hang()
    await server.api.send('POST', '/directories/ldap/sync', { full: true })
    const again = server.api.send('POST', '/directories/ldap/sync', { full: true })
    await assert.rejects(again, /being synced already/)
    await until(
      'the end',
      async () => ((await directory())?.sync.state === 'failed' ? true : undefined),
      30_000,
    )
    slapd.resume()
    assert.equal((await directory())?.sync.users, 4)
    assert.equal((await server.cli('directories', 'sync', 'ldap', '--full')).code, 0)
    await slapd.ldif(`dn: ${ldapUserDn('dave')}\nchangetype: delete\n`)
    await server.cli('directories', 'sync', 'ldap', '--full')
    assert.equal((await directory())?.sync.users, 3)
  })

  it('ok/the copy of a source that is taken out goes', async () => {
    await server.apply(document(''))
    assert.equal(await directory(), undefined)
    await server.process.waitFor(/no longer configured, are forgotten/, 20_000)
    await server.apply(document(ldap().replace('enabled: true', 'enabled: false')))
    const { sync } = (await directory()) ?? assert.fail()
    assert.deepEqual([sync.state, sync.users, sync.groups], ['off', 0, 0])
    assert.match((await server.cli('directories', 'sync', 'ldap')).output, /is not synced/)
  })
})
