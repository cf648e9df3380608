import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { BindPool } from './bind-pool.ts'
import { LdapConnection } from './connection.ts'
import { lost } from './lost.ts'

const silent = (): Duplex => new Duplex({ read: () => undefined, write: (_c, _e, done) => done() })

test('fail/more logins than may wait are told at once', async () => {
  const pool = new BindPool(async () => new LdapConnection(silent()), 1)
  const first = await pool.lease(1000)
  assert.ok('connection' in first)
  const waiting = Array.from({ length: 500 }, () => pool.lease(60_000))
  const begun = performance.now()
  const crowded = await pool.lease(60_000)
  assert.ok('kind' in crowded && crowded.cause === 'crowded')
  assert.ok(performance.now() - begun < 100)
  pool.drop(lost('dropped', 'over'))
  for (const lease of await Promise.all(waiting)) assert.ok('kind' in lease && lease.why === 'over')
})

test('fail/who waits for too long is told, and takes no place', async () => {
  const pool = new BindPool(async () => new LdapConnection(silent()), 1)
  const first = await pool.lease(1000)
  assert.ok('connection' in first)
  const late = await pool.lease(20)
  assert.ok('kind' in late && late.cause === 'crowded')
  pool.release(first.connection)
  const next = await pool.lease(1000)
  assert.ok('connection' in next && !next.isFresh)
  pool.drop(lost('dropped', 'over'))
})

test('ok/a connection that ended is replaced', async () => {
  let opened = 0
  const pool = new BindPool(async () => {
    opened++
    return new LdapConnection(silent())
  }, 1)
  const first = await pool.lease(1000)
  assert.ok('connection' in first)
  const second = pool.lease(1000)
  first.connection.close('the test')
  pool.release(first.connection)
  assert.ok('connection' in (await second))
  assert.equal(opened, 2)
  pool.drop(lost('dropped', 'over'))
})
