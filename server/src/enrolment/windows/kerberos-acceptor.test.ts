import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { temporaryFolder } from '@sallyport/lab/process'
import { FakeClock } from '../../kernel/clock.ts'
import { KerberosAcceptor } from './kerberos-acceptor.ts'
import { SeenTokens } from './seen-tokens.ts'

const folder = temporaryFolder('krb-')
after(() => folder[Symbol.dispose]())
/** NegTokenInit, Kerberos first, NTLM as well; then one that prefers NTLM. */
const negotiate = (mechanisms: string, token: string) => {
  const wrap = (tag: string, hex: string) => tag + (hex.length / 2).toString(16).padStart(2, '0') + hex
  const init = wrap('30', wrap('a0', wrap('30', mechanisms)) + token)
  return `Negotiate ${Buffer.from(wrap('60', `06062b0601050502${wrap('a0', init)}`), 'hex').toString('base64')}`
}
const KRB5 = '06092a864886f712010202'
const NTLM = '060a2b06010401823702020a'
const TOKEN = 'a2050403313233'

function acceptor(says: string, more: object = {}) {
  const program = join(folder.path, 'ntlm_auth')
  writeFileSync(program, `#!/bin/sh\nread question\n${says}\n`)
  chmodSync(program, 0o755)
  const settings = { program, deadlineMilliseconds: 3000, atOnce: 2, ...more }
  return new KerberosAcceptor(settings, () => 0)
}

test('ok/whom the ticket names', async () => {
  const answer = await acceptor("echo 'AF oQcw= LAB\\\\WS1$'").accept(negotiate(KRB5 + NTLM, TOKEN))
  assert.deepEqual(answer, { kind: 'proved', account: 'LAB\\WS1$', token: 'oQcw=' })
})

test('fail/NTLM, bare, preferred, or to be chosen later: ntlm_auth is not asked', async () => {
  const it = acceptor("echo 'AF * LAB\\\\administrator'")
  for (const header of [
    `Negotiate ${Buffer.from('NTLMSSP\0\u0001\0\0\0').toString('base64')}`,
    negotiate(NTLM, TOKEN),
    negotiate(NTLM + KRB5, TOKEN),
    negotiate(KRB5, ''),
    'Negotiate',
    'Negotiate !!!',
    'NTLM TlRMTVNTUAAB',
    'Basic YWxpY2U6eA==',
  ])
    assert.equal((await it.accept(header)).kind, 'refused', header)
})

test('fail/a token that was shown before', async () => {
  const it = acceptor("echo 'AF * LAB\\\\alice'")
  assert.equal((await it.accept(negotiate(KRB5, TOKEN))).kind, 'proved')
  assert.equal((await it.accept(negotiate(KRB5, TOKEN))).kind, 'refused')
})

test('fail/another round, a refusal, nonsense, silence, an early end, no program', async () => {
  const header = negotiate(KRB5, TOKEN)
  assert.equal((await acceptor('echo TT abc').accept(header)).kind, 'refused')
  assert.equal((await acceptor('echo NA \\* NT_STATUS_LOGON_FAILURE').accept(header)).kind, 'refused')
  for (const says of ['echo BH why', 'echo AF', "echo 'AF x'", 'exit 1', 'echo hello'])
    assert.equal((await acceptor(says).accept(header)).kind, 'unavailable', says)
  const late = await acceptor('sleep 20', { deadlineMilliseconds: 200 }).accept(header)
  assert.equal(late.kind === 'unavailable' && late.why, 'ntlm_auth did not answer within 200 ms')
  const none = await acceptor('', { program: '/nowhere/ntlm_auth' }).accept(header)
  assert.equal(none.kind, 'unavailable')
})

test('fail/more at once than there is room for', async () => {
  const it = acceptor('sleep 20', { deadlineMilliseconds: 300 })
  const tokens = [1, 2, 3].map((at) => negotiate(KRB5, `a2050403${at}${at}3233`))
  const answers = await Promise.all(tokens.map((header) => it.accept(header)))
  const crowded = answers.filter((one) => one.kind === 'unavailable' && /too many/.test(one.why))
  assert.equal(crowded.length, 1)
})

test("fail/tokens that prove nothing take nobody else's place", async () => {
  const seen = new SeenTokens(() => 0, 2)
  for (const octet of [1, 2, 3]) {
    assert.ok(seen.isNew(Uint8Array.of(octet)))
    seen.forget(Uint8Array.of(octet))
  }
  assert.ok(seen.isNew(Uint8Array.of(4)))
  assert.ok(seen.isNew(Uint8Array.of(5)))
  assert.ok(!seen.isNew(Uint8Array.of(6)))
  // The acceptor forgets them: asked again, ntlm_auth is asked again.
  const it = acceptor("echo 'NA * NT_STATUS_LOGON_FAILURE'")
  for (const _ of [1, 2]) {
    const answer = await it.accept(negotiate(KRB5, TOKEN))
    assert.deepEqual(answer, { kind: 'refused', why: 'NT_STATUS_LOGON_FAILURE' })
  }
})

test('ok/tokens are forgotten after ten minutes', () => {
  const clock = new FakeClock()
  const seen = new SeenTokens(() => clock.monotonic())
  assert.ok(seen.isNew(Uint8Array.of(1)))
  assert.ok(!seen.isNew(Uint8Array.of(1)))
  clock.advance(10 * 60_000)
  assert.ok(seen.isNew(Uint8Array.of(1)))
})
