import assert from 'node:assert/strict'
import { it } from 'node:test'
import { forEachEngine } from '../store/testing.ts'
import { DAY } from './authority.ts'
import { readIssuedEndings } from './issued-endings.ts'

const NOW = 1000 * DAY

interface Row {
  /** Days from now. */
  readonly end: number
  readonly days?: number
  readonly kind?: string
  readonly template?: string | null
  readonly status?: 'issued' | 'held' | 'revoked' | 'recorded'
  readonly renewedBy?: string
}

forEachEngine(({ open }) => {
  async function house(rows: readonly Row[]) {
    const { kysely } = await open()
    for (const [at, { end, days = 365, renewedBy = null, ...row }] of rows.entries()) {
      const not_after = NOW + end * DAY
      const serial = `4a${String(at).padStart(4, '0')}`
      const unused = { pem: 'PEM', key_sealed: null, revoked_at: null, revocation_reason: null }
      await kysely
        .insertInto('certificates')
        .values({
          ...{ serial, fingerprint: serial, kind: 'client', template: 'user', status: 'issued', ...row },
          ...{ created_at: 1, not_before: not_after - days * DAY, not_after, subject: `CN=${at}` },
          ...{ ...unused, superseded_by: renewedBy },
        })
        .execute()
    }
    return kysely
  }

  it('ok/issued certificates that end are counted by step, the first to end first', async () => {
    const db = await house([{ end: 29 }, { end: 13 }, { end: 6 }, { end: 0.5 }, { end: 31 }, { end: -1 }])
    const { within, first, isCut } = await readIssuedEndings(db, NOW)
    assert.deepEqual(
      [...within],
      [
        [30, 4],
        [14, 3],
        [7, 2],
        [1, 1],
      ],
    )
    assert.deepEqual(
      first.map(({ subject }) => subject),
      ['CN=3', 'CN=2', 'CN=1', 'CN=0'],
    )
    assert.equal(isCut, false)
    const crossed = async (days: number) =>
      (await readIssuedEndings(db, NOW, { since: NOW - days * DAY })).crossed
    assert.deepEqual([await crossed(0), await crossed(0.75), await crossed(1.5)], [0, 1, 4])
  })

  it('ok/what was renewed, revoked or held, the server uses itself, or never lives long is not counted', async () => {
    const db = await house([
      { end: 5, renewedBy: '4a99' },
      ...(['revoked', 'held', 'recorded'] as const).map((status) => ({ end: 5, status })),
      { end: 5, kind: 'https-server', template: null },
      { end: 5, days: 7 },
    ])
    const { within, first } = await readIssuedEndings(db, NOW)
    assert.deepEqual([[...within.values()], first], [[0, 0, 0, 0], []])
    const short = await readIssuedEndings(db, NOW + 4.5 * DAY)
    assert.deepEqual([...short.within.values()], [1, 1, 1, 1])
  })

  it('ok/twenty names of many, and no more looked at than allowed', async () => {
    const db = await house(Array.from({ length: 30 }, () => ({ end: 6 })))
    const all = await readIssuedEndings(db, NOW)
    assert.deepEqual([all.within.get(7), all.first.length, all.isCut], [30, 20, false])
    const cut = await readIssuedEndings(db, NOW, { mostLookedAt: 25 })
    assert.deepEqual([cut.within.get(7), cut.isCut], [25, true])
  })
})
