import assert from 'node:assert/strict'
import { it, suite, test } from 'node:test'
import { Secret } from '@sallyport/radius'
import { FakeClock } from '../../kernel/clock.ts'
import { forEachEngine } from '../../store/testing.ts'
import {
  ClientObservationStore,
  MOST_ADDRESSES_OF_A_CLIENT,
  OTHER_ADDRESSES,
} from './client-observation-store.ts'
import { ClientObservations } from './client-observations.ts'
import { boardRow } from './message-authenticator-board.ts'
import { rotationOf } from './secret-rotation.ts'

const OLD = new Secret('old secret')
const NEW = new Secret('new secret')
const MARKS = { old: 'old secret', new: 'new secret' }
const DAY = 86_400_000
const mark = (secret: Secret): string => Buffer.from(secret.octets).toString()

suite('what is seen of clients', () => {
  test('ok/by client and address: secrets, with and without Message-Authenticator; taken once', () => {
    const observations = new ClientObservations(mark)
    observations.note('a', '192.0.2.1', OLD, true, true, 1)
    observations.note('a', '192.0.2.1', undefined, true, false, 2)
    observations.note('a', '192.0.2.1', NEW, true, true, 3)
    observations.note('a', '192.0.2.1', NEW, false, false, 4)
    observations.note('a', '192.0.2.2', NEW, true, true, 5)
    observations.note('b', '192.0.2.1', NEW, true, true, 6)
    const [first, ...others] = observations.take()
    assert.deepEqual(first, {
      ...{ client: 'a', address: '192.0.2.1', firstSeenAt: 1, lastSeenAt: 4 },
      ...{ signed: 2, unsigned: 1, signedRun: 1, lastUnsignedAt: 2 },
      uses: [
        { mark: 'old secret', requests: 1, firstUsedAt: 1, lastUsedAt: 1 },
        { mark: '', requests: 1, firstUsedAt: 2, lastUsedAt: 2 },
        { mark: 'new secret', requests: 2, firstUsedAt: 3, lastUsedAt: 4 },
      ],
    })
    assert.deepEqual(
      others.map(({ client, address }) => [client, address]),
      [
        ['a', '192.0.2.2'],
        ['b', '192.0.2.1'],
      ],
    )
    assert.deepEqual(observations.take(), [])
  })

  test('fail/100,000 spoofed addresses of one network: bounded', () => {
    const observations = new ClientObservations(mark)
    for (let n = 0; n < 100_000; n++)
      observations.note('a', `10.0.${n >> 8}.${n & 255}`, undefined, true, false, n)
    assert.equal(observations.take().length, 5000)
  })
})

forEachEngine(({ open }) => {
  it('adds up what several hand-overs saw, and finds who still uses the old secret', async () => {
    const clock = new FakeClock()
    const store = new ClientObservationStore(await open(), clock)
    const see = async (address: string, secret: Secret | undefined, isSigned = true): Promise<void> => {
      const observations = new ClientObservations(mark)
      observations.note('vpn', address, secret, true, isSigned, clock.now())
      await store.add(observations.take())
    }
    const rotation = async () => rotationOf(await store.all(), MARKS, 2, clock.now())
    assert.deepEqual((await rotation()).obstacles, ['Nothing was seen of this client yet.'])
    await see('192.0.2.1', OLD)
    await see('192.0.2.1', OLD)
    await see('192.0.2.2', OLD)
    const lastOldAt = clock.now()
    clock.advance(1000)
    await see('192.0.2.1', NEW)
    await see('192.0.2.3', undefined, false)
    const { addresses, obstacles } = await rotation()
    assert.deepEqual(
      addresses.map(({ address, state, oldRequests, newRequests }) => [
        address,
        state,
        oldRequests,
        newRequests,
      ]),
      [
        ['192.0.2.1', 'new', 2, 1],
        ['192.0.2.2', 'old', 1, 0],
        ['192.0.2.3', 'untold', 0, 0],
      ],
    )
    assert.equal(addresses[0]?.lastOldAt, lastOldAt)
    assert.equal(obstacles.length, 3)
    await see('192.0.2.2', NEW)
    await see('192.0.2.3', NEW)
    clock.advance(1000)
    assert.deepEqual((await rotation()).obstacles, ['The old secret was used within the last 2 days.'])
    clock.advance(2 * DAY)
    assert.deepEqual((await rotation()).obstacles, [])
    // One request with the old one, and the proof is gone.
    await see('192.0.2.2', OLD)
    assert.match((await rotation()).obstacles[0] ?? '', /Still on the old secret: 192\.0\.2\.2/)
  })

  it('says which client may be held to Message-Authenticator', async () => {
    const clock = new FakeClock()
    const store = new ClientObservationStore(await open(), clock)
    const see = async (count: number, isSigned: boolean, address = '192.0.2.1'): Promise<void> => {
      const observations = new ClientObservations(mark)
      for (let n = 0; n < count; n++)
        observations.note('vpn', address, isSigned ? OLD : undefined, true, isSigned, clock.now())
      await store.add(observations.take())
    }
    const rules = { requests: 10, days: 7 }
    const row = async () => boardRow(false, await store.all(), rules, clock.now())
    assert.deepEqual([(await row()).state, (await row()).signedSince], ['unseen', undefined])
    await see(20, true)
    assert.equal((await row()).state, 'not-ready', 'watched for too short a time')
    clock.advance(7 * DAY)
    assert.equal((await row()).state, 'ready')
    await see(1, false)
    const slipped = clock.now()
    assert.deepEqual(
      [(await row()).state, (await row()).unsigned, (await row()).lastUnsignedAt],
      ['not-ready', 1, slipped],
    )
    clock.advance(8 * DAY)
    assert.match((await row()).obstacles.join(' '), /came without: 192\.0\.2\.1.*0 of 10/)
    await see(10, true)
    assert.deepEqual([(await row()).state, (await row()).signedSince], ['ready', slipped])
    await see(1, false, '192.0.2.2')
    clock.advance(8 * DAY)
    assert.match((await row()).obstacles.join(' '), /came without: 192\.0\.2\.2/)
    assert.equal(boardRow(true, await store.all(), rules, clock.now()).state, 'strict')
    // A device that is gone for good holds nothing up.
    clock.advance(83 * DAY)
    await see(10, true)
    assert.deepEqual((await row()).addresses.length, 1)
  })

  it('keeps a bounded number of addresses of one client, and counts the others together', async () => {
    const store = new ClientObservationStore(await open(), new FakeClock(0))
    for (let batch = 0; batch < 3; batch++) {
      const observations = new ClientObservations(mark)
      for (let n = 0; n < 500; n++)
        observations.note('net', `10.${batch}.${n >> 8}.${n & 255}`, undefined, true, false, 0)
      await store.add(observations.take())
    }
    const sources = await store.all()
    assert.equal(sources.length, MOST_ADDRESSES_OF_A_CLIENT + 1)
    assert.equal(sources.find(({ address }) => address === OTHER_ADDRESSES)?.unsigned, 500)
  })
})
