/** Two RADIUS workers on one port: the kernel chooses, and a login goes on wherever its datagrams arrive. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { freeTcpPort, freeUdpPort } from '@sallyport/lab/free-port'
import { temporaryFolder } from '@sallyport/lab/process'
import { radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const SECRET = 'secret-of-the-gateway'
const PASSWORD = 'Vpn-Passw0rd!'
const THRESHOLD = 6
const CONFIGURATION = `
settings: { serverName: radius.lab.test }
clients: [{ name: gateway, address: 127.0.0.1, secret: ${SECRET} }]
sources: [{ name: local, kind: local, passwordStorage: nt-hash, lockout: { threshold: ${THRESHOLD} } }]
realms: [{ name: default, default: true, sources: [local] }]
rules: [{ name: staff, when: '"Staff" in user.groups', effect: accept }]
groups: [{ name: Staff }]
users:
  - { name: alice, password: ${PASSWORD}, groups: [Staff] }
  - { name: bob, password: ${PASSWORD}, groups: [Staff] }
`

describe('two RADIUS workers', { skip: skipReason('eapoltest', 'freeradius-utils') }, () => {
  const parts = new AsyncDisposableStack()
  let server: Sallyport
  let folder: string

  before(async () => {
    folder = parts.use(temporaryFolder('sallyport-workers-')).path
    const data = join(folder, 'data')
    server = parts.use(await startSallyport({ data, args: ['--bind', '127.0.0.1', '--workers', '2'] }))
    await server.apply(CONFIGURATION)
  })
  after(() => parts.disposeAsync())

  it('ok/a login whose every datagram comes from another port, so to any worker', async () => {
    await using relay = await scattering(server.authPort)
    for (let login = 0; login < 12; login++) {
      const { success, keys, output } = await eapolTest({
        network: [
          ...['eap=PEAP', 'identity="alice"', `password="${PASSWORD}"`, 'phase2="auth=MSCHAPV2"'],
          ...[`ca_cert="${join(server.data, 'ca.pem')}"`, 'domain_match="radius.lab.test"'],
        ],
        server: { port: relay.port, secret: SECRET },
        folder,
      })
      assert.ok(success && keys?.mismatch === 0, output.slice(-2000))
    }
    const handed = /^sallyport_radius_handed_over (\d+)$/m.exec(await server.api.metrics())
    assert.ok(Number(handed?.[1]) > 10, `${handed?.[1]} datagrams handed over`)
  })

  it('fail/wrong passwords count together, whichever worker sees them', async () => {
    const ask = (password: string) =>
      radclient({
        ...{ command: 'auth', port: server.authPort, secret: SECRET },
        attributes: ['User-Name = bob', `User-Password = "${password}"`, 'Message-Authenticator = 0x00'],
      })
    for (let guess = 1; guess <= THRESHOLD; guess++) assert.equal((await ask('wrong')).code, 'Access-Reject')
    assert.equal((await ask(PASSWORD)).code, 'Access-Reject')
    await until('the receipt of the lock', async () => {
      const receipts = await server.api.receipts({ user: 'bob' })
      return receipts.find(({ reason }) => reason === 'account-locked')
    })
  })

  it('fail/a second server that would share the ports is refused, and told who has them', async () => {
    const data = join(folder, 'second')
    const ports = ['--auth-port', `${server.authPort}`, '--acct-port', `${await freeUdpPort()}`]
    const line = [
      'serve',
      '--data',
      data,
      '--bind',
      '127.0.0.1',
      '--workers',
      '2',
      ...ports,
      '--https-port',
      `${await freeTcpPort()}`,
    ]
    const { code, output } = await server.command(...line)
    assert.notEqual(code, 0)
    assert.match(output, new RegExp(`${server.authPort}`))
  })
})

/** Sends each datagram on from a socket of its own. */
async function scattering(port: number): Promise<AsyncDisposable & { readonly port: number }> {
  const front = createSocket('udp4')
  const backs: Socket[] = []
  front.on('message', (octets, client) => {
    const back = createSocket('udp4')
    backs.push(back)
    back.on('message', (answer) => front.send(answer, client.port, client.address))
    back.send(octets, port, '127.0.0.1')
  })
  front.bind(0, '127.0.0.1')
  await once(front, 'listening')
  return {
    port: front.address().port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of [front, ...backs]) socket.close()
    },
  }
}
