import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { keyOfUser } from './test/fake-ntlm-auth.ts'
import { Winbind, type WinbindSettings } from './winbind.ts'

const FAKE = join(import.meta.dirname, 'test/fake-ntlm-auth.ts')
const PROOF = { challenge: new Uint8Array(8), ntResponse: new Uint8Array(24) }
const monotonic = (): number => performance.now()

function winbind({ mode, ...settings }: Partial<WinbindSettings> & { mode?: string } = {}) {
  const args = mode === undefined ? [FAKE] : [FAKE, mode]
  const asked = new Winbind(
    {
      command: { program: process.execPath, args },
      processes: 2,
      deadlineMilliseconds: 5000,
      ...settings,
    },
    { monotonic },
  )
  return {
    asked,
    check: (name: string) => asked.check({ name, domain: undefined }, PROOF),
    [Symbol.dispose]: () => asked.close(),
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

test('ok/each question gets its own answer, also after refusals, which ntlm_auth ends twice', async () => {
  using it = winbind()
  const names = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? `wrong-${i}` : `user-${i}`))
  const answers = await Promise.all(names.map((name) => it.check(name)))
  for (const [i, answer] of answers.entries()) {
    const name = names[i] ?? ''
    if (name.startsWith('wrong'))
      assert.deepEqual(answer, { kind: 'refused', status: 'NT_STATUS_WRONG_PASSWORD' })
    else {
      assert.equal(answer.kind, 'right')
      assert.equal(answer.kind === 'right' && toHex(answer.userSessionKey).toUpperCase(), keyOfUser(name))
    }
  }
  assert.equal(it.asked.pids.length, 2)
})

test('fail/an answer to a question that was not asked is nobody’s', async () => {
  using it = winbind({ processes: 1 })
  assert.equal((await it.check('twice')).kind, 'right')
  // The second frame ends the helper, before the next question or as its answer.
  const next = await it.check('wrong-1')
  assert.notEqual(next.kind, 'right')
  assert.deepEqual(await it.check('wrong-2'), { kind: 'refused', status: 'NT_STATUS_WRONG_PASSWORD' })
})

test('fail/what is no word about the user is unavailable, never a wrong password', async () => {
  using it = winbind({ processes: 1 })
  for (const [name, why] of [
    ['denied', /trust this machine/],
    ['unheard', /Words nobody has heard before/],
  ] as const) {
    const answer = await it.check(name)
    assert.equal(answer.kind, 'unavailable')
    assert.match(answer.kind === 'unavailable' ? answer.why : '', why)
  }
  assert.equal((await it.check('user')).kind, 'right')
  assert.equal((await it.check('silent')).kind, 'unavailable')
  assert.equal((await it.check('keyless')).kind, 'unavailable')
  assert.equal((await it.check('user')).kind, 'right')
})

test('fail/a helper that hangs, crashes or never stops talking is replaced', async () => {
  using it = winbind({ processes: 1, deadlineMilliseconds: 1000 })
  assert.equal((await it.check('user')).kind, 'right')
  const [hung = 0] = it.asked.pids
  const begin = performance.now()
  const late = await it.check('hang')
  assert.equal(late.kind === 'unavailable' && late.why, 'winbind did not answer within 1000 ms')
  assert.ok(performance.now() - begin < 1800)
  assert.ok(await gone(hung))
  assert.equal((await it.check('user')).kind, 'right')
  assert.equal((await it.check('crash')).kind, 'unavailable')
  assert.equal((await it.check('user')).kind, 'right')
  assert.equal((await it.check('endless')).kind, 'unavailable')
  assert.equal((await it.check('user')).kind, 'right')
})

test('fail/a program that does not stay alive is named and not started without rest', async () => {
  using it = winbind({ mode: 'dies' })
  const answers = [await it.check('user'), await it.check('user')]
  for (const answer of answers)
    assert.match(answer.kind === 'unavailable' ? answer.why : '', /no such option/)
  using missing = winbind({ command: { program: '/nowhere/ntlm_auth', args: [] } })
  const answer = await missing.check('user')
  assert.match(answer.kind === 'unavailable' ? answer.why : '', /ENOENT/)
})

test('fail/more questions than can be answered in time are turned away', async () => {
  using it = winbind({ processes: 1, deadlineMilliseconds: 1500 })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => it.check(i === 0 ? 'hang' : 'user')),
  )
  const why = answers.map((answer) => (answer.kind === 'unavailable' ? answer.why : answer.kind))
  assert.equal(why.filter((each) => each === 'too many logins wait for ntlm_auth').length, 100 - 1 - 64)
})

test('ok/after several silences it is not asked, and asked again when a probe is answered', async () => {
  using it = winbind()
  for (let i = 0; i < 3; i++) assert.equal((await it.check('unready')).kind, 'unavailable')
  assert.notEqual(it.asked.state.servers[0]?.breaker, 'closed')
  const refused = await it.check('user')
  assert.match(refused.kind === 'unavailable' ? refused.why : '', /winbind cannot be asked/)
  for (let i = 0; i < 100 && it.asked.state.servers[0]?.breaker !== 'closed'; i++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal((await it.check('user')).kind, 'right')
})

test('fail/a name that C would cut is asked of nobody', async () => {
  using it = winbind()
  for (const name of ['user\0x', 'u'.repeat(256), ''])
    assert.deepEqual(await it.check(name), { kind: 'refused', status: 'NT_STATUS_NO_SUCH_USER' })
  assert.deepEqual(it.asked.pids, [])
})

test('ok/closing ends the helpers and answers who waits', async () => {
  const it = winbind()
  await it.check('user')
  const hanging = it.check('hang')
  const { pids } = it.asked
  it.asked.close()
  assert.equal((await hanging).kind, 'unavailable')
  assert.equal((await it.check('user')).kind, 'unavailable')
  for (const pid of pids) assert.ok(await gone(pid))
})

test('ok/the helpers end with the server, also when it is killed', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test/two-helpers.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data))),
  )
  const pids = JSON.parse(line) as number[]
  assert.equal(pids.length, 2)
  child.kill('SIGKILL')
  for (const pid of pids) assert.ok(await gone(pid), `helper ${pid} is still there`)
})
