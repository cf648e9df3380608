import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute, PacketCode } from '@sallyport/radius'
import { CallingStationId, MsMppeRecvKey, UserName } from '@sallyport/radius/attributes'
import { Door } from '../../../test/door.ts'
import { EapClient, eapPeer } from '../../../test/eap-client.ts'
import { login, proof, readReply, request } from '../../../test/requests.ts'
import { SessionLimitCheck } from './session-limit-check.ts'
import type { ReservationRequest, Reserved, SessionLimitOwner } from './session-limits.ts'

const COUNTED = [{ client: 'nas', station: 'aabbccddeeff', acctSessionId: '0001', since: 0 }]

class PlayedOwner implements SessionLimitOwner {
  readonly asked: ReservationRequest[] = []
  readonly released: string[] = []
  readonly answer: () => Promise<Reserved>

  constructor(answer: () => Promise<Reserved>) {
    this.answer = answer
  }

  reserve(request: ReservationRequest): Promise<Reserved> {
    this.asked.push(request)
    return this.answer()
  }

  async release(decisionId: string): Promise<void> {
    this.released.push(decisionId)
  }
}

async function open(answer?: () => Promise<Reserved>, over: { per?: string; profiles?: object[] } = {}) {
  const owner = answer === undefined ? undefined : new PlayedOwner(answer)
  const { per = 'user', profiles = [] } = over
  const rule = { name: 'one', when: 'true', effect: 'accept', maximumSessions: { count: 1, per } }
  const door = await Door.open({
    rules: [{ ...rule, profiles: profiles.map((_, index) => `p${index}`) }],
    profiles: profiles.map((profile, index) => ({ name: `p${index}`, ...profile })),
    ...(owner === undefined ? {} : { limits: new SessionLimitCheck(owner, 20) }),
  })
  await door.users.add('alice')
  const send = async (datagram = login('pap')) => {
    const reply = await door.send(datagram)
    const { reason, outcome } = door.receipt
    return [reply === undefined ? undefined : readReply(reply, datagram).code, outcome, reason.code] as const
  }
  return { door, owner, send }
}

const granted = async (): Promise<Reserved> => ({ kind: 'granted' })

test('ok/room for one more: an accept, bound to the decision its Class names', async () => {
  const { door, owner, send } = await open(granted)
  assert.deepEqual(await send(), [PacketCode.AccessAccept, 'accept', 'accepted'])
  assert.equal(owner?.asked[0]?.decisionId, door.receipt.id)
  assert.equal(owner?.asked[0]?.account, 'alice')
  assert.equal(owner?.asked[0]?.holdMilliseconds, 60_000)
})

test('fail/no room: a reject that names the sessions', async () => {
  const { door, send } = await open(async () => ({ kind: 'full', counted: COUNTED }))
  assert.deepEqual(await send(), [PacketCode.AccessReject, 'reject', 'session-limit-reached'])
  assert.deepEqual(door.receipt.reason.values, {
    ...{ rule: 'one', user: 'alice', limit: 1, per: 'user', live: 1 },
    sessions: ['session 0001 through nas from aa:bb:cc:dd:ee:ff since 1970-01-01T00:00:00.000Z'],
  })
})

test('fail/the owner fails, is late, does not know, or is not there: silence, never an accept', async () => {
  const owners = [
    async () => Promise.reject(new Error('the store thread is gone')),
    () => new Promise<Reserved>(() => {}),
    async () => ({ kind: 'unknown' }) as const,
    undefined,
  ]
  for (const [at, owner] of owners.entries()) {
    const { send } = await open(owner)
    assert.deepEqual(await send(), [undefined, 'drop', 'session-count-unknown'], `owner ${at}`)
  }
})

test('ok/EAP: the keys are those of the session, also where the count took its time', async () => {
  const { door } = await open(async () => {
    await new Promise(setImmediate)
    return { kind: 'granted' }
  })
  const packet = await new EapClient(door, eapPeer('peap'), { number: 100 }).run()
  assert.equal(packet.code, PacketCode.AccessAccept)
  assert.notEqual(packet.read(MsMppeRecvKey), undefined)
  const refused = await open(async () => ({ kind: 'full', counted: COUNTED }))
  const rejected = await new EapClient(refused.door, eapPeer('peap'), { number: 300 }).run()
  assert.equal(rejected.code, PacketCode.AccessReject)
  assert.equal(rejected.read(MsMppeRecvKey), undefined)
})

test('fail/devices are counted and the NAS does not name them: a reject that says so', async () => {
  const { owner, send } = await open(granted, { per: 'device' })
  const nameless = request([attribute(UserName, 'alice'), ...proof('pap')])
  assert.deepEqual(await send(nameless), [PacketCode.AccessReject, 'reject', 'session-not-countable'])
  assert.equal(owner?.asked.length, 0)
  const about = [attribute(UserName, 'alice'), attribute(CallingStationId, 'AA-BB-CC-DD-EE-FF:corp')]
  const named = request([...about, ...proof('pap')], { id: 2 })
  assert.deepEqual(await send(named), [PacketCode.AccessAccept, 'accept', 'accepted'])
  assert.equal(owner?.asked[0]?.station, 'aabbccddeeff')
})

test('ok/an accept that cannot be built gives its place back', async () => {
  const wide = { attributes: [{ name: 'Filter-Id', value: 'x'.repeat(300) }] }
  const { door, owner, send } = await open(granted, { profiles: [wide] })
  assert.deepEqual(await send(), [PacketCode.AccessReject, 'reject', 'reply-unbuildable'])
  assert.deepEqual(owner?.released, [door.receipt.id])
})
