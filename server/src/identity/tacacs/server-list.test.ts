import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { papStart } from '@sallyport/tacacs'
import { FakeClock } from '../../kernel/clock.ts'
import type { ServerWord } from './exchange.ts'
import { ServerList } from './server-list.ts'

const NOTHING = new Uint8Array(0)
const START = papStart({ user: fromUtf8('alice'), port: NOTHING, remoteAddress: NOTHING }, NOTHING)
const AWAY: ServerWord = { kind: 'none', why: 'refuses', isReached: false }
const ERROR: ServerWord = { kind: 'none', why: 'reports an error', isReached: true }

describe('servers of a TACACS+ source', () => {
  let clock: FakeClock
  let words: Record<string, ServerWord>
  let asked: string[]
  let list: ServerList

  beforeEach(() => {
    clock = new FakeClock()
    words = { a: { kind: 'pass' }, b: { kind: 'pass' } }
    asked = []
    const addresses = ['a', 'b'].map((host) => ({ host, port: 49 }))
    list = new ServerList(
      addresses,
      NOTHING,
      () => clock.monotonic(),
      async ({ host }, _secret, _start, share) => {
        asked.push(`${host} ${share}`)
        return words[host] ?? AWAY
      },
    )
  })

  const ask = () => list.ask(START, 1000)

  it('ok/the preferred one is asked, for half of the time at most', async () => {
    assert.equal((await ask()).kind, 'pass')
    assert.deepEqual(asked, ['a 500'])
  })

  it('ok/the next is asked where the first has no word; FAIL is a word', async () => {
    words.a = ERROR
    assert.equal((await ask()).kind, 'pass')
    assert.deepEqual(asked, ['a 500', 'b 1000'])
    words.a = { kind: 'fail' }
    assert.equal((await ask()).kind, 'fail')
    assert.equal(asked.length, 3)
  })

  it('fail/nobody has a word: each says why', async () => {
    words = { a: AWAY, b: ERROR }
    assert.deepEqual(await ask(), {
      kind: 'none',
      why: 'a:49 refuses; b:49 reports an error',
      asked: ['a:49', 'b:49'],
    })
  })

  it('ok/a server that is away rests, is tried by one login, and is back with its first word', async () => {
    words.a = AWAY
    for (let count = 0; count < 3; count += 1) await ask()
    asked.length = 0
    await ask()
    assert.deepEqual(asked, ['b 1000'])
    clock.advance(3001)
    asked.length = 0
    await Promise.all([ask(), ask()])
    assert.deepEqual(asked, ['a 500', 'b 1000', 'b 1000'], 'one login tries it, the other does not wait')
    clock.advance(3001)
    words.a = { kind: 'pass' }
    asked.length = 0
    for (let count = 0; count < 3; count += 1) await ask()
    assert.deepEqual(asked, ['a 500', 'a 500', 'a 500'])
  })

  it('fail/all rest: the answer comes at once', async () => {
    words = { a: AWAY, b: AWAY }
    for (let count = 0; count < 3; count += 1) await ask()
    asked.length = 0
    const word = await ask()
    assert.ok(word.kind === 'none')
    assert.match(word.why, /a:49, b:49 did not answer 3 times in a row/)
    assert.deepEqual(asked, [])
  })

  it('ok/a server that reports errors never rests: strangers could make it', async () => {
    words.a = ERROR
    for (let count = 0; count < 10; count += 1) await ask()
    assert.equal(asked.filter((line) => line.startsWith('a')).length, 10)
  })
})
