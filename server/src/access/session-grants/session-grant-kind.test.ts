import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Fact, GrantPage, Verdict } from '../../grants/grant-kind.ts'
import { ReceiptStore } from '../../journal/index.ts'
import { receiptRow } from '../../journal/receipt-row.ts'
import { RECEIPT, receipt } from '../../journal/testing.ts'
import type { Authorization } from '../../policy/index.ts'
import { ALICE } from '../../policy/testing.ts'
import { reason } from '../../reasons/index.ts'
import { forEachEngine } from '../../store/testing.ts'
import type { SessionActor, SessionActResult } from './session-actor.ts'
import type { SessionGrant } from './session-grant.ts'
import { SessionGrantKind } from './session-grant-kind.ts'
import { SessionGrantStore } from './session-grant-store.ts'
import type { SessionJudge } from './session-judge.ts'
import { insertSession } from './testing.ts'

const WHY = reason('account-disabled', { user: 'alice' })
const STATION = '02-00-00-00-00-01'
const REVOKE: Verdict = { verdict: 'revoke', why: WHY, changes: [] }

forEachEngine(({ open }) => {
  async function house() {
    const database = await open()
    const receipts = new ReceiptStore(database)
    const store = new SessionGrantStore(database)
    return { database, receipts, store }
  }

  const login = (number: number, user: string, more: Partial<typeof RECEIPT.facts> = {}) =>
    receipt(number, { user, facts: { ...ALICE, ...more } })

  const idsOf = (page: GrantPage): string[] => page.grants.map(({ id }) => id)

  async function all(store: SessionGrantStore, fact: Fact, limit = 2): Promise<string[]> {
    const ids: string[] = []
    let after: string | undefined
    do {
      const page = await store.list(fact, { limit, after })
      assert.ok(page.grants.length <= limit)
      ids.push(...idsOf(page))
      after = page.next
    } while (after !== undefined)
    return ids.sort()
  }

  it('ok/lists live sessions by what they rest on, in pages, none twice', async () => {
    const { database, receipts, store } = await house()
    const certificate = {
      ...{ subject: 'CN=bob', issuer: 'CN=CA', serial: '4a01', fingerprint: 'ff', notAfter: '' },
      ...{ extendedKeyUsages: [], dnsNames: [], upns: [], emails: [] },
    }
    const [alice, bob, carol] = [login(1, 'Alice'), login(2, 'bob', { certificate }), login(3, 'carol')]
    const sales = { ...carol, facts: { ...ALICE, user: { ...ALICE.user, groups: ['Sales'] } } }
    await receipts.insert([alice, bob, sales].map(receiptRow))
    await insertSession(database, 'a1', { decision_id: alice.id, user_name: 'anonymous' })
    await insertSession(database, 'a2', { decision_id: null, user_name: 'ALICE', user_key: 'alice' })
    await insertSession(database, 'a3', { decision_id: alice.id, state: 'stopped' })
    await insertSession(database, 'b1', { decision_id: bob.id, user_name: 'bob', user_key: 'bob' })
    await insertSession(database, 'c1', { decision_id: sales.id, user_name: 'carol', user_key: 'carol' })
    for (const limit of [1, 2, 100]) {
      assert.deepEqual(await all(store, { fact: 'all' }, limit), ['a1', 'a2', 'b1', 'c1'])
      assert.deepEqual(await all(store, { fact: 'user', key: 'aLICE' }, limit), ['a1', 'a2'])
      // What nothing is known of may rest on any group and certificate.
      assert.deepEqual(await all(store, { fact: 'group', key: 'Sales' }, limit), ['a2', 'c1'])
      assert.deepEqual(await all(store, { fact: 'certificate', key: '4a01' }, limit), ['a2', 'b1'])
      assert.deepEqual(await all(store, { fact: 'device', key: 'd' }, limit), [])
    }
    const found = await store.find('a1')
    assert.deepEqual([found?.subject, found?.lane, found?.receipt?.id], ['Alice', 'switch', alice.id])
    assert.equal(await store.find('a3'), undefined, 'it has ended')
  })

  it('ok/a look ends, however fast sessions begin meanwhile; a device with a fast clock is looked at too', async () => {
    const { database, store } = await house()
    await insertSession(database, 'now', { started_at: 1_000 })
    await insertSession(database, 'early', { started_at: 9_000 })
    const first = await store.list({ fact: 'all' }, { limit: 1 })
    await insertSession(database, 'later', { started_at: 9_001 })
    const second = await store.list({ fact: 'all' }, { limit: 1, after: first.next })
    const third = await store.list({ fact: 'all' }, { limit: 1, after: second.next })
    assert.deepEqual([first, second, third].map(idsOf), [['now'], ['early'], []])
    assert.equal(third.next, undefined)
  })

  it('ok/a session whose device authenticated again rests on the newer accept', async () => {
    const { database, receipts, store } = await house()
    const request = { callingStationId: STATION, attributes: {} }
    const network = { ...RECEIPT.network, client: 'switch' }
    const at = (number: number, user = 'alice') => ({ ...login(number, user, { request }), network })
    const [old, newer] = [at(1), at(2)]
    await receipts.insert([old, at(3, 'bob'), newer].map(receiptRow))
    await insertSession(database, 'a', {
      decision_id: old.id,
      calling_station_id: STATION.replaceAll('-', ':'),
    })
    const judged: string[] = []
    const judge = {
      decideAgain: async (): Promise<Verdict> => REVOKE,
      decideReceipt: async ({ id }: { id: string }): Promise<Verdict> => {
        judged.push(id)
        return { verdict: 'keep' }
      },
    } as unknown as SessionJudge // the two methods that are called
    const kind = new SessionGrantKind(store, judge, actor([]))
    const session = await kind.find('a')
    assert.ok(session !== undefined)
    assert.deepEqual(await kind.decideAgain(session), { verdict: 'keep' })
    assert.deepEqual(judged, [newer.id])
    // Another session of the same station rests on it: then it says nothing about this one.
    await insertSession(database, 'b', { decision_id: newer.id, calling_station_id: STATION })
    assert.deepEqual(await kind.decideAgain(session), REVOKE)
  })
})

const SESSION: SessionGrant = {
  ...{ id: 's1', subject: 'alice', lane: 'switch', decisionId: RECEIPT.id, userName: 'alice' },
  ...{ callingStationId: STATION, startedAt: 1, receipt: RECEIPT },
}

function actor(answers: readonly SessionActResult[], asked: string[] = []): SessionActor {
  return {
    act: async ({ action, askedBy }) => {
      asked.push(`${action} ${askedBy.name}`)
      return answers[asked.length - 1] ?? assert.fail('asked too often')
    },
  }
}

async function carriedOut(
  order: { readonly action: 'revoke' | 'change'; readonly attempt?: number },
  answers: readonly SessionActResult[],
  whenRevoked?: Authorization['whenRevoked'],
) {
  const asked: string[] = []
  const judge = { given: async () => ({ whenRevoked, attributes: [] }) } as unknown as SessionJudge // as above
  const kind = new SessionGrantKind({} as SessionGrantStore, judge, actor(answers, asked))
  const { result, ...why } = await kind.carryOut(SESSION, { why: WHY, attempt: 1, ...order })
  return [result, 'why' in why ? why.why.code : undefined, ...asked]
}

const ACK = { outcome: 'acknowledged' } as const
const NAK = { outcome: 'refused', errorCause: 'Session-Context-Not-Found' } as const
const SILENCE = { outcome: 'no-answer' } as const
const UNSUPPORTED = { outcome: 'unsupported' } as const
const DISCONNECT = 'disconnect account-disabled'
const REAUTHENTICATE = 'reauthenticate account-disabled'

it('ok/a revocation disconnects, or does what the profile says', async () => {
  assert.deepEqual(await carriedOut({ action: 'revoke' }, [ACK]), ['acknowledged', undefined, DISCONNECT])
  assert.deepEqual(await carriedOut({ action: 'revoke' }, [ACK], 'bounce-port'), [
    ...['acknowledged', undefined, 'bounce-port account-disabled'],
  ])
  assert.deepEqual(
    await carriedOut({ action: 'revoke', attempt: 2 }, [ACK], 'bounce-port'),
    ['acknowledged', undefined, DISCONNECT],
    'what did not help is not done again',
  )
})

it('ok/a change re-authenticates; where the device will not, or it did not help, it disconnects', async () => {
  const change = { action: 'change' } as const
  assert.deepEqual(await carriedOut(change, [ACK]), ['acknowledged', undefined, REAUTHENTICATE])
  for (const answer of [NAK, UNSUPPORTED]) {
    assert.deepEqual(await carriedOut(change, [answer, ACK]), [
      ...['acknowledged', undefined, REAUTHENTICATE, DISCONNECT],
    ])
  }
  assert.deepEqual(await carriedOut({ ...change, attempt: 2 }, [ACK]), [
    ...['acknowledged', undefined, DISCONNECT],
  ])
})

it('fail/silence and refusal are tried again, what cannot be sent is not', async () => {
  assert.deepEqual(await carriedOut({ action: 'revoke' }, [SILENCE]), [
    'retry',
    'grant-no-answer',
    DISCONNECT,
  ])
  assert.deepEqual(await carriedOut({ action: 'change' }, [SILENCE]), [
    ...['retry', 'grant-no-answer', REAUTHENTICATE],
  ])
  // The device may know the session by another name: no proof that it is over.
  assert.deepEqual(await carriedOut({ action: 'revoke' }, [NAK]), ['retry', 'grant-refused', DISCONNECT])
  assert.deepEqual(await carriedOut({ action: 'revoke' }, [UNSUPPORTED]), [
    ...['impossible', 'grant-unsupported', DISCONNECT],
  ])
})
