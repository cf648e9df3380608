/** Two nodes on one PostgreSQL: what changes through one is carried out once, by whichever takes it. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fromUtf8 } from '@sallyport/bytes'
import { type PostgresServer, postgresMissing, startPostgres } from '@sallyport/lab/postgres'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'
import { attribute, PacketCode } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, Class, NasIpAddress, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import { PlayedNas } from '../src/access/dynamic-authorization/test/nas.ts'
import type { GrantAction, Page } from '../src/listeners/https/services.ts'

const SECRET = 'secret-of-the-device'
const PASSWORD = 'correct horse battery'
const SESSIONS = 12

describe('two nodes on one PostgreSQL', { skip: postgresMissing() ?? false }, () => {
  const folder = temporaryFolder()
  const parts = new AsyncDisposableStack()
  let postgres: PostgresServer
  let nas: PlayedNas
  let nodes: readonly [Sallyport, Sallyport]

  before(async () => {
    postgres = await startPostgres({ fsync: false })
    nas = parts.use(await PlayedNas.start(SECRET, () => ({ code: PacketCode.DisconnectAck })))
    const database = postgres.database('sallyport')
    const start = async (name: string): Promise<Sallyport> => {
      const data = join(folder.path, name)
      return parts.use(await startSallyport({ data, args: ['--bind', '127.0.0.1', '--database', database] }))
    }
    mkdirSync(join(folder.path, 'a'))
    mkdirSync(join(folder.path, 'b'))
    const first = await start('a')
    copyFileSync(join(folder.path, 'a', 'keys'), join(folder.path, 'b', 'keys'))
    nodes = [first, await start('b')]
    const device = `dynamicAuthorization: { port: ${nas.port}, timeoutSeconds: 2, retries: 0 }`
    await first.apply(`
settings: { grants: { actionsPerSecond: 50, actionsPerSecondPerClient: 50 } }
clients: [{ name: gate, address: 127.0.0.1, secret: ${SECRET}, ${device} }]
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, sources: [local] }]
profiles: [{ name: staff, vlan: 10 }]
rules: [{ name: staff, when: 'user.name == "alice"', effect: accept, profiles: [staff] }]
users: [{ name: alice, password: ${PASSWORD} }]
`)
  })
  after(async () => {
    await parts.disposeAsync()
    await postgres?.stop()
    folder[Symbol.dispose]()
  })

  it('ok/every session is disconnected once', async () => {
    const [first, second] = nodes
    const attributes = ['User-Name = "alice"', `User-Password = "${PASSWORD}"`, MESSAGE_AUTHENTICATOR]
    const login = { command: 'auth', port: first.authPort, secret: SECRET, attributes } as const
    assert.equal((await radclient(login)).code, 'Access-Accept')
    const accept = await until(
      'the receipt',
      async () => (await first.api.receipts({ outcome: 'accept' }))[0],
    )
    const client = new RadiusClient({ host: '127.0.0.1', port: second.acctPort, secret: SECRET, retries: 3 })
    parts.defer(() => client.close())
    for (let number = 0; number < SESSIONS; number++) {
      await client.send(PacketCode.AccountingRequest, [
        attribute(AcctStatusType, 1),
        attribute(AcctSessionId, `s-${number}`),
        attribute(UserName, 'alice'),
        attribute(NasIpAddress, '127.0.0.1'),
        attribute(Class, fromUtf8(`sallyport:${accept.id}`)),
      ])
    }
    await first.api.changeUser('alice', { disabled: true })
    await until('all disconnects', () => (nas.packets.length >= SESSIONS ? true : undefined))
    await delay(2500)
    const named = nas.packets.map((packet) => packet.get(AcctSessionId))
    assert.deepEqual(named.sort(), Array.from({ length: SESSIONS }, (_, number) => `s-${number}`).sort())
    const { items } = await second.api.send<Page<GrantAction>>('GET', '/grants?user=alice')
    assert.equal(items.length, SESSIONS)
    assert.ok(items.every(({ state, reason }) => state === 'acknowledged' && reason === 'account-disabled'))
  })
})
