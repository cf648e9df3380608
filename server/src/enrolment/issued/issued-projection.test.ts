import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import type { Database } from '../../store/database.ts'
import { ProjectionMarkStore } from '../../store/projection-mark-store.ts'
import { forEachEngine } from '../../store/testing.ts'
import { CertificateStore } from '../certificate-store.ts'
import { SqliteIssuedCertificates } from './issued-certificates.ts'
import { IssuedProjection } from './issued-projection.ts'
import { IssuedRecords } from './issued-records.ts'

const DAY = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'issued-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const newFile = () => join(folder, `${randomInt(2 ** 40)}.db`)

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
const fingerprintOf = (number: number) => hex(number, 64)

interface Row {
  readonly number: number
  readonly createdAt?: number
  readonly notAfter?: number
}

function bench(database: Database) {
  const clock = new FakeClock()
  const store = new CertificateStore(database.kysely)
  const record = async ({ number, createdAt = clock.now(), notAfter = clock.now() + 30 * DAY }: Row) =>
    store.record({
      ...{ serial: hex(number, 40), kind: 'client', subject: 'CN=alice', key_sealed: null },
      ...{ not_before: 0, not_after: notAfter, created_at: createdAt },
    })
  const sign = async (number: number) => store.markIssued(hex(number, 40), 'PEM', fingerprintOf(number))
  const issue = async (row: Row) => {
    await record(row)
    await sign(row.number)
  }
  /** As a restored backup would lack it. */
  const lose = async (number: number) =>
    database.kysely.deleteFrom('certificates').where('serial', '=', hex(number, 40)).execute()
  const marks = new ProjectionMarkStore(database.kysely)
  const wentBack: string[] = []
  const open = (file: string, parts: Partial<Pick<ProjectionMarkStore, 'mark'>> = {}) =>
    new IssuedProjection({
      ...{ source: database, file, clock, wentBack: () => wentBack.push(file) },
      marks: {
        forget: (name) => marks.forget(name),
        mark: (...of) => (parts.mark ?? marks.mark.bind(marks))(...of),
      },
    })
  /** Of these, the numbers a worker would know. */
  const known = (file: string, numbers: readonly number[]): readonly number[] => {
    const reader = SqliteIssuedCertificates.open({ path: file, holds: 'fingerprints' })
    return numbers.filter((number) => reader.has(fingerprintOf(number)))
  }
  return { clock, record, sign, issue, lose, marks, wentBack, open, known }
}

forEachEngine(({ open: openDatabase }) => {
  it('ok/copies what was issued, also what was begun before, dated ahead, or signed late', async () => {
    const house = bench(await openDatabase())
    const { clock } = house
    const file = newFile()
    await house.record({ number: 1 })
    await house.issue({ number: 2, createdAt: clock.now() + 3_600_000 })
    const projection = house.open(file)
    await projection.refresh()
    assert.deepEqual(house.known(file, [1, 2]), [2])
    await house.sign(1)
    await house.issue({ number: 3, createdAt: clock.now() - 50_000 })
    await projection.refresh()
    assert.deepEqual(house.known(file, [1, 2, 3]), [1, 2, 3])
    assert.deepEqual(house.wentBack, [])
    await projection.close()
  })

  it('ok/more than a page, some of one moment; another start goes on', async () => {
    const database = await openDatabase()
    const house = bench(database)
    const file = newFile()
    const numbers = Array.from({ length: 4_100 }, (_, number) => number + 1)
    const values = numbers.map((number) => ({
      ...{ serial: hex(number, 40), kind: 'client', subject: 'CN=alice', key_sealed: null, pem: 'PEM' },
      ...{
        fingerprint: fingerprintOf(number),
        status: 'issued' as const,
        not_before: 0,
        created_at: number >> 11,
      },
      not_after: house.clock.now() + DAY,
    }))
    for (let from = 0; from < values.length; from += 500) {
      await database.kysely
        .insertInto('certificates')
        .values(values.slice(from, from + 500))
        .execute()
    }
    const first = house.open(file)
    await first.refresh()
    assert.equal(house.known(file, numbers).length, numbers.length)
    await first.close()
    await house.issue({ number: 5_000 })
    const second = house.open(file)
    await second.refresh()
    assert.equal(house.known(file, [...numbers, 5_000]).length, numbers.length + 1)
    assert.deepEqual(house.wentBack, [])
    await second.close()
  })

  it('ok/what the records were asked for comes along, however long ago it was issued', async () => {
    const database = await openDatabase()
    const house = bench(database)
    const file = newFile()
    await house.issue({ number: 1 })
    const projection = house.open(file)
    await projection.refresh()
    await house.issue({ number: 2, createdAt: house.clock.now() - DAY })
    await projection.refresh()
    assert.deepEqual(house.known(file, [2]), [])
    const records = new IssuedRecords(database.kysely, (row) => projection.remember(row))
    assert.deepEqual(
      [await records.has(fingerprintOf(2)), await records.has(fingerprintOf(3))],
      [true, false],
    )
    await projection.refresh()
    assert.deepEqual(house.known(file, [1, 2]), [1, 2])
    await projection.close()
  })

  it('fail/the database went back in time: what it does not hold any more is forgotten before anybody reads', async () => {
    const database = await openDatabase()
    const house = bench(database)
    const file = newFile()
    await house.issue({ number: 1 })
    const before = house.open(file)
    await before.refresh()
    const backup = await database.kysely.selectFrom('projection_marks').selectAll().execute()
    await house.issue({ number: 2 })
    await before.refresh()
    await before.close()

    await house.lose(2)
    await database.kysely.deleteFrom('projection_marks').execute()
    await database.kysely.insertInto('projection_marks').values(backup).execute()
    // Others have gone on in the meantime, further than the file had come.
    for (const number of [3, 4, 5]) await house.issue({ number })
    const later = house.open(file)
    await later.check()
    assert.deepEqual(house.known(file, [1, 2, 3]), [])
    assert.deepEqual(house.wentBack, [file])
    await later.refresh()
    assert.deepEqual(house.known(file, [1, 2, 3, 4, 5]), [1, 3, 4, 5])
    await later.refresh()
    assert.equal(house.wentBack.length, 1)
    await later.close()
  })

  it('fail/a backup without any mark, and one of the time before the file was', async () => {
    const database = await openDatabase()
    const house = bench(database)
    const file = newFile()
    await house.issue({ number: 1 })
    const before = house.open(file)
    await before.refresh()
    await before.close()
    await house.lose(1)
    await database.kysely.deleteFrom('projection_marks').execute()
    const later = house.open(file)
    await later.refresh()
    assert.deepEqual(house.known(file, [1]), [])
    await later.close()
  })

  it('ok/the end of the process between mark and rows loses nothing; rows are never kept before the mark', async () => {
    const database = await openDatabase()
    const house = bench(database)
    const file = newFile()
    await house.issue({ number: 1 })
    const first = house.open(file)
    await first.refresh()
    await house.issue({ number: 2 })
    await first.close()

    const refused = house.open(file, { mark: () => Promise.reject(new Error('down')) })
    await assert.rejects(refused.refresh(), /down/)
    assert.deepEqual(house.known(file, [1, 2]), [1])
    await refused.close()

    const interrupted = house.open(file, {
      mark: async (...of) => {
        await house.marks.mark(...of)
        throw new Error('the process ends')
      },
    })
    await assert.rejects(interrupted.refresh(), /the process ends/)
    assert.deepEqual(house.known(file, [1, 2]), [1])
    await interrupted.close()

    const last = house.open(file)
    await last.refresh()
    assert.deepEqual([house.known(file, [1, 2]), house.wentBack], [[1, 2], []])
    await last.close()
  })

  it('ok/what ended is deleted in time, so that the file does not grow without end', async () => {
    const house = bench(await openDatabase())
    const file = newFile()
    await house.issue({ number: 1, notAfter: house.clock.now() + DAY })
    await house.issue({ number: 2 })
    const projection = house.open(file)
    await projection.refresh()
    house.clock.advance(3 * DAY)
    await house.lose(1)
    for (let count = 0; count < 256; count++) await projection.refresh()
    assert.deepEqual(house.known(file, [1, 2]), [2])
    await projection.close()
  })
})
