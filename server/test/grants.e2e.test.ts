/**
 * Revoke = gone, on the real process: radclient and eapol_test log in, a played device reports the session and takes the
 * Disconnect, and the facts are changed the way an administrator changes them.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fromUtf8 } from '@sallyport/bytes'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'
import { attribute, PacketCode, type PacketView } from '@sallyport/radius'
import {
  AcctSessionId,
  AcctStatusType,
  CallingStationId,
  Class,
  NasIpAddress,
  UserName,
} from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import { PlayedNas } from '../src/access/dynamic-authorization/test/nas.ts'
import type { GrantAction, Page } from '../src/listeners/https/services.ts'

const SECRET = 'secret-of-the-device'
const PASSWORD = 'correct horse battery'
const START = 1
const STOP = 2

interface Rules {
  readonly vlan?: number
  readonly group?: string
  readonly attempts?: number
  readonly rate?: number
}

describe('a session ends when what it rests on changes', {
  skip: skipReason('freeradius-utils', 'eapoltest'),
}, () => {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  let server: Sallyport
  let nas: PlayedNas
  let accounting: RadiusClient
  let isSilent = false
  let expiring = { user: '', id: '' }
  let count = 0

  const configuration = ({ vlan = 10, group = 'VPN Users', attempts = 2, rate = 20 }: Rules = {}): string =>
    JSON.stringify({
      settings: {
        grants: {
          ...{ attempts, retrySeconds: 1, endSeconds: 3, sweepSeconds: 10 },
          ...{ actionsPerSecond: rate, actionsPerSecondPerClient: rate },
        },
      },
      clients: [
        {
          ...{ name: 'gate', address: '127.0.0.1', secret: SECRET },
          dynamicAuthorization: { port: nas.port, timeoutSeconds: 0.2, retries: 1 },
        },
      ],
      sources: [{ name: 'local', kind: 'local' }],
      realms: [{ name: 'default', default: true, sources: ['local'] }],
      trust: [{ name: 'own', kind: 'own' }],
      groups: [{ name: 'VPN Users' }, { name: 'Other' }],
      profiles: [{ name: 'staff', vlan }],
      rules: [{ name: 'staff', when: `"${group}" in user.groups`, effect: 'accept', profiles: ['staff'] }],
    })

  const connect = (): RadiusClient =>
    new RadiusClient({ host: '127.0.0.1', port: server.acctPort, secret: SECRET, retries: 3 })

  /** Acknowledges, and reports the end of the session as a device does. */
  const answer = (packet: PacketView) => {
    if (isSilent) return undefined
    const session = packet.get(AcctSessionId)
    if (packet.code === PacketCode.DisconnectRequest && session !== undefined) {
      void report(STOP, session).catch(() => {})
      return { code: PacketCode.DisconnectAck }
    }
    return {
      code: packet.code === PacketCode.DisconnectRequest ? PacketCode.DisconnectNak : PacketCode.CoaNak,
    }
  }

  before(async () => {
    mkdirSync(data)
    nas = await PlayedNas.start(SECRET, answer)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    accounting = connect()
    await server.apply(configuration())
  })
  after(async () => {
    await accounting?.close()
    await server?.[Symbol.asyncDispose]()
    await nas?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function newUser(): Promise<string> {
    const name = `user-${++count}`
    await server.api.send('POST', '/users', { name, password: PASSWORD, groups: ['VPN Users'] })
    return name
  }

  async function report(
    status: number,
    session: string,
    decision?: string,
    user = 'somebody',
  ): Promise<void> {
    await accounting.send(PacketCode.AccountingRequest, [
      attribute(AcctStatusType, status),
      attribute(AcctSessionId, session),
      attribute(UserName, user),
      attribute(NasIpAddress, '127.0.0.1'),
      attribute(CallingStationId, `02-00-00-00-00-${session.slice(-2)}`),
      ...(decision === undefined ? [] : [attribute(Class, fromUtf8(`sallyport:${decision}`))]),
    ])
  }

  const receiptOf = (user: string) =>
    until(`receipt of ${user}`, async () => (await server.api.receipts({ user, outcome: 'accept' }))[0])

  /** Logs in as radclient does, and begins a session. Accounting tells another name than the one that was proved. */
  async function session(user: string): Promise<string> {
    const { code, output } = await radclient({
      command: 'auth',
      port: server.authPort,
      secret: SECRET,
      attributes: [`User-Name = "${user}"`, `User-Password = "${PASSWORD}"`, MESSAGE_AUTHENTICATOR],
    })
    assert.equal(code, 'Access-Accept', output)
    const id = `s-${user}-${String(count).padStart(2, '0')}`
    await report(START, id, (await receiptOf(user)).id)
    return id
  }

  const disconnectsOf = (id: string): PacketView[] =>
    nas.packets.filter(
      (packet) => packet.code === PacketCode.DisconnectRequest && packet.get(AcctSessionId) === id,
    )
  const sentFor = (id: string): PacketView[] =>
    nas.packets.filter((packet) => packet.get(AcctSessionId) === id)

  async function disconnected(id: string, milliseconds = 5_000): Promise<void> {
    await until(`Disconnect of ${id}`, () => disconnectsOf(id)[0], milliseconds)
  }

  const actionOf = (user: string, state: string, milliseconds?: number): Promise<GrantAction> =>
    until(
      `${state} action of ${user}`,
      async () => {
        const page = await server.api.send<Page<GrantAction>>('GET', `/grants?user=${user}`)
        return page.items.find((item) => item.state === state)
      },
      milliseconds,
    )

  it('ok/time is up: the account expires while other things happen', async () => {
    const user = await newUser()
    expiring = { user, id: await session(user) }
    await server.api.changeUser(user, { expiresAt: new Date(Date.now() + 8_000).toISOString() })
    await delay(1500)
    assert.deepEqual(sentFor(expiring.id), [], 'not yet')
  })

  it('ok/the account is disabled: Disconnect within five seconds, with the reason kept', async () => {
    const user = await newUser()
    const id = await session(user)
    const other = await session(await newUser())
    const { code, output } = await server.cli('users', 'disable', user)
    assert.equal(code, 0, output)
    await disconnected(id)
    const done = await actionOf(user, 'done')
    assert.equal(done.reason, 'account-disabled')
    assert.equal(done.askedBy, 'system')
    assert.equal(done.receipt, (await receiptOf(user)).id)
    assert.match(done.cause, new RegExp(`"${user}" changed`))
    assert.deepEqual(sentFor(other), [], 'nobody else is disturbed')
    const listed = await server.cli('grants', '--user', user)
    assert.match(listed.output, /revoke +done.*account-disabled/)
  })

  it('ok/the user leaves the group: the values before and after are kept', async () => {
    const user = await newUser()
    const id = await session(user)
    await server.api.changeUser(user, { groups: [] })
    await disconnected(id)
    const done = await actionOf(user, 'done')
    assert.equal(done.reason, 'no-rule-matched')
    // The run may have passed a full hour.
    const changes = done.changes.filter((change) => !change.startsWith('time.'))
    assert.deepEqual(changes, ['user.groups lost "VPN Users"'])
  })

  it('ok/the account is deleted, or its password set anew', async () => {
    const [gone, changed] = [await newUser(), await newUser()]
    const ids = [await session(gone), await session(changed)]
    await server.api.send('DELETE', `/users/${gone}`)
    await server.api.send('PUT', `/users/${changed}/password`, { password: 'another horse battery' })
    for (const id of ids) await disconnected(id)
    assert.equal((await actionOf(gone, 'done')).reason, 'user-not-found')
    assert.equal((await actionOf(changed, 'done')).reason, 'password-changed-since')
  })

  it('ok/wrong passwords of a stranger lock the account out, and end no session', async () => {
    const user = await newUser()
    const id = await session(user)
    for (let attempt = 0; attempt < 12; attempt++) {
      await radclient({
        command: 'auth',
        port: server.authPort,
        secret: SECRET,
        attributes: [`User-Name = "${user}"`, 'User-Password = "wrong"', MESSAGE_AUTHENTICATOR],
      })
    }
    await until(
      'the lock-out',
      async () => (await server.api.receipts({ user, reason: 'account-locked' }))[0],
    )
    await delay(1500)
    assert.deepEqual(sentFor(id), [])
  })

  it('ok/the certificate is revoked', async () => {
    const user = await newUser()
    const out = join(folder.path, user)
    const issued = await server.cli('certificates', 'issue', '--user', user, '--out', out)
    const serial = /^Issued ([0-9a-f]+) /.exec(issued.output)?.[1] ?? assert.fail(issued.output)
    const login = await eapolTest({
      server: { port: server.authPort, secret: SECRET },
      folder: folder.path,
      network: [
        ...['eap=TLS', `identity="${user}"`, `ca_cert="${out}/ca.pem"`],
        ...[`client_cert="${out}/${user}.pem"`, `private_key="${out}/${user}.key"`],
      ],
    })
    assert.ok(login.success, login.output)
    const id = `s-${user}-tls`
    await report(START, id, (await receiptOf(user)).id)
    const revoked = await server.cli('certificates', 'revoke', serial)
    assert.equal(revoked.code, 0, revoked.output)
    await disconnected(id)
    const done = await actionOf(user, 'done')
    assert.equal(done.reason, 'certificate-revoked')
    assert.match(done.cause, new RegExp(serial))
  })

  it('ok/a device that cannot re-authenticate is disconnected when its profile changes', async () => {
    const user = await newUser()
    const id = await session(user)
    await server.api.apply(configuration({ vlan: 20 }))
    await disconnected(id)
    const done = await actionOf(user, 'done')
    assert.equal(done.reason, 'authorization-changed')
    assert.equal(done.action, 'change')
    assert.match(done.cause, /configuration version \d+/)
    const again = await session(await newUser())
    await server.cli('grants', 'recheck', '--all')
    await delay(1500)
    assert.deepEqual(sentFor(again), [], 'it was given what the rules say now')
  })

  it('ok/a rule no longer lets the session in', async () => {
    const user = await newUser()
    const id = await session(user)
    await server.api.apply(configuration({ vlan: 20, group: 'Other' }))
    await disconnected(id)
    assert.equal((await actionOf(user, 'done')).reason, 'no-rule-matched')
    await server.api.apply(configuration({ vlan: 20 }))
  })

  it('fail/a silent device: the tries are bounded, and the failure is plain to see', async () => {
    const user = await newUser()
    const id = await session(user)
    isSilent = true
    await server.cli('users', 'disable', user)
    const failed = await actionOf(user, 'failed', 15_000)
    assert.equal(failed.result, 'grant-no-answer')
    assert.equal(failed.attempts, 2)
    const sent = disconnectsOf(id).length
    await delay(2000)
    assert.equal(disconnectsOf(id).length, sent, 'given up')
    isSilent = false
    const { warnings } = await server.api.send<{ warnings: string[] }>('GET', '/health')
    assert.ok(
      warnings.some((warning) => warning.includes('could not be ended')),
      warnings.join('\n'),
    )
    const listed = await server.cli('grants', '--state', 'failed')
    assert.match(listed.output, /did not answer/)
    // What an administrator does then.
    await server.cli('grants', 'recheck', '--user', user)
    await actionOf(user, 'done')
  })

  it('ok/taken back before it was carried out: nothing is sent any more', async () => {
    const user = await newUser()
    const id = await session(user)
    await server.api.apply(configuration({ vlan: 20, attempts: 6 }))
    isSilent = true
    await server.cli('users', 'disable', user)
    await until('the first try', () => disconnectsOf(id)[0])
    await server.cli('users', 'enable', user)
    await actionOf(user, 'obsolete', 15_000)
    const sent = disconnectsOf(id).length
    isSilent = false
    await delay(1500)
    assert.equal(disconnectsOf(id).length, sent)
  })

  it('ok/the account that expired was disconnected by then', async () => {
    await disconnected(expiring.id, 20_000)
    const done = await actionOf(expiring.user, 'done')
    // By a sweep, or by whatever else looked at every session first.
    assert.equal(done.reason, 'account-expired')
  })

  it('ok/killed between the change and the sending: sent after the restart', async () => {
    const user = await newUser()
    const id = await session(user)
    isSilent = true
    const changed = server.api.changeUser(user, { disabled: true })
    await changed
    await server.process.stop('SIGKILL')
    const before = disconnectsOf(id).length
    isSilent = false
    const { authPort, acctPort, httpsPort } = server
    server.api[Symbol.dispose]()
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'], authPort, acctPort, httpsPort })
    await until('Disconnect after the restart', () => (disconnectsOf(id).length > before ? true : undefined))
    await actionOf(user, 'done')
  })

  it('ok/10,000 sessions hit by one change: the rate is kept, the server answers, memory is bounded', async (context) => {
    const rate = 50
    await server.api.apply(configuration({ vlan: 20, rate }))
    const user = await newUser()
    await session(user)
    const { id: decision } = await receiptOf(user)
    await accounting.close()
    accounting = connect()
    const lanes = Array.from({ length: 64 }, async (_, lane) => {
      for (let number = lane; number < 10_000; number += 64) {
        await report(START, `many-${String(number).padStart(5, '0')}`, decision, user)
      }
    })
    await Promise.all(lanes)
    const memory = residentMegabytes(server.process.pid)
    const seen = nas.packets.length
    await server.api.apply(configuration({ vlan: 30, rate }))
    await until('the first Disconnect', () => (nas.packets.length > seen ? true : undefined))
    const [startedAt, first] = [performance.now(), nas.packets.length]
    let [slowest, highest] = [0, 0]
    while (performance.now() - startedAt < 6_000) {
      const asked = performance.now()
      await server.api.send('GET', '/sessions?limit=1')
      slowest = Math.max(slowest, performance.now() - asked)
      highest = Math.max(highest, residentMegabytes(server.process.pid))
      await delay(100)
    }
    const seconds = (performance.now() - startedAt) / 1000
    const sent = nas.packets.length - first
    // What was saved up in a second may go at once.
    assert.ok(sent <= rate * (seconds + 2), `${sent} in ${seconds} s`)
    assert.ok(sent >= rate * seconds * 0.3, `${sent} in ${seconds} s`)
    const page = await server.api.send<Page<GrantAction>>('GET', '/grants?state=waiting&limit=1')
    assert.equal(page.items[0]?.reason, 'authorization-changed')
    assert.ok(slowest < 1_000, `an API call took ${Math.round(slowest)} ms`)
    assert.ok(highest - memory < 150, `${memory} MB before, ${highest} MB at most`)
    context.diagnostic(
      `${sent} in ${seconds.toFixed(1)} s; slowest API call ${Math.round(slowest)} ms; ${memory} MB, then ${highest} MB`,
    )
  })
})

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024)
}
