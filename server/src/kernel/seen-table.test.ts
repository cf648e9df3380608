import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Seen, SeenTable } from './seen-table.ts'

const at = (now: number) => (): Seen => ({ count: 0, firstSeenAt: now, lastSeenAt: now })

suite('strangers that were seen', () => {
  test('ok/counts, first and last time', () => {
    const table = new SeenTable<Seen>(10)
    for (const now of [1000, 2000, 30_000]) table.note('a', now, at(now))
    assert.deepEqual(table.entries(), [['a', { count: 3, firstSeenAt: 1000, lastSeenAt: 30_000 }]])
    table.forget('a')
    assert.equal(table.size, 0)
  })

  test('fail/100,000 made-up keys: bounded, and who came back before stays', () => {
    const table = new SeenTable<Seen>(50)
    table.note('real', 0, at(0))
    table.note('real', 10_000, at(10_000))
    for (let n = 0; n < 100_000; n++) table.note(`spoofed-${n}`, 10_000 + n / 10, at(10_000 + n / 10))
    assert.ok(table.size <= 100)
    assert.ok(table.entries().some(([key]) => key === 'real'))
    assert.ok(table.overlooked > 90_000)
  })

  test('ok/a newcomer outlives a short flood, because few newcomers a second push others out', () => {
    const table = new SeenTable<Seen>(50)
    for (let n = 0; n < 49; n++) table.note(`before-${n}`, 0, at(0))
    table.note('real', 1, at(1))
    for (let n = 0; n < 100_000; n++) table.note(`spoofed-${n}`, 1000 + n / 25, at(1000 + n / 25))
    assert.ok(table.entries().some(([key]) => key === 'real'))
  })

  test('ok/on a full shelf the one silent for longest goes', () => {
    const table = new SeenTable<Seen>(2)
    for (const [key, now] of [
      ['a', 0],
      ['b', 1],
      ['a', 2],
      ['c', 3],
    ] as const)
      table.note(key, now, at(now))
    assert.deepEqual(
      table
        .entries()
        .map(([key]) => key)
        .sort(),
      ['a', 'c'],
    )
  })
})
