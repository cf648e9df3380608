import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ReceiptStore } from '../../journal/index.ts'
import { receiptRow } from '../../journal/receipt-row.ts'
import { receipt } from '../../journal/testing.ts'
import { ALICE } from '../../policy/testing.ts'
import { forEachEngine } from '../../store/testing.ts'
import { LivePeople } from './live-people.ts'
import { insertSession } from './testing.ts'

forEachEngine(({ open }) => {
  it('ok/who is connected, by the receipts of their logins, else by the name accounting tells', async () => {
    const database = await open()
    const receipts = new ReceiptStore(database)
    const people = new LivePeople(database)
    const login = (number: number, user: string) =>
      receipt(number, { user, facts: { ...ALICE, user: { ...ALICE.user, name: `${user}-account` } } })
    const [ann, bob, cid] = [login(1, 'ann'), login(2, 'bob'), login(3, 'cid')]
    await receipts.insert([ann, bob].map(receiptRow))
    await insertSession(database, 's-1', { decision_id: ann.id, user_name: 'anonymous' })
    await insertSession(database, 's-2', { decision_id: ann.id })
    await insertSession(database, 's-3', { decision_id: bob.id, state: 'stopped' })
    await insertSession(database, 's-4', { decision_id: cid.id, user_name: 'cid' })
    await insertSession(database, 's-5', { user_name: 'dan' })
    await insertSession(database, 's-6', {})
    const known = { source: 'local', groups: ['VPN Users', 'Staff'] }
    const named = (name: string) => ({ subject: name, name, source: undefined, groups: [] })
    const annNow = { subject: 'ann', name: 'ann-account', ...known }
    const all = async () => (await people.all())?.toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
    assert.deepEqual(await all(), [annNow, named('cid'), named('dan')])
    // The receipt of a login is written a moment after its session may begin.
    await receipts.insert([receiptRow(cid)])
    assert.deepEqual(await all(), [annNow, { subject: 'cid', name: 'cid-account', ...known }, named('dan')])
    await database.kysely.updateTable('sessions').set({ state: 'stopped' }).execute()
    assert.deepEqual(await all(), [])
  })
})
