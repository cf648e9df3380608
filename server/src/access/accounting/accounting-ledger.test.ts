import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Attribute, attribute, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import {
  AcctDelayTime,
  AcctInputGigawords,
  AcctInputOctets,
  AcctInputPackets,
  AcctSessionId,
  AcctSessionTime,
  AcctStatusType,
  Class,
  EventTimestamp,
  NasIdentifier,
  UserName,
} from '@sallyport/radius/attributes'
import fc from 'fast-check'
import type { Database } from '../../store/database.ts'
import { openWriter } from '../../store/open.ts'
import { forEachEngine } from '../../store/testing.ts'
import type { SessionRow } from '../sessions/session-merge.ts'
import { type AccountingRecord, readAccountingRecord } from './accounting-record.ts'
import { AccountingService } from './accounting-service.ts'

const secret = new Secret('secret of the gateway')
const NOW = Date.parse('2026-01-05T09:00:00Z')
const MINUTE = 60_000
const WORD = 2 ** 32
const STATUS = { Start: 1, Stop: 2, Interim: 3, On: 7, Off: 8 } as const

/** One packet on the wire: what the NAS says, and when it arrives. */
interface Report {
  readonly status: keyof typeof STATUS
  /** Milliseconds after NOW at which it happened. */
  readonly at: number
  readonly session?: string
  readonly decision?: string | undefined
  readonly octets?: number
  readonly gigawords?: number
  readonly packets?: number
  readonly seconds?: number
  /** The NAS has no clock. */
  readonly untimed?: boolean
  /** Sent again so many seconds later. */
  readonly delay?: number
  /** On the way so many milliseconds. */
  readonly transit?: number
  readonly nas?: string
  readonly user?: string
  /** Sends its current time with each transmission, and the delay beside. */
  readonly stampsSending?: boolean
}

function recordOf(report: Report): AccountingRecord {
  const { status, at, decision, octets, gigawords, packets, seconds, delay = 0, transit = 40 } = report
  const happened = NOW + at
  const stamp = new Date(happened + (report.stampsSending === true ? delay * 1000 : 0))
  const optional = (is: unknown, make: () => Attribute): Attribute[] => (is === undefined ? [] : [make()])
  const attributes = [
    attribute(AcctStatusType, STATUS[status]),
    attribute(NasIdentifier, report.nas ?? 'vpn-1'),
    ...optional(status === 'On' || status === 'Off' ? undefined : 1, () =>
      attribute(AcctSessionId, report.session ?? '0001'),
    ),
    attribute(UserName, report.user ?? 'alice'),
    ...optional(decision, () => attribute(Class, Buffer.from(`sallyport:${decision}`))),
    ...optional(octets, () => attribute(AcctInputOctets, (octets ?? 0) % WORD)),
    ...optional(gigawords, () => attribute(AcctInputGigawords, gigawords ?? 0)),
    ...optional(packets, () => attribute(AcctInputPackets, packets ?? 0)),
    ...optional(seconds, () => attribute(AcctSessionTime, seconds ?? 0)),
    ...(report.untimed === true ? [] : [attribute(EventTimestamp, stamp)]),
    ...(delay === 0 ? [] : [attribute(AcctDelayTime, delay)]),
  ]
  const datagram = encodeRequest({ code: PacketCode.AccountingRequest, id: 1, secret, attributes })
  const inspected = inspect(datagram)
  assert.ok(inspected.ok)
  const receivedAt = happened + delay * 1000 + transit
  const read = readAccountingRecord(inspected.packet, {
    client: 'gateway',
    sourceAddress: '192.0.2.1',
    receivedAt,
  })
  assert.ok(read.ok)
  return read.record
}

/** What must not depend on order, repetition or batches. */
function essence(rows: readonly SessionRow[]) {
  return rows
    .map((row) => ({
      ...{ state: row.state, user: row.user_name, octets: row.input_octets, packets: row.input_packets },
      ...{ seconds: row.session_seconds, decision: row.decision_id, cause: row.terminate_cause },
      ...{ started: row.started_at, updated: row.updated_at, stopped: row.stopped_at, nas: row.nas },
      ...{ acctSessionId: row.acct_session_id, wraps: row.counter_wraps },
    }))
    .sort((a, b) => a.acctSessionId.localeCompare(b.acctSessionId) || a.started - b.started)
}

class House {
  readonly database: Database
  readonly service: AccountingService

  constructor(database: Database) {
    this.database = database
    this.service = new AccountingService(database)
  }

  async tell(...reports: readonly Report[]): Promise<void> {
    for (const report of reports) assert.deepEqual(await this.service.store([recordOf(report)]), [true])
  }

  async sessions(): Promise<readonly SessionRow[]> {
    return await this.database.kysely.selectFrom('sessions').selectAll().orderBy('started_at').execute()
  }

  async only(): Promise<SessionRow> {
    const rows = await this.sessions()
    assert.equal(rows.length, 1)
    return rows[0] as SessionRow
  }

  async records(): Promise<number> {
    const rows = await this.database.kysely.selectFrom('accounting_records').select('id').execute()
    return rows.length
  }

  async clear(): Promise<void> {
    await this.database.kysely.deleteFrom('sessions').execute()
    await this.database.kysely.deleteFrom('accounting_records').execute()
  }
}

forEachEngine((engine) => {
  const open = async (): Promise<House> => new House(await engine.open())

  test('ok/the same event with another Identifier and a raised Acct-Delay-Time is one row', async () => {
    for (const untimed of [true, false]) {
      for (const stampsSending of [true, false]) {
        const house = await open()
        const start: Report = { status: 'Start', at: 0, untimed, stampsSending }
        await house.tell(start, { ...start, delay: 5, transit: 1_300 }, { ...start, delay: 35, transit: 10 })
        assert.equal(await house.records(), 1, `untimed ${untimed}, stamps its sending ${stampsSending}`)
      }
    }
  })

  test('ok/the first transmission was lost: those with a delay are still one', async () => {
    const house = await open()
    const stop: Report = { status: 'Stop', at: 0, seconds: 60 }
    await house.tell({ ...stop, delay: 5 }, { ...stop, delay: 10 })
    assert.equal(await house.records(), 1)
    // Also within one batch.
    const other = { ...stop, session: '0002' }
    await house.service.store([recordOf({ ...other, delay: 5 }), recordOf({ ...other, delay: 10 })])
    assert.equal(await house.records(), 2)
  })

  test('ok/interim updates without Event-Timestamp are different events', async () => {
    const house = await open()
    const interim: Report = { status: 'Interim', at: 0, untimed: true }
    await house.tell(interim, { ...interim, at: MINUTE }, { ...interim, at: MINUTE + 500, octets: 7 })
    assert.equal(await house.records(), 3)
  })

  test('ok/another client, Class, status or session is another event', async () => {
    const house = await open()
    const start: Report = { status: 'Start', at: 0, decision: 'a' }
    await house.tell(start, { ...start, decision: 'b' }, { ...start, status: 'Interim' })
    await house.tell({ ...start, session: '0002' }, { ...start, nas: 'vpn-2' })
    assert.equal(await house.records(), 5)
  })

  test('ok/a 32-bit counter that wraps goes on counting; one with gigawords is taken as it is', async () => {
    const house = await open()
    await house.tell(
      { status: 'Start', at: 0 },
      { status: 'Interim', at: MINUTE, seconds: 60, octets: 4_000_000_000, packets: 4_000_000 },
      { status: 'Interim', at: 2 * MINUTE, seconds: 120, octets: 100_000, packets: 4_400_000 },
      { status: 'Stop', at: 3 * MINUTE, seconds: 180, octets: 3_000_000_000, packets: 8_000_000 },
    )
    const { input_octets, counter_wraps } = await house.only()
    assert.deepEqual([input_octets, counter_wraps], [WORD + 3_000_000_000, 1])
    await house.clear()
    await house.tell(
      { status: 'Interim', at: MINUTE, seconds: 60, octets: 4_000_000_000, gigawords: 0 },
      { status: 'Interim', at: 2 * MINUTE, seconds: 120, octets: 100_000, gigawords: 2 },
    )
    const wide = await house.only()
    assert.deepEqual([wide.input_octets, wide.counter_wraps], [2 * WORD + 100_000, 0])
  })

  test('ok/counters that all begin again were reset: what was counted before is kept and added to', async () => {
    const house = await open()
    await house.tell(
      { status: 'Interim', at: MINUTE, seconds: 60, octets: 3_000_000, packets: 4_000 },
      { status: 'Interim', at: 2 * MINUTE, seconds: 120, octets: 1_000, packets: 10 },
      { status: 'Interim', at: 3 * MINUTE, seconds: 180, octets: 2_000, packets: 20 },
    )
    const row = await house.only()
    assert.deepEqual(
      [row.input_octets, row.input_packets, row.counter_resets, row.counter_wraps],
      [3_002_000, 4_020, 1, 0],
    )
  })

  test('ok/swapped updates of a NAS without a clock are no wrap', async () => {
    const house = await open()
    await house.tell(
      { status: 'Interim', at: 200, untimed: true, octets: 2_000 },
      { status: 'Interim', at: 260, untimed: true, octets: 1_000 },
    )
    assert.equal((await house.only()).input_octets, 2_000)
  })

  test('ok/a late Start does not bring an ended session back, with and without clock and Class', async () => {
    for (const untimed of [true, false]) {
      for (const decision of ['a', undefined]) {
        const house = await open()
        await house.tell({ status: 'Stop', at: 2 * MINUTE, seconds: 120, untimed, decision })
        const start: Report = { status: 'Start', at: untimed ? 2 * MINUTE + 500 : 0, untimed, decision }
        await house.tell(start)
        assert.equal((await house.only()).state, 'stopped', `untimed ${untimed}, class ${decision}`)
      }
    }
  })

  test('ok/an Acct-Session-Id used again after a restart is a new session', async () => {
    for (const on of [true, false]) {
      const house = await open()
      await house.tell({ status: 'Start', at: 0, decision: 'a', user: 'alice' })
      await house.tell({
        status: 'Interim',
        at: MINUTE,
        seconds: 60,
        octets: 9,
        decision: 'a',
        user: 'alice',
      })
      if (on) await house.tell({ status: 'On', at: 2 * MINUTE })
      await house.tell({ status: 'Start', at: 3 * MINUTE, decision: 'b', user: 'bob' })
      await house.tell({
        status: 'Interim',
        at: 4 * MINUTE,
        seconds: 60,
        octets: 1,
        decision: 'b',
        user: 'bob',
      })
      const rows = await house.sessions()
      assert.deepEqual(
        rows.map((row) => [row.user_name, row.state, row.input_octets, row.terminate_cause]),
        [
          ['alice', 'lost', 9, on ? 'Accounting-On' : 'Session-Id-Reused'],
          ['bob', 'live', 1, null],
        ],
      )
    }
  })

  test('ok/the same without Class: the time at which the session began tells', async () => {
    const house = await open()
    await house.tell({ status: 'Start', at: 0 }, { status: 'Stop', at: MINUTE, seconds: 60 })
    await house.tell({ status: 'Interim', at: 10 * MINUTE, seconds: 120 })
    assert.deepEqual(
      (await house.sessions()).map(({ state }) => state),
      ['stopped', 'live'],
    )
  })

  test('ok/re-authentication changes the Class of a session, not the session', async () => {
    const house = await open()
    await house.tell({ status: 'Start', at: 0, decision: 'a' })
    await house.tell({ status: 'Interim', at: 60 * MINUTE, seconds: 3600, decision: 'b', user: 'bob' })
    const row = await house.only()
    assert.deepEqual([row.decision_id, row.user_name, row.state], ['b', 'bob', 'live'])
  })

  test('ok/a session that reports after Accounting-On of its NAS lives; one that was told late does not', async () => {
    const house = await open()
    await house.tell({ status: 'Start', at: 0 }, { status: 'On', at: MINUTE })
    assert.equal((await house.only()).state, 'lost')
    await house.tell({ status: 'Interim', at: 2 * MINUTE, seconds: 120 })
    assert.equal((await house.only()).state, 'live')
    await house.tell({ status: 'Start', at: 30_000, session: '0002' })
    const late = (await house.sessions()).find(({ acct_session_id }) => acct_session_id === '0002')
    assert.deepEqual([late?.state, late?.stopped_at], ['lost', NOW + MINUTE])
  })

  test('ok/Accounting-Off ends the sessions of that NAS alone', async () => {
    const house = await open()
    await house.tell({ status: 'Start', at: 0 }, { status: 'Start', at: 0, nas: 'vpn-2' })
    await house.tell({ status: 'Off', at: MINUTE })
    const states = new Map((await house.sessions()).map(({ nas, state }) => [nas, state]))
    assert.deepEqual(
      states,
      new Map([
        ['vpn-1', 'lost'],
        ['vpn-2', 'live'],
      ]),
    )
  })
})

describe('any order, any batches, every report once or more', () => {
  let house: House
  before(async () => {
    house = new House(await openWriter('sqlite::memory:'))
  })
  after(() => house.database.close())

  /** The life of one session: Start, updates every minute, perhaps a Stop. */
  const life = fc
    .record({
      updates: fc.array(fc.integer({ min: 0, max: 2 ** 33 }), { maxLength: 5 }),
      stops: fc.boolean(),
      hasGigawords: fc.boolean(),
      untimed: fc.boolean(),
      hasClass: fc.boolean(),
    })
    .map(({ updates, stops, hasGigawords, untimed, hasClass }) => (began: number, number: number) => {
      let [octets, packets] = [0, 0]
      // A NAS without a clock tells order by Acct-Session-Time alone.
      const common = { untimed, decision: hasClass ? `d${number}` : undefined }
      const reports: Report[] = [{ ...common, status: 'Start', at: began }]
      for (const [index, more] of updates.entries()) {
        octets += more
        packets += Math.ceil(more / 1000)
        const seconds = (index + 1) * 60
        const isLast = stops && index === updates.length - 1
        reports.push({
          ...common,
          ...{ status: isLast ? 'Stop' : 'Interim', at: began + seconds * 1000, seconds, octets, packets },
          ...(hasGigawords ? { gigawords: Math.floor(octets / WORD) } : {}),
        })
      }
      return { reports, octets, hasGigawords, updates }
    })

  test('ok/the same final row', async () => {
    const arbitrary = fc.record({ lives: fc.array(life, { minLength: 1, maxLength: 3 }), seed: fc.integer() })
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.infiniteStream(fc.nat(1000)), async ({ lives }, chance) => {
        const draw = (below: number): number => Number(chance.next().value) % below
        const told = lives.map((each, number) => each(number * 60 * MINUTE, number))
        const reports = told.flatMap(({ reports: own }) => own)
        await house.clear()
        await house.tell(...reports)
        const expected = essence(await house.sessions())
        for (const [index, { octets, updates, hasGigawords }] of told.entries()) {
          // Between two updates a narrow counter must not wrap twice.
          if (hasGigawords || updates.every((more) => more < WORD)) {
            assert.equal(expected[index]?.octets, octets)
          }
        }
        const again = reports.flatMap((report) =>
          Array.from({ length: draw(3) }, (_, index) => ({
            ...report,
            delay: 1 + index * 4,
            transit: draw(900),
          })),
        )
        const shuffled = [...reports, ...again]
        for (let index = shuffled.length - 1; index > 0; index--) {
          const other = draw(index + 1)
          const [a, b] = [shuffled[index], shuffled[other]]
          if (a !== undefined && b !== undefined) [shuffled[index], shuffled[other]] = [b, a]
        }
        await house.clear()
        while (shuffled.length > 0) {
          await house.service.store(shuffled.splice(0, 1 + draw(4)).map(recordOf))
        }
        const rows = await house.sessions()
        // The first copy to arrive is the one that is kept: by its clock a report of a NAS without one is a second off.
        const near = (value: number | null): number | null =>
          value === null ? null : Math.round(value / 10_000)
        const rounded = (list: ReturnType<typeof essence>) =>
          list.map((row) => ({
            ...row,
            ...{ started: near(row.started + 5000), updated: near(row.updated + 5000) },
            stopped: row.stopped === null ? null : near(row.stopped + 5000),
          }))
        assert.deepEqual(rounded(essence(rows)), rounded(expected))
        assert.equal(await house.records(), reports.length)
      }),
      { numRuns: 150, seed: 20260105 },
    )
  })

  test('ok/lost updates change nothing that the others tell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([1, 2, 3, 4, 5]), async (kept) => {
        await house.clear()
        const all: Report[] = [1, 2, 3, 4, 5].map((minute) => ({
          ...{ status: 'Interim', at: minute * MINUTE, seconds: minute * 60 },
          ...{ octets: minute * 1000, packets: minute },
        }))
        const stop: Report = { status: 'Stop', at: 6 * MINUTE, seconds: 360, octets: 6000, packets: 6 }
        await house.tell(
          { status: 'Start', at: 0 },
          ...all.filter((_, index) => kept.includes(index + 1)),
          stop,
        )
        assert.deepEqual(essence(await house.sessions()), [
          {
            ...{ state: 'stopped', user: 'alice', octets: 6000, packets: 6, seconds: 360, decision: null },
            ...{ cause: null, started: NOW, updated: NOW + 6 * MINUTE, stopped: NOW + 6 * MINUTE },
            ...{ nas: 'vpn-1', acctSessionId: '0001', wraps: 0 },
          },
        ])
      }),
      { numRuns: 32 },
    )
  })
})
