import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { FakeClock } from '../../kernel/clock.ts'
import type { DirectoryAccount } from '../ldap/account-lookup.ts'
import { WorkLimit } from '../local/work-limit.ts'
import type { AuthenticationOutcome, IdentitySource, Proof } from '../source.ts'
import { afterChange, type KnownAccount, type KnownChange, type KnownName } from './known-account.ts'
import { MOST_GUESSES } from './known-account-store.ts'
import { type KnownAccountOwner, KnownAccounts } from './known-accounts.ts'
import { OfflineSource } from './offline-source.ts'

const HOUR = 3_600_000
const DOWN: AuthenticationOutcome = { kind: 'unavailable', why: 'no answer within 2500 ms' }
const WHOLE = 'ada@x.test'
const CERTIFICATE: Proof = { form: 'certificate', fingerprint: 'ff01' }
const password = (text: string): Proof => ({ form: 'password', password: fromUtf8(text) })

/** The owner's rules without its database; `known-account-store.test.ts` has that. */
class MemoryOwner implements KnownAccountOwner {
  readonly known = new Map<string, KnownAccount>()
  changes = 0
  last: KnownChange | undefined
  guesses = 0

  async change(changes: Parameters<KnownAccountOwner['change']>[0]): Promise<void> {
    for (const change of changes) {
      this.changes++
      this.last = change
      const id = JSON.stringify(change.name)
      const after = afterChange(this.known.get(id), change)
      if (after === undefined) this.known.delete(id)
      else this.known.set(id, after)
    }
  }

  async find(name: KnownName): Promise<KnownAccount | undefined> {
    return this.known.get(JSON.stringify(name))
  }

  async guess(name: KnownName) {
    if (this.guesses >= MOST_GUESSES) return 'too-many-guesses'
    this.guesses++
    return (await this.find(name)) ?? 'unknown'
  }

  async guessedRight(): Promise<void> {
    this.guesses = 0
  }
}

function house(settings = { certificateHours: 12, passwordHours: 24 }) {
  const clock = new FakeClock()
  const owner = new MemoryOwner()
  const hashing = new WorkLimit(1, 10)
  const start = () =>
    new KnownAccounts({
      ...{ owner, place: 'ad', settings, clock, hashing, checking: new WorkLimit(2, 2) },
      failed: (error) => assert.fail(String(error)),
    })
  let known = start()
  let says: AuthenticationOutcome = DOWN
  const served: string[] = []
  const inner: IdentitySource = {
    ...{ name: 'ad', kind: 'ldap', forms: new Set(['password', 'certificate'] as const) },
    authenticate: async () => says,
    resolve: async () => says,
  }
  let source = new OfflineSource(inner, known, (by) => served.push(by))
  const user = { id: 'ad/1', name: 'ada', source: 'ad', groups: ['staff'], attributes: {} }
  const account = (more: Partial<DirectoryAccount> = {}): DirectoryAccount => ({
    ...{ dn: 'cn=ada', user: { ...user, lookup: 'live' }, passwordStamp: '1', ...more },
  })
  return {
    clock,
    owner,
    served,
    /** What the directory says from now on. */
    directory: (outcome: AuthenticationOutcome) => {
      says = outcome
    },
    looksUp: (more?: Partial<DirectoryAccount>) =>
      known.learned('ada', WHOLE, { kind: 'found', account: account(more) }),
    learns: (word: Parameters<KnownAccounts['learned']>[2]) => known.learned('ada', WHOLE, word),
    /** A login while the directory is well; resolves once its password is hashed. */
    logsIn: async (proof: Proof) => {
      says = { kind: 'authenticated', user: { ...user, lookup: 'live' } }
      await source.authenticate('ada', proof, { wholeName: WHOLE })
      await hashing.run(async () => undefined)
      await hashing.run(async () => undefined)
      says = DOWN
    },
    hashed: () => hashing.run(async () => undefined),
    ask: (proof: Proof) => source.authenticate('ada', proof, { wholeName: WHOLE }),
    askLive: (proof: Proof) => source.authenticate('ada', proof, { wholeName: WHOLE, isLiveOnly: true }),
    resolveLive: () =>
      source.resolve?.('ada', { by: 'certificate', at: clock.now() }, { wholeName: WHOLE, isLiveOnly: true }),
    resume: async (by: 'password' | 'certificate') =>
      (await source.resolve?.('ada', { by, at: clock.now() }, { wholeName: WHOLE })) ??
      assert.fail('no resolve'),
    restart: () => {
      known = start()
      source = new OfflineSource(inner, known, (by) => served.push(by))
    },
  }
}

function assertServed(outcome: AuthenticationOutcome): void {
  assert.ok(outcome.kind === 'authenticated', JSON.stringify(outcome))
  assert.equal(outcome.user.lookup, 'offline')
  assert.deepEqual(outcome.user.groups, ['staff'])
}

function assertSilent(outcome: AuthenticationOutcome, why: RegExp): void {
  assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
  assert.match(outcome.why, why)
}

test('ok/a certificate the directory knew: its last word on account and groups, after a restart too', async () => {
  const { looksUp, logsIn, ask, resume, restart, served } = house()
  looksUp()
  await logsIn(CERTIFICATE)
  assertServed(await ask(CERTIFICATE))
  restart()
  assertServed(await ask(CERTIFICATE))
  assertServed(await resume('certificate'))
  assert.deepEqual(served, ['certificate', 'certificate', 'certificate'])
})

test('ok/the last good password, against its hash, after a restart too', async () => {
  const { looksUp, logsIn, ask, restart, served } = house()
  looksUp()
  await logsIn(password('right'))
  assertServed(await ask(password('right')))
  restart()
  assertServed(await ask(password('right')))
  assert.deepEqual(served, ['password', 'password'])
})

test('fail/what our own shield keeps from a directory that answers, nothing stands in for', async () => {
  const { looksUp, logsIn, ask, directory, served } = house()
  looksUp()
  await logsIn(password('right'))
  directory({ kind: 'unavailable', why: 'too many attempts', isUnasked: true })
  assertSilent(await ask(password('right')), /too many attempts$/)
  assert.deepEqual(served, [])
})

test('fail/a wrong password is silence, not a reject, and no accept', async () => {
  const { looksUp, logsIn, ask, served } = house()
  looksUp()
  await logsIn(password('right'))
  assertSilent(await ask(password('wrong')), /proves nothing/)
  assertSilent(await ask(password('')), /empty/)
  assert.deepEqual(served, [])
})

test('fail/guesses are bounded, also for the right password after them', async () => {
  const { looksUp, logsIn, ask } = house()
  looksUp()
  await logsIn(password('right'))
  for (let guess = 0; guess < MOST_GUESSES; guess++) await ask(password(`wrong ${guess}`))
  assertSilent(await ask(password('right')), /too many wrong passwords/)
})

test('fail/a certificate the directory never saw, or of another holder, is silence', async () => {
  const { looksUp, logsIn, ask } = house()
  looksUp()
  await logsIn(CERTIFICATE)
  assertSilent(await ask({ form: 'certificate', fingerprint: 'ff02' }), /never saw this certificate/)
  assertSilent(await ask({ ...CERTIFICATE, holder: 'ad/2' }), /another account/)
  assertServed(await ask({ ...CERTIFICATE, holder: 'ad/1' }))
})

test('fail/a proof of one kind does not make the other good', async () => {
  const { looksUp, logsIn, ask } = house()
  looksUp()
  await logsIn(CERTIFICATE)
  assertSilent(await ask(password('right')), /no password/)
})

test('fail/other proofs, and sessions by password, are never served', async () => {
  const { looksUp, logsIn, ask, resume } = house()
  looksUp()
  await logsIn(password('right'))
  const octets = new Uint8Array(16)
  assertSilent(await ask({ form: 'mschap', challenge: octets, ntResponse: octets }), /^no answer within/)
  assertSilent(await resume('password'), /^no answer within 2500 ms$/)
})

test('fail/an account last known barred, by a look-up or by a bind, is never served', async () => {
  const byLookup = house()
  byLookup.looksUp({ barred: { kind: 'disabled' } })
  assert.deepEqual(byLookup.owner.last?.kind === 'gone' && byLookup.owner.last.account?.id, 'ad/1')
  byLookup.looksUp()
  await byLookup.logsIn(CERTIFICATE)
  byLookup.looksUp({ barred: { kind: 'disabled' } })
  assertSilent(await byLookup.ask(CERTIFICATE), /nothing is known/)
  for (const kind of ['disabled', 'outside-logon-hours'] as const) {
    const { looksUp, logsIn, ask, directory } = house()
    looksUp()
    await logsIn(CERTIFICATE)
    await logsIn(password('right'))
    directory({ kind })
    await ask(password('right'))
    directory(DOWN)
    assertSilent(await ask(CERTIFICATE), /nothing is known/)
    assertSilent(await ask(password('right')), /no password/)
  }
})

test('fail/a password that lets nobody in any more is not served; a certificate is', async () => {
  for (const kind of ['locked', 'must-change-password', 'password-expired'] as const) {
    const { looksUp, logsIn, ask, directory } = house()
    looksUp()
    await logsIn(CERTIFICATE)
    await logsIn(password('right'))
    directory(kind === 'password-expired' ? { kind, since: '2026-01-01T00:00:00Z' } : { kind })
    await ask(password('right'))
    directory(DOWN)
    assertServed(await ask(CERTIFICATE))
    assertSilent(await ask(password('right')), /no password/)
  }
  const { looksUp, logsIn, ask } = house()
  looksUp()
  await logsIn(password('right'))
  looksUp({ passwordBarred: { kind: 'locked' } })
  assertSilent(await ask(password('right')), /no password/)
})

test('fail/an account that is gone, or left the group DN, is never served', async () => {
  for (const kind of ['not-found', 'outside-group'] as const) {
    const { looksUp, logsIn, ask, learns } = house()
    looksUp()
    await logsIn(CERTIFICATE)
    learns({ kind })
    assertSilent(await ask(CERTIFICATE), /nothing is known/)
  }
})

test('fail/a password that was changed since is not served', async () => {
  const { looksUp, logsIn, ask } = house()
  looksUp()
  await logsIn(password('right'))
  looksUp({ passwordStamp: '2' })
  assertSilent(await ask(password('right')), /no password/)
})

test('fail/a password that is refused while it is hashed is not kept', async () => {
  for (const kind of ['wrong-password', 'must-change-password'] as const) {
    const { looksUp, ask, directory, hashed, owner } = house()
    looksUp()
    const user = { id: 'ad/1', name: 'ada', source: 'ad', groups: ['staff'], attributes: {} }
    directory({ kind: 'authenticated', user })
    await ask(password('right'))
    directory({ kind })
    await ask(password('right'))
    await hashed()
    await hashed()
    assert.deepEqual(
      [...owner.known.values()].map((known) => known.password),
      [undefined],
    )
  }
})

test('ok/the same password after it was set anew is kept again', async () => {
  const { looksUp, logsIn, ask } = house()
  looksUp()
  await logsIn(password('right'))
  looksUp({ passwordStamp: '2' })
  await logsIn(password('right'))
  assertServed(await ask(password('right')))
})

test('fail/a password the directory took and then refused is not served', async () => {
  const { looksUp, logsIn, ask, directory } = house()
  looksUp()
  await logsIn(password('right'))
  directory({ kind: 'wrong-password' })
  await ask(password('other'))
  directory(DOWN)
  assertServed(await ask(password('right')))
  directory({ kind: 'wrong-password' })
  await ask(password('right'))
  directory(DOWN)
  assertSilent(await ask(password('right')), /no password/)
})

test('fail/nothing is served past its hours, by a clock set back, or once time may have barred it', async () => {
  const old = house()
  old.looksUp()
  await old.logsIn(CERTIFICATE)
  await old.logsIn(password('right'))
  old.clock.advance(12 * HOUR)
  assertSilent(await old.ask(CERTIFICATE), /too old/)
  assertServed(await old.ask(password('right')))
  old.clock.advance(12 * HOUR)
  assertSilent(await old.ask(password('right')), /too old/)
  old.clock.advance(-48 * HOUR)
  assertSilent(await old.ask(CERTIFICATE), /too old/)

  const expiring = house()
  expiring.looksUp({ goodUntil: expiring.clock.now() + HOUR })
  await expiring.logsIn(CERTIFICATE)
  expiring.clock.advance(HOUR)
  assertSilent(await expiring.ask(CERTIFICATE), /may have expired/)
})

test('fail/zero hours serve nothing, and keep no hash', async () => {
  const { looksUp, logsIn, ask, owner } = house({ certificateHours: 0, passwordHours: 0 })
  looksUp()
  await logsIn(CERTIFICATE)
  await logsIn(password('right'))
  assertSilent(await ask(CERTIFICATE), /certificateHours/)
  assertSilent(await ask(password('right')), /passwordHours/)
  assert.equal(owner.known.size, 0)
  const certificatesOnly = house({ certificateHours: 12, passwordHours: 0 })
  certificatesOnly.looksUp()
  await certificatesOnly.logsIn(password('right'))
  assert.deepEqual(
    [...certificatesOnly.owner.known.values()].map((known) => known.password),
    [undefined],
  )
})

test('fail/the store thread is late: nobody waits longer than half a second', { timeout: 5000 }, async () => {
  const { looksUp, logsIn, ask, owner } = house()
  looksUp()
  await logsIn(CERTIFICATE)
  owner.find = () => new Promise(() => undefined)
  assertSilent(await ask(CERTIFICATE), /nothing is known/)
})

test('ok/the same login again tells the store thread nothing', async () => {
  const { looksUp, logsIn, owner } = house()
  looksUp()
  await logsIn(password('right'))
  const { changes } = owner
  for (let login = 0; login < 20; login++) {
    looksUp()
    await logsIn(password('right'))
  }
  assert.equal(owner.changes, changes)
})

test('fail/where more than a login rests on it, nothing stands in for the directory', async () => {
  const { looksUp, logsIn, ask, askLive, resume, resolveLive, served } = house()
  looksUp()
  await logsIn(CERTIFICATE)
  await logsIn(password('right'))
  assertServed(await ask(CERTIFICATE))
  assertServed(await ask(password('right')))
  assertServed(await resume('certificate'))
  const before = served.length
  assert.equal((await askLive(CERTIFICATE)).kind, 'unavailable')
  assert.equal((await askLive(password('right'))).kind, 'unavailable')
  assert.equal((await resolveLive())?.kind, 'unavailable')
  assert.equal(served.length, before)
})
