import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../store/testing.ts'
import { AccountingService } from '../accounting/accounting-service.ts'
import { accountingRecord } from '../accounting/testing.ts'
import { type ReservationRequest, SessionLimits } from './session-limits.ts'

const HOLD = 60_000

function login(number: number, over: Partial<ReservationRequest> = {}): ReservationRequest {
  return {
    limit: { count: 1, per: 'user' },
    decisionId: `d${number}`,
    account: 'alice',
    client: 'gateway',
    station: `station-${number}`,
    acctSessionId: null,
    nas: 'vpn-1',
    nasPort: null,
    holdMilliseconds: HOLD,
    ...over,
  }
}

forEachEngine((engine) => {
  async function open() {
    const database = await engine.open()
    let now = 1_000_000
    const limits = new SessionLimits(database, () => now)
    const service = new AccountingService(database, limits)
    const advance = (by: number): void => {
      now += by
    }
    /** What accounting says of the session of a login. */
    const report = async (
      statusType: 'Start' | 'Stop',
      { decisionId, client, station, nas, nasPort }: ReservationRequest,
      over: Parameters<typeof accountingRecord>[0] = {},
    ) => {
      const stored = await service.store([
        accountingRecord({
          ...{ statusType, decisionId, client, nas, nasPort, callingStationId: station },
          ...{ sessionKey: `key-${decisionId}`, acctSessionId: `s-${decisionId}`, eventAt: now },
          ...over,
        }),
      ])
      assert.deepEqual(stored, [true])
    }
    return { limits, report, advance }
  }

  test('ok/logins at the same moment: exactly as many as the limit get in', async () => {
    const { limits } = await open()
    const limit = { count: 3, per: 'user' } as const
    const asked = Array.from({ length: 20 }, (_, index) => limits.reserve(login(index, { limit })))
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind)
    assert.equal(kinds.filter((kind) => kind === 'granted').length, 3)
    assert.equal(limits.reservations, 3)
  })

  test('ok/a session counts from its accept to its Stop, and once', async () => {
    const { limits, report } = await open()
    const limit = { count: 2, per: 'user' } as const
    const [first, second] = [login(1, { limit }), login(2, { limit })]
    assert.equal((await limits.reserve(first)).kind, 'granted')
    await report('Start', first)
    assert.equal(limits.reservations, 0)
    assert.equal((await limits.reserve(second)).kind, 'granted')
    await report('Start', second)
    const full = await limits.reserve(login(3, { limit }))
    assert.equal(full.kind, 'full')
    assert.deepEqual(
      full.kind === 'full' && full.counted.map(({ acctSessionId, station }) => [acctSessionId, station]),
      [
        ['s-d1', 'station-1'],
        ['s-d2', 'station-2'],
      ],
    )
    await report('Stop', first)
    assert.equal((await limits.reserve(login(3, { limit }))).kind, 'granted')
  })

  test('fail/a session that begins while its user logs in elsewhere is counted all the same', async () => {
    const database = await engine.open()
    /** Held up between what the database answers and what is made of it. */
    let answered: PromiseWithResolvers<void> | undefined
    let goOn: PromiseWithResolvers<void> | undefined
    const kysely = database.kysely.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        answered?.resolve()
        await goOn?.promise
        return result
      },
    })
    const limits = new SessionLimits({ ...database, kysely }, () => 1_000_000)
    assert.equal((await limits.reserve(login(1))).kind, 'granted')
    ;[answered, goOn] = [Promise.withResolvers(), Promise.withResolvers()]
    const second = limits.reserve(login(2))
    await answered.promise
    // Its accounting becomes durable, after the rows were read.
    limits.started('d1')
    goOn.resolve()
    assert.equal((await second).kind, 'full')
  })

  test('ok/an accept without accounting stops counting after its time, and at once when it could not be sent', async () => {
    const { limits, advance } = await open()
    assert.equal((await limits.reserve(login(1))).kind, 'granted')
    assert.equal((await limits.reserve(login(2))).kind, 'full')
    advance(HOLD)
    assert.equal((await limits.reserve(login(2))).kind, 'granted')
    assert.equal((await limits.reserve(login(3))).kind, 'full')
    await limits.release('d2')
    assert.equal((await limits.reserve(login(3))).kind, 'granted')
  })

  test('ok/a NAS that sends no Class back: the session is found by device and client', async () => {
    const { limits, report } = await open()
    const limit = { count: 2, per: 'user' } as const
    const first = login(1, { limit })
    await limits.reserve(first)
    await report('Start', first, { decisionId: null, class: null })
    assert.equal((await limits.reserve(login(2, { limit }))).kind, 'granted')
    assert.equal((await limits.reserve(login(3, { limit }))).kind, 'full')
  })

  test('ok/the same device again, also elsewhere, does not count against itself', async () => {
    const { limits, report } = await open()
    const first = login(1)
    await limits.reserve(first)
    assert.equal((await limits.reserve({ ...first, decisionId: 'd2' })).kind, 'granted')
    assert.equal(limits.reservations, 1)
    await report('Start', { ...first, decisionId: 'd2' })
    const roamed = { ...first, decisionId: 'd3', client: 'other', nas: 'ap-2' }
    assert.equal((await limits.reserve(roamed)).kind, 'granted')
    assert.equal((await limits.reserve(login(4))).kind, 'full')
  })

  test('ok/re-authentication without Calling-Station-Id: by Acct-Session-Id, else by port', async () => {
    const { limits, report } = await open()
    const first = login(1, { station: null, nasPort: 7 })
    await limits.reserve(first)
    await report('Start', first, { nasPort: 7 })
    assert.equal((await limits.reserve({ ...first, decisionId: 'd2' })).kind, 'granted')
    await limits.release('d2')
    assert.equal((await limits.reserve({ ...first, decisionId: 'd3', nasPort: 8 })).kind, 'full')
    const named = { ...first, decisionId: 'd4', nasPort: 8, acctSessionId: 's-d1' }
    assert.equal((await limits.reserve(named)).kind, 'granted')
  })

  test('ok/what is counted: the user, the user through one client, the device', async () => {
    const { limits, report } = await open()
    const first = login(1, { station: 'aabbccddeeff' })
    await limits.reserve(first)
    await report('Start', first)
    const elsewhere = { client: 'other', nas: 'ap-2' }
    const there = { limit: { count: 1, per: 'user-and-client' }, ...elsewhere } as const
    assert.equal((await limits.reserve(login(2, there))).kind, 'granted')
    assert.equal((await limits.reserve(login(3, there))).kind, 'full')
    const device = { limit: { count: 1, per: 'device' }, account: 'bob', station: 'aabbccddeeff' } as const
    assert.equal((await limits.reserve(login(4, { ...device, ...elsewhere }))).kind, 'full')
    assert.equal((await limits.reserve(login(5, { ...device, nas: first.nas }))).kind, 'granted')
  })

  test('ok/an anonymous outer identity does not hide whose session it is', async () => {
    const { limits, report } = await open()
    const first = login(1)
    await limits.reserve(first)
    await report('Start', first, { userName: 'anonymous@example.org' })
    assert.equal((await limits.reserve(login(2))).kind, 'full')
  })

  test('ok/counters are there again after a restart', async () => {
    const database = await engine.open()
    const service = new AccountingService(database)
    await service.store([accountingRecord({ userName: 'Alice' })])
    const limits = new SessionLimits(database, () => 1_000_000)
    assert.equal((await limits.reserve(login(1))).kind, 'full')
  })
})
