import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attribute, encodeRequest, PacketCode, Secret } from '@sallyport/radius'
import { AcctDelayTime, AcctSessionId } from '@sallyport/radius/attributes'
import { FakeClock } from '../../kernel/clock.ts'
import { forEachEngine } from '../../store/testing.ts'
import type { AccountingRecord } from '../accounting/accounting-record.ts'
import { AccountingService } from '../accounting/accounting-service.ts'
import { accountingRecord } from '../accounting/testing.ts'
import { AccountingForwarder } from './accounting-forwarder.ts'
import { delayedAttributes } from './forwarded-accounting.ts'
import { ForwardedAccountingStore } from './forwarded-accounting-store.ts'
import type { Upstreams } from './upstreams.ts'

const ATTRIBUTES = Uint8Array.of(44, 6, 48, 48, 48, 49)

function record(session: string, statusType: string, eventAt: number, group = 'partner'): AccountingRecord {
  const forwarding = { group, attributes: ATTRIBUTES }
  return accountingRecord({ sessionKey: session, statusType, eventAt, receivedAt: eventAt, forwarding })
}

describe('accounting that waits for its upstream', () => {
  forEachEngine(({ open }) => {
    test('ok/stored with its record, once; of each session the oldest comes first', async () => {
      const database = await open()
      const store = new ForwardedAccountingStore(database)
      const accounting = new AccountingService(database, undefined, store)
      const start = record('aa', 'Start', 1000)
      assert.deepEqual(
        await accounting.store([start, record('bb', 'Start', 1000), record('aa', 'Stop', 2000)]),
        [true, true, true],
      )
      // The same event again, as after an answer that was lost.
      assert.deepEqual(await accounting.store([start]), [true])
      const heads = await store.heads('partner', 5000, 10)
      assert.deepEqual(
        heads.map(({ session_key, status_type }) => [session_key, status_type]),
        [
          ['aa', 'Start'],
          ['bb', 'Start'],
        ],
      )
      assert.deepEqual(Uint8Array.from(heads[0]?.attributes ?? []), ATTRIBUTES)
      assert.deepEqual(await store.heads('other', 5000, 10), [])
      assert.deepEqual(await store.queues(), [{ group: 'partner', waiting: 3, oldestAt: 1000 }])
      await store.later([{ id: Number(heads[0]?.id), attempts: 1, nextAttemptAt: 9000 }])
      assert.deepEqual(
        (await store.heads('partner', 5000, 10)).map(({ session_key }) => session_key),
        ['bb'],
      )
      await store.delivered([Number(heads[0]?.id)])
      assert.deepEqual(
        (await store.heads('partner', 5000, 10)).map(({ status_type }) => status_type).toSorted(),
        ['Start', 'Stop'],
      )
      assert.equal(await store.expire(1500), 1)
      assert.deepEqual(await store.queues(), [{ group: 'partner', waiting: 1, oldestAt: 2000 }])
    })

    test('fail/what an earlier group of the realm never took holds up nothing of the new one', async () => {
      const database = await open()
      const store = new ForwardedAccountingStore(database)
      const accounting = new AccountingService(database, undefined, store)
      await accounting.store([record('aa', 'Start', 1000, 'gone'), record('aa', 'Stop', 2000)])
      assert.deepEqual(
        (await store.heads('partner', 5000, 10)).map(({ status_type }) => status_type),
        ['Stop'],
      )
    })

    test('ok/delivered in order and in the end; what nobody takes is tried later and given up at last', async () => {
      const database = await open()
      const store = new ForwardedAccountingStore(database)
      const accounting = new AccountingService(database, undefined, store)
      const clock = new FakeClock(10_000)
      await accounting.store([record('aa', 'Start', 1000), record('aa', 'Stop', 2000)])
      let takes = false
      const asked: number[] = []
      const upstreams = {
        isAlive: () => true,
        ask: async () => {
          asked.push(clock.now())
          return takes ? { kind: 'reply' } : { kind: 'silent', tried: [] }
        },
      } as unknown as Upstreams // the two methods the forwarder uses
      const counted: string[] = []
      const forwarder = new AccountingForwarder({
        upstreams,
        groups: () => ['partner'],
        reader: store,
        writer: store,
        keepMilliseconds: () => 3_600_000,
        clock,
        log: { error: () => {} } as never,
        count: (outcome, records) => counted.push(`${outcome} ${records}`),
      })
      const round = async (): Promise<void> => {
        forwarder.tick()
        await forwarder.settled()
      }
      await round()
      await round()
      assert.deepEqual(asked, [10_000])
      clock.advance(2000)
      await round()
      assert.equal(asked.length, 2)
      clock.advance(2000)
      await round()
      assert.equal(asked.length, 2, 'each wait is twice the one before')
      takes = true
      clock.advance(2000)
      await round()
      assert.equal(asked.length, 4)
      assert.deepEqual(await store.queues(), [])
      await accounting.store([record('cc', 'Start', 1000)])
      takes = false
      clock.advance(3_700_000)
      await round()
      assert.deepEqual(await store.queues(), [])
      assert.ok(counted.includes('expired 1'))
    })

    test('fail/no room: not acknowledged; local accounting is', async () => {
      const database = await open()
      const full = { isFull: true, added: () => {} }
      const accounting = new AccountingService(database, undefined, full)
      const local = accountingRecord({ sessionKey: 'dd' })
      assert.deepEqual(await accounting.store([record('aa', 'Start', 1000), local]), [false, true])
    })
  })
})

test('RFC 2866 section 5.2: the time in the queue is added to Acct-Delay-Time', () => {
  const stored = (...delay: number[]) =>
    encodeRequest({
      code: PacketCode.AccountingRequest,
      id: 0,
      secret: new Secret('any'),
      attributes: [attribute(AcctSessionId, '1'), ...delay.map((each) => attribute(AcctDelayTime, each))],
    }).slice(20)
  const delayOf = (octets: Uint8Array, waited: number): unknown =>
    delayedAttributes(octets, waited).flatMap((each) => ('definition' in each ? [each.value] : []))[0]
  assert.equal(delayOf(stored(), 500), undefined)
  assert.equal(delayOf(stored(), 5999), 5)
  assert.equal(delayOf(stored(10), 5999), 15)
  assert.equal(delayOf(stored(10), 0), 10)
})
