import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Attribute,
  attribute,
  codeName,
  encodeRequest,
  inspect,
  PacketCode,
  Secret,
  verifyReply,
} from '@sallyport/radius'
import {
  AcctSessionId,
  CallingStationId,
  CiscoAVPair,
  ErrorCause,
  EventTimestamp,
  FilterId,
  HpPortBounceHost,
  NasIdentifier,
  ProxyState,
  ServiceType,
  SessionTimeout,
  UserName,
} from '@sallyport/radius/attributes'
import { configurationSchema } from '../../../config/schema.ts'
import type { Snapshot } from '../../../config/snapshot.ts'
import { FakeClock } from '../../../kernel/clock.ts'
import { Logging } from '../../../kernel/logging.ts'
import { reason } from '../../../reasons/index.ts'
import { ReplyCache } from '../../reply-cache.ts'
import type { ActionRequest, ActionResult } from '../action.ts'
import { Relay, TIME_WINDOW_SECONDS } from './relay.ts'
import { Senders } from './senders.ts'
import type { WantedSession } from './wanted-session.ts'

const SECRET = 'secret-of-the-nac'
const NAC = '192.0.2.5'
const ALICE = [attribute(UserName, 'alice')]

interface Played {
  readonly sessions?: readonly string[]
  readonly results?: readonly ActionResult[]
  readonly maySend?: boolean
  readonly enabled?: boolean
  readonly requireEventTimestamp?: boolean
}

function play(played: Played = {}) {
  const { sessions = ['s1'], results = [{ outcome: 'acknowledged' }], enabled = true } = played
  const { maySend = true, requireEventTimestamp = true } = played
  const clock = new FakeClock()
  const asked: ActionRequest[] = []
  const wanted: WantedSession[] = []
  const counted: string[] = []
  const { clients } = configurationSchema.parse({
    clients: [
      {
        ...{ name: 'nac', address: NAC, secret: SECRET, enabled },
        dynamicAuthorization: { maySend, requireEventTimestamp },
      },
    ],
  })
  const snapshot = {
    configuration: { clients },
    clientAddresses: [{ client: 'nac', networks: [`${NAC}/32`] }],
  } as unknown as Snapshot // secrets are plain text in this document
  const senders = new Senders(snapshot)
  const relay = new Relay({
    senders: () => senders,
    find: async (what) => {
      wanted.push(what)
      return sessions
    },
    act: async (request) => {
      asked.push(request)
      return results[asked.length - 1] ?? { outcome: 'acknowledged' }
    },
    replies: new ReplyCache({ capacity: 64, ringOctets: 4096, lifetimeMilliseconds: 600_000 }),
    clock,
    log: new Logging({ clock, level: 'silent' }).for('coa'),
    count: (sender, outcome) => counted.push(`${sender} ${outcome}`),
  })
  /** `Disconnect-ACK` or `CoA-NAK Error-Cause`; undefined: silence. */
  const send = async (datagram: Uint8Array, source = { address: NAC, port: 4000 }) => {
    const answers: Uint8Array[] = []
    relay.receive(datagram, source, (octets) => answers.push(octets))
    await new Promise((resolve) => setImmediate(resolve))
    assert.ok(answers.length <= 1)
    const [octets] = answers
    if (octets === undefined) return undefined
    const inspected = inspect(octets)
    assert.ok(inspected.ok)
    const { packet } = inspected
    const sent = { code: datagram[0] ?? 0, id: datagram[1] ?? 0, authenticator: datagram.subarray(4, 20) }
    const rules = { requireMessageAuthenticator: true }
    assert.deepEqual(verifyReply(packet, sent, new Secret(SECRET), rules), { ok: true })
    return { packet, said: [codeName(packet.code), packet.get(ErrorCause) ?? ''].join(' ').trim(), octets }
  }
  return { clock, asked, wanted, counted, send, relay, senders }
}

interface Ask {
  readonly code?: number
  readonly secret?: string
  /** Undefined: now. */
  readonly at?: number | 'never'
  readonly signed?: boolean
  readonly id?: number
}

function ask(clock: FakeClock, attributes: readonly Attribute[], options: Ask = {}): Uint8Array {
  const { code = PacketCode.DisconnectRequest, secret = SECRET, at = clock.now(), id = 1 } = options
  const time = at === 'never' ? [] : [attribute(EventTimestamp, new Date(at))]
  return encodeRequest({
    ...{ code, id, secret: new Secret(secret), attributes: [...attributes, ...time] },
    messageAuthenticator: options.signed ?? true,
  })
}

test('ok/ Disconnect: the session is found, told, and the sender gets ACK with its Proxy-States', async () => {
  const { clock, asked, wanted, counted, send } = play()
  const states = [Uint8Array.of(1), Uint8Array.of(2, 3)].map((octets) => attribute(ProxyState, octets))
  const answer = await send(ask(clock, [...ALICE, ...states]))
  assert.equal(answer?.said, 'Disconnect-ACK')
  assert.deepEqual(
    answer.packet.getAll(ProxyState).map((octets) => [...octets]),
    [[1], [2, 3]],
  )
  assert.deepEqual(wanted, [{ user_name: 'alice' }])
  assert.deepEqual(asked, [{ sessionId: 's1', action: 'disconnect', askedBy: { by: 'relay', name: 'nac' } }])
  assert.deepEqual(counted, ['nac ack'])
})

test('ok/ the same request again, from any port, gets the same answer and is not done again', async () => {
  const { clock, asked, send } = play()
  const datagram = ask(clock, ALICE)
  const first = await send(datagram)
  const again = await send(datagram)
  const fromElsewhere = await send(datagram, { address: NAC, port: 4001 })
  clock.advance(TIME_WINDOW_SECONDS * 1000)
  const late = await send(datagram)
  assert.deepEqual([again?.octets, fromElsewhere?.octets, late?.octets], Array(3).fill(first?.octets))
  assert.equal(asked.length, 1)
})

test('fail/ a request from outside the time window is not answered', async () => {
  const { clock, asked, counted, send } = play()
  for (const seconds of [-TIME_WINDOW_SECONDS - 1, TIME_WINDOW_SECONDS + 1]) {
    assert.equal(await send(ask(clock, ALICE, { at: clock.now() + seconds * 1000 })), undefined)
  }
  assert.deepEqual(counted, Array(2).fill('nac event-timestamp-outside-window'))
  assert.equal(asked.length, 0)
  const edge = ask(clock, ALICE, { at: clock.now() - TIME_WINDOW_SECONDS * 1000, id: 2 })
  assert.equal((await send(edge))?.said, 'Disconnect-ACK')
})

test('fail/ a request without time is not answered, unless its sender may', async () => {
  const strict = play()
  assert.equal(await strict.send(ask(strict.clock, ALICE, { at: 'never' })), undefined)
  assert.deepEqual(strict.counted, ['nac event-timestamp-missing'])
  const lax = play({ requireEventTimestamp: false })
  assert.equal((await lax.send(ask(lax.clock, ALICE, { at: 'never' })))?.said, 'Disconnect-ACK')
})

test('fail/ strangers, a wrong secret, a broken or another packet: silence, and nobody is asked', async () => {
  const { clock, asked, counted, send } = play()
  const good = ask(clock, ALICE)
  assert.equal(await send(good, { address: '192.0.2.66', port: 4000 }), undefined)
  assert.equal(await send(ask(clock, ALICE, { secret: 'another-secret-here' })), undefined)
  assert.equal(await send(ask(clock, ALICE, { secret: 'another-secret-here', signed: false })), undefined)
  assert.equal(await send(good.subarray(0, 30)), undefined)
  assert.equal(await send(ask(clock, ALICE, { code: PacketCode.AccountingRequest })), undefined)
  const changed = Uint8Array.from(good)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  assert.equal(await send(changed), undefined)
  assert.equal(asked.length, 0)
  assert.deepEqual(counted, [
    ' unknown-client',
    'nac wrong-secret',
    'nac wrong-secret',
    'nac malformed-packet',
    'nac unsupported-packet-code',
    'nac wrong-secret',
  ])
})

test('fail/ a client without permission is told so; a disabled one is a stranger; the port opens for neither', async () => {
  const refused = play({ maySend: false })
  assert.equal((await refused.send(ask(refused.clock, ALICE)))?.said, 'Disconnect-NAK 501')
  assert.equal(refused.asked.length + refused.wanted.length, 0)
  assert.equal(refused.senders.some, false)
  const disabled = play({ enabled: false })
  assert.equal(await disabled.send(ask(disabled.clock, ALICE)), undefined)
  assert.equal(disabled.senders.some, false)
  assert.equal(play().senders.some, true)
})

test('fail/ what cannot be read or compared widens nothing: it is refused', async () => {
  const { clock, asked, wanted, send } = play()
  const short = { type: 8, octets: Uint8Array.of(10, 0, 0) }
  assert.equal((await send(ask(clock, [...ALICE, short])))?.said, 'Disconnect-NAK 407')
  const identity = { type: 89, octets: Uint8Array.of(1) }
  assert.equal((await send(ask(clock, [...ALICE, identity])))?.said, 'Disconnect-NAK 401')
  assert.equal(asked.length + wanted.length, 0)
})

test('fail/ an answer that has no room for every Proxy-State is not sent, and the next one is', async () => {
  const { clock, counted, send } = play({ requireEventTimestamp: false })
  const states = Array.from({ length: 16 }, (_, index) =>
    attribute(ProxyState, new Uint8Array(index === 15 ? 231 : 253)),
  )
  const full = ask(clock, states, { at: 'never' })
  assert.equal(full.length, 4096)
  assert.equal(await send(full), undefined)
  assert.deepEqual(counted, ['nac internal-error'])
  assert.equal((await send(ask(clock, ALICE)))?.said, 'Disconnect-ACK')
})

test('fail/ which session: none named, none found, too many', async () => {
  const { clock, send } = play()
  const device = [attribute(NasIdentifier, 'sw-1')]
  assert.equal((await send(ask(clock, device)))?.said, 'Disconnect-NAK 402')
  const none = play({ sessions: [] })
  assert.equal((await none.send(ask(none.clock, ALICE)))?.said, 'Disconnect-NAK 503')
  const many = play({ sessions: Array.from({ length: 17 }, (_, index) => `s${index}`) })
  assert.equal((await many.send(ask(many.clock, ALICE)))?.said, 'Disconnect-NAK 508')
  assert.equal(many.asked.length, 0)
})

const REFUSALS: readonly (readonly [string, ActionResult])[] = [
  ['Disconnect-NAK 504', { outcome: 'refused', errorCause: 'Session-Context-Not-Removable' }],
  ['Disconnect-NAK 999', { outcome: 'refused', errorCause: 'Error-Cause-999' }],
  ['Disconnect-NAK', { outcome: 'refused' }],
  ['Disconnect-NAK 505', { outcome: 'no-answer', reason: reason('internal-error', {}) }],
  ['Disconnect-NAK 503', { outcome: 'unsupported', reason: reason('session-ended', { session: 's' }) }],
  [
    'Disconnect-NAK 502',
    { outcome: 'unsupported', reason: reason('dynamic-authorization-no-address', { client: 'c' }) },
  ],
  [
    'Disconnect-NAK 501',
    { outcome: 'unsupported', reason: reason('dynamic-authorization-disabled', { client: 'c' }) },
  ],
  [
    'Disconnect-NAK 405',
    {
      outcome: 'unsupported',
      reason: reason('dynamic-authorization-unsupported', { client: 'c', vendor: 'v', action: 'a' }),
    },
  ],
  ['Disconnect-NAK 506', { outcome: 'unsupported', reason: reason('overloaded', { limit: 'l' }) }],
]

for (const [said, result] of REFUSALS) {
  test(`fail/ ${result.reason?.code ?? `refused ${result.errorCause ?? ''}`}: ${said}`, async () => {
    const { clock, send } = play({ results: [result] })
    assert.equal((await send(ask(clock, ALICE)))?.said, said)
  })
}

test('fail/ of two sessions one was not told: NAK, for a part is not the whole', async () => {
  const { clock, asked, send } = play({
    sessions: ['s1', 's2'],
    results: [{ outcome: 'acknowledged' }, { outcome: 'refused', errorCause: 'Session-Context-Not-Found' }],
  })
  assert.equal((await send(ask(clock, ALICE)))?.said, 'Disconnect-NAK 503')
  assert.equal(asked.length, 2)
})

const COMMANDS: readonly (readonly [string, Attribute, string])[] = [
  ['Cisco', attribute(CiscoAVPair, 'subscriber:command=reauthenticate'), 'reauthenticate'],
  ['Cisco', attribute(CiscoAVPair, 'subscriber:command=bounce-host-port'), 'bounce-port'],
  ['HP', attribute(HpPortBounceHost, 12), 'bounce-port'],
  ['RFC 5176 section 3.2', attribute(ServiceType, 17), 'reauthenticate'],
]

for (const [whose, command, action] of COMMANDS) {
  test(`ok/ ${whose}: ${action} is told to the device in its own words`, async () => {
    const { clock, asked, send } = play()
    const answer = await send(ask(clock, [...ALICE, command], { code: PacketCode.CoaRequest }))
    assert.equal(answer?.said, 'CoA-ACK')
    assert.equal(asked[0]?.action, action)
    assert.equal(asked[0]?.attributes, undefined)
  })
}

test('ok/ any other CoA is a change: its attributes go on, those of this hop do not', async () => {
  const { clock, asked, send } = play()
  const attributes = [...ALICE, attribute(FilterId, 'guests'), attribute(SessionTimeout, 60)]
  await send(
    ask(clock, [...attributes, attribute(ProxyState, Uint8Array.of(9))], { code: PacketCode.CoaRequest }),
  )
  assert.equal(asked[0]?.action, 'change')
  assert.deepEqual(
    asked[0].attributes?.map((each) => ('type' in each ? each.type : 0)),
    [11, 27],
  )
})

test('ok/ a station is looked for however its MAC address is written', async () => {
  const { clock, wanted, send } = play()
  await send(ask(clock, [attribute(CallingStationId, '02AB.0000.0001'), attribute(AcctSessionId, '7')]))
  assert.equal(wanted[0]?.station_key, '02ab00000001')
  assert.equal(wanted[0]?.acct_session_id, '7')
  await send(ask(clock, [attribute(CallingStationId, '198.51.100.7[4500]')], { id: 2 }))
  assert.deepEqual(wanted[1], { station_key: '198.51.100.7[4500]' })
})
