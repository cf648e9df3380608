import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute, PacketCode } from '@sallyport/radius'
import { ErrorCause, EventTimestamp } from '@sallyport/radius/attributes'
import { configurationSchema } from '../../config/schema.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { WorkLimit } from '../../identity/local/work-limit.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { Logging } from '../../kernel/logging.ts'
import { openWriter } from '../../store/open.ts'
import type { AccountingRecord } from '../accounting/accounting-record.ts'
import { AccountingService } from '../accounting/accounting-service.ts'
import { SessionStore } from '../session-store.ts'
import { DynamicAuthorizationStore } from './dynamic-authorization-store.ts'
import { DynamicAuthorizer } from './dynamic-authorizer.ts'
import { START } from './test/accounting.ts'
import { PlayedNas } from './test/nas.ts'

const SECRET = 'testing123-shared'
const SESSION = 'aa00'
const ADMIN = { by: 'admin', name: 'ada' } as const

interface HouseOptions {
  readonly client: Record<string, unknown>
  readonly networks?: readonly string[]
  readonly start?: Partial<AccountingRecord>
}

async function house({ client, networks = ['127.0.0.1/32'], start = {} }: HouseOptions) {
  const database = await openWriter('sqlite::memory:')
  const clock = new FakeClock('2026-01-05T09:00:00Z')
  await new AccountingService(database).store([{ ...START, ...start }])
  const document = configurationSchema.parse({
    clients: [{ name: 'switch', address: '127.0.0.1', secret: SECRET, ...client }],
    profiles: [{ name: 'guest', vlan: 99, sessionTimeoutSeconds: 600 }],
  })
  const snapshot = {
    version: 1,
    revision: 1,
    configuration: document,
    clientAddresses: [{ client: 'switch', networks }],
  } as unknown as Snapshot // secrets are plain text in this document
  const store = new DynamicAuthorizationStore(database)
  const counted: string[] = []
  const authorizer = new DynamicAuthorizer({
    snapshot: () => snapshot,
    sessions: new SessionStore(database),
    reported: store,
    store,
    limit: new WorkLimit(4, 4),
    listening: [],
    clock,
    log: new Logging({ clock, level: 'silent' }).for('coa'),
    count: (...labels) => counted.push(labels.join(' ')),
  })
  const rows = async () => (await store.list({ limit: 10 })).rows
  return { authorizer, rows, counted, clock, close: () => database.close() }
}

/** Waits short enough for a test. */
const QUICK = { timeoutSeconds: 0.1, retries: 1 }

function settings(nas: PlayedNas, more: object = {}) {
  return { dynamicAuthorization: { port: nas.port, ...QUICK, ...more } }
}

test('ok/ a Disconnect names the session, is signed, carries the time, and is kept', async () => {
  await using nas = await PlayedNas.start(SECRET, () => ({ code: PacketCode.DisconnectAck }))
  const { authorizer, rows, counted, clock, close } = await house({ client: settings(nas) })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.deepEqual(result, { outcome: 'acknowledged', id: 1 })
  const [packet] = nas.packets
  assert.equal(packet?.code, PacketCode.DisconnectRequest)
  assert.equal(packet?.messageAuthenticatorAt, 20, 'Message-Authenticator comes first')
  assert.equal(packet?.get(EventTimestamp)?.getTime(), clock.now())
  assert.deepEqual(nas.lastSaid, [
    'User-Name=alice',
    'Acct-Session-Id=0001',
    'Calling-Station-Id=02-00-00-00-00-01',
    'NAS-Identifier=sw-1',
    'NAS-IP-Address=127.0.0.1',
  ])
  const [row] = await rows()
  assert.equal(row?.outcome, 'acknowledged')
  assert.equal(row?.decision_id, '01RECEIPT')
  assert.equal(row?.asked_by_name, 'ada')
  assert.equal(row?.attempts, 1)
  assert.deepEqual(counted, ['switch disconnect acknowledged'])
  await close()
})

test('ok/ over IPv6', async () => {
  await using nas = await PlayedNas.start(SECRET, () => ({ code: PacketCode.DisconnectAck }), '::1')
  const { authorizer, close } = await house({
    client: settings(nas),
    networks: ['::1/128'],
    start: { nasAddress: '2001:db8::7' },
  })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'acknowledged')
  assert.ok(nas.lastSaid.includes('NAS-IPv6-Address=2001:db8::7'))
  await close()
})

test('fail/ a NAK is a refusal with its Error-Cause', async () => {
  await using nas = await PlayedNas.start(SECRET, () => ({
    code: PacketCode.DisconnectNak,
    attributes: [attribute(ErrorCause, 503)],
  }))
  const { authorizer, rows, close } = await house({ client: settings(nas) })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'refused')
  assert.equal(result.errorCause, 'Session-Context-Not-Found')
  assert.equal(result.reason?.code, 'dynamic-authorization-refused')
  assert.equal((await rows())[0]?.error_cause, 503)
  await close()
})

test('fail/ a NAK without Error-Cause, and with one no RFC names', async () => {
  let causes = 0
  await using nas = await PlayedNas.start(SECRET, () => ({
    code: PacketCode.DisconnectNak,
    attributes: causes++ === 0 ? [] : [attribute(ErrorCause, 999)],
  }))
  const { authorizer, close } = await house({ client: settings(nas) })
  const ask = { sessionId: SESSION, action: 'disconnect', askedBy: ADMIN } as const
  assert.equal((await authorizer.act(ask)).errorCause, undefined)
  assert.equal((await authorizer.act(ask)).errorCause, 'Error-Cause-999')
  await close()
})

test('fail/ silence: the same octets again, a bounded number of times, then no-answer', async () => {
  await using nas = await PlayedNas.start(SECRET, () => undefined)
  const { authorizer, rows, close } = await house({ client: settings(nas) })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'no-answer')
  assert.equal(result.reason?.code, 'dynamic-authorization-no-answer')
  assert.equal(nas.datagrams.length, 2)
  assert.deepEqual(nas.datagrams[0], nas.datagrams[1])
  assert.equal((await rows())[0]?.attempts, 2)
  await close()
})

test('ok/ an answer to the second attempt counts', async () => {
  await using nas = await PlayedNas.start(SECRET, (_, count) =>
    count === 1 ? undefined : { code: PacketCode.DisconnectAck },
  )
  const { authorizer, rows, close } = await house({ client: settings(nas) })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'acknowledged')
  assert.equal((await rows())[0]?.attempts, 2)
  await close()
})

test('fail/ a forged ACK is no answer, and is told as what it is', async () => {
  await using nas = await PlayedNas.start(SECRET, () => ({
    code: PacketCode.DisconnectAck,
    secret: 'somebody elses secret',
  }))
  const { authorizer, close } = await house({ client: settings(nas) })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'no-answer')
  assert.match(JSON.stringify(result.reason), /response-authenticator-invalid/)
  await close()
})

test('fail/ an ACK of the other kind is no answer', async () => {
  await using nas = await PlayedNas.start(SECRET, () => ({ code: PacketCode.CoaAck }))
  const { authorizer, close } = await house({ client: settings(nas) })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'no-answer')
  await close()
})

test('ok/ while a secret is being changed the device may have either', async () => {
  await using nas = await PlayedNas.start('the-new-secret-123', () => ({ code: PacketCode.DisconnectAck }))
  const { authorizer, close } = await house({
    client: { ...settings(nas, { retries: 0 }), newSecret: 'the-new-secret-123' },
  })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'acknowledged')
  await close()
})

test('ok/ a device may have a secret of its own for it', async () => {
  await using nas = await PlayedNas.start('the-dae-secret-123', () => ({ code: PacketCode.DisconnectAck }))
  const { authorizer, close } = await house({
    client: { ...settings(nas), dynamicAuthorizationSecret: 'the-dae-secret-123' },
  })
  const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.outcome, 'acknowledged')
  assert.equal(nas.datagrams.length, 1)
  await close()
})

test('ok/ who asks for the same while it is under way gets the same answer; another action waits', async () => {
  await using nas = await PlayedNas.start(SECRET, ({ code }) => ({ code: code + 1 }))
  const { authorizer, close } = await house({ client: { vendor: 'cisco', ...settings(nas) } })
  const ask = { sessionId: SESSION, action: 'disconnect', askedBy: ADMIN } as const
  const [one, two, other] = await Promise.all([
    authorizer.act(ask),
    authorizer.act(ask),
    authorizer.act({ ...ask, action: 'reauthenticate' }),
  ])
  assert.equal(one.id, two.id)
  assert.notEqual(one.id, other.id)
  assert.deepEqual(
    nas.packets.map(({ code }) => code),
    [PacketCode.DisconnectRequest, PacketCode.CoaRequest],
  )
  await close()
})

test('ok/ Cisco: names of its own, its commands, its port', async () => {
  await using nas = await PlayedNas.start(SECRET, ({ code }) => ({ code: code + 1 }))
  const { authorizer, close } = await house({ client: { vendor: 'cisco', ...settings(nas) } })
  await authorizer.act({ sessionId: SESSION, action: 'bounce-port', askedBy: ADMIN })
  assert.deepEqual(nas.lastSaid, [
    'Acct-Session-Id=0001',
    'Calling-Station-Id=02-00-00-00-00-01',
    'Cisco-AVPair=audit-session-id=0A0B',
    'NAS-IP-Address=127.0.0.1',
    'Cisco-AVPair=subscriber:command=bounce-host-port',
  ])
  await close()
})

test('ok/ strongSwan: by User-Name alone; re-authentication is a CoA with Session-Timeout', async () => {
  await using nas = await PlayedNas.start(SECRET, ({ code }) => ({ code: code + 1 }))
  const { authorizer, close } = await house({ client: { vendor: 'strongswan', ...settings(nas) } })
  await authorizer.act({ sessionId: SESSION, action: 'reauthenticate', askedBy: ADMIN })
  assert.equal(nas.packets[0]?.code, PacketCode.CoaRequest)
  assert.deepEqual(nas.lastSaid, ['User-Name=alice', 'Session-Timeout=60'])
  await close()
})

test('ok/ a change carries the attributes of the profile', async () => {
  await using nas = await PlayedNas.start(SECRET, ({ code }) => ({ code: code + 1 }))
  const { authorizer, close } = await house({ client: settings(nas) })
  const ask = { sessionId: SESSION, action: 'change', profile: 'guest', askedBy: ADMIN } as const
  assert.equal((await authorizer.act(ask)).outcome, 'acknowledged')
  assert.ok(nas.lastSaid.includes('Tunnel-Private-Group-Id=99'))
  assert.ok(nas.lastSaid.includes('Session-Timeout=600'))
  assert.equal((await authorizer.act({ ...ask, profile: 'none' })).reason?.code, 'profile-unknown')
  await close()
})

test('ok/ the configuration of a client replaces what is known of its vendor', async () => {
  await using nas = await PlayedNas.start(SECRET, () => ({
    code: PacketCode.CoaNak,
    attributes: [attribute(ErrorCause, 507)],
  }))
  const recipe = { packet: 'coa', attributes: [{ name: 'Service-Type', value: 'Authorize-Only' }] }
  const { authorizer, close } = await house({
    client: settings(nas, {
      identify: ['Framed-IP-Address'],
      messageAuthenticator: false,
      reauthenticate: recipe,
    }),
  })
  const result = await authorizer.act({ sessionId: SESSION, action: 'reauthenticate', askedBy: ADMIN })
  assert.deepEqual(nas.lastSaid, ['Framed-IP-Address=10.0.0.7', 'Service-Type=Authorize-Only'])
  assert.equal(nas.packets[0]?.messageAuthenticatorAt, -1)
  // RFC 5176 section 3.2: to Authorize-Only this NAK says that the device will ask.
  assert.equal(result.outcome, 'acknowledged')
  await close()
})

const NOTHING_SENT = [
  ['dynamic-authorization-disabled', { client: { dynamicAuthorization: { enabled: false } } }],
  ['dynamic-authorization-client-gone', { client: { enabled: false } }],
  ['dynamic-authorization-unsupported', { client: { vendor: 'microsoft' } }],
  // A session must not be able to name a host outside of its client's network.
  ['dynamic-authorization-no-address', { client: {}, networks: ['192.0.2.0/24'] }],
  ['session-ended', { client: {}, start: { statusType: 'Stop' } }],
  ['session-not-nameable', { client: { dynamicAuthorization: { identify: ['NAS-Identifier'] } } }],
] as const

for (const [code, options] of NOTHING_SENT) {
  test(`fail/ nothing is sent, and it is kept why: ${code}`, async () => {
    const { authorizer, rows, close } = await house(options)
    const result = await authorizer.act({ sessionId: SESSION, action: 'disconnect', askedBy: ADMIN })
    assert.equal(result.outcome, 'unsupported')
    assert.equal(result.reason?.code, code)
    const [row] = await rows()
    assert.equal(row?.outcome, 'unsupported')
    assert.equal(row?.attempts, 0)
    await close()
  })
}

test('fail/ a session nobody knows leaves nothing behind', async () => {
  const { authorizer, rows, close } = await house({ client: {} })
  const result = await authorizer.act({ sessionId: 'none', action: 'disconnect', askedBy: ADMIN })
  assert.equal(result.reason?.code, 'session-unknown')
  assert.equal((await rows()).length, 0)
  await close()
})
