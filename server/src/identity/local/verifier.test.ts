import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { hashArgon2id, matchesArgon2id, parseArgon2id } from '../../kernel/argon2id.ts'
import { isBlank, passwordFault } from './password.ts'
import { sealPassword } from './sealed-password.ts'
import { testSealer } from './test/house.ts'
import { VerifierCache } from './verifier-cache.ts'
import { WorkLimit } from './work-limit.ts'

test('a verifier that the argon2 reference program made is understood', async () => {
  // argon2 somesalt -id -t 2 -m 16 -p 1, password `password` (test vector of the reference implementation)
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const verifier = parseArgon2id(phc)
  assert.ok(verifier)
  assert.equal(await matchesArgon2id(fromUtf8('password'), verifier), true)
  assert.equal(await matchesArgon2id(fromUtf8('Password'), verifier), false)
})

test('PHC strings: ours read back, absurd or broken ones are refused', async () => {
  const text = await hashArgon2id('secret', { memoryKib: 64, passes: 1, lanes: 1 })
  assert.match(text, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[^$=]{22}\$[^$=]{43}$/)
  const verifier = parseArgon2id(text)
  assert.ok(verifier && (await matchesArgon2id(fromUtf8('secret'), verifier)))
  for (const [from, to] of [
    ['argon2id', 'argon2i'],
    ['v=19', 'v=16'],
    ['m=64', 'm=9999999'],
    ['m=64', 'm=4'],
    ['t=1', 't=0'],
    ['t=1', 't=99'],
    ['p=1', 'p=99'],
  ] as const) {
    assert.equal(parseArgon2id(text.replace(from, to)), undefined, to)
  }
})

test('passwords nobody may have', () => {
  for (const [password, fault] of [
    ['', 'blank'],
    [' \u00a0\u3000', 'blank'],
    ['\0', 'blank'],
    ['a\0b', 'control-character'],
    ['\ud800x', 'not-unicode'],
    ['x'.repeat(257), 'too-long'],
    ['secret', undefined],
    [' secret ', undefined],
  ] as const) {
    assert.equal(passwordFault(password), fault, JSON.stringify(password))
  }
  assert.equal(passwordFault('1234567', 8), 'too-short')
  assert.equal(isBlank(fromUtf8('\u3000')), true)
  assert.equal(isBlank(fromUtf8(' ä')), false)
})

test('the cache of opened verifiers is bounded and opens each text once', async () => {
  const sealer = testSealer()
  let opened = 0
  const counting = {
    open: (sealed: string, context: string) => {
      opened++
      return sealer.open(sealed, context)
    },
  }
  const cache = new VerifierCache(counting, 2)
  const passwords = await Promise.all(
    ['1', '2', '3'].map((id) => sealPassword(id, 'secret', 'nt-hash', sealer, 0)),
  )
  const open = (n: 0 | 1 | 2) => {
    const password = passwords[n]
    assert.ok(password && cache.open(String(n + 1), password))
    return opened
  }
  assert.deepEqual([open(0), open(0), open(1), open(1), open(2), open(2)], [1, 1, 2, 2, 3, 3])
  assert.equal(open(0), 4)
})

test('the work limit never runs more than its bound, keeps the order, turns the rest away', async () => {
  const limit = new WorkLimit(2, 3)
  let running = 0
  let most = 0
  const done: number[] = []
  const work = (n: number) => async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    done.push(n)
    if (n === 1) throw new Error('broken')
    return n
  }
  const started = [0, 1, 2, 3, 4, 5].map((n) => limit.run(work(n)))
  assert.equal(started[5], undefined)
  const results = await Promise.allSettled(started.slice(0, 5))
  assert.deepEqual(
    results.map(({ status }) => status === 'fulfilled'),
    [true, false, true, true, true],
  )
  assert.equal(most, 2)
  assert.deepEqual(done, [0, 1, 2, 3, 4])
  assert.equal(await limit.run(work(6)), 6)
})
