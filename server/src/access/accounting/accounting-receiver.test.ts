import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Attribute, attribute, PacketCode } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, NasIdentifier, UserName } from '@sallyport/radius/attributes'
import { Door, NAS, STRANGER } from '../../../test/door.ts'
import { accounting, readReply, request, sign } from '../../../test/requests.ts'

async function answer(door: Door, datagram: Uint8Array): Promise<number | undefined> {
  const reply = await door.send(datagram, NAS, 'accounting')
  return reply === undefined ? undefined : readReply(reply, datagram).code
}

function of(...attributes: readonly Attribute[]): Uint8Array {
  return request(attributes, { code: PacketCode.AccountingRequest })
}

const START = attribute(AcctStatusType, 1)
const SESSION = attribute(AcctSessionId, 'session-1')

test('ok/a record is acknowledged once it is durable, with and without Message-Authenticator', async () => {
  const door = await Door.open()
  for (const messageAuthenticator of [false, true])
    assert.equal(await answer(door, accounting({ messageAuthenticator })), PacketCode.AccountingResponse)
  assert.deepEqual(
    door.accounted.map(({ userName, acctSessionId, statusType, client }) => [
      userName,
      acctSessionId,
      statusType,
      client,
    ]),
    Array(2).fill(['alice', 'session-1', 'Start', 'nas']),
  )
})

test('fail/no status type or no session: silence, and nothing is stored', async () => {
  const door = await Door.open()
  const faults = [
    of(),
    of(SESSION),
    of(START),
    of(attribute(UserName, 'alice')),
    of(START, { type: 44, octets: new Uint8Array(0) }),
    of({ type: 40, octets: new Uint8Array(3) }, SESSION),
    of({ type: 40, octets: new Uint8Array(0) }, SESSION),
  ]
  for (const [at, datagram] of faults.entries())
    assert.equal(await answer(door, datagram), undefined, `${at}`)
  assert.deepEqual(door.accounted, [])
  assert.equal((await door.drops()).get('malformed-packet'), faults.length)
  // About the whole NAS there is no session to name (RFC 2866 section 5.1).
  const on = of(attribute(AcctStatusType, 7), attribute(NasIdentifier, 'nas'))
  assert.equal(await answer(door, on), PacketCode.AccountingResponse)
})

test('fail/a store that fails, says no, or says nothing of a record: silence', async () => {
  const stores = [
    async () => Promise.reject(new Error('disk full')),
    async () => [false],
    async () => [],
    () => {
      throw new Error('disk full')
    },
  ]
  for (const [at, storeAccounting] of stores.entries()) {
    const door = await Door.open({ storeAccounting })
    assert.equal(await answer(door, accounting()), undefined, `store ${at}`)
    assert.equal((await door.drops()).get('accounting-not-stored'), 1, `store ${at}`)
  }
})

test('ok/the record comes again after silence and is stored then', async () => {
  let isFull = true
  const door = await Door.open({ storeAccounting: async (records) => records.map(() => !isFull) })
  const datagram = accounting()
  assert.equal(await answer(door, datagram), undefined)
  isFull = false
  assert.equal(await answer(door, datagram), PacketCode.AccountingResponse)
})

test('fail/a wrong authenticator or Message-Authenticator, or a stranger: silence', async () => {
  const door = await Door.open()
  const good = accounting({ messageAuthenticator: true })
  const altered = good.slice()
  altered[altered.length - 1] = 1
  const wrongMessageAuthenticator = good.slice()
  wrongMessageAuthenticator[30] = (wrongMessageAuthenticator[30] as number) ^ 1
  for (const datagram of [
    altered,
    wrongMessageAuthenticator,
    accounting({ secret: 'some other shared secret' }),
  ])
    assert.equal(await door.send(datagram, NAS, 'accounting'), undefined)
  assert.equal(await door.send(good, STRANGER, 'accounting'), undefined)
  // An Access-Request has no business here, nor this one on the other port.
  assert.equal(await door.send(good, NAS, 'authentication'), undefined)
  assert.deepEqual(door.accounted, [])
  assert.equal(await answer(door, sign(altered)), PacketCode.AccountingResponse)
})
