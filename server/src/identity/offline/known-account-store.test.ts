import assert from 'node:assert/strict'
import { it } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import { Sealer } from '../../kernel/seal.ts'
import { forEachEngine } from '../../store/testing.ts'
import type { KnownAccount, KnownChange, KnownName, ToldAccount } from './known-account.ts'
import { KnownAccountStore, MOST_GUESSES } from './known-account-store.ts'

const HOUR = 3_600_000
const ADA: KnownName = { place: 'ad', key: 'ada' }
const VERIFIER = '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndGFn'

forEachEngine(({ open }) => {
  async function house() {
    const database = await open()
    const clock = new FakeClock()
    const sealer = new Sealer([{ id: 'k1', key: Buffer.alloc(32, 1) }])
    const start = () => new KnownAccountStore({ database, sealer, clock })
    const account = (more: Partial<ToldAccount> = {}): ToldAccount => ({
      user: { id: 'ad/1', name: 'ada', source: 'ad', groups: ['staff'], attributes: { mail: 'ada@x.test' } },
      saidAt: clock.now(),
      passwordStamp: '1',
      keepUntil: clock.now() + 12 * HOUR,
      ...more,
    })
    const proved = (certificate?: string): KnownChange => ({
      ...{ kind: 'proved', name: ADA, account: account() },
      ...(certificate !== undefined && { certificate }),
    })
    const password = (passwordStamp = '1'): KnownChange => ({
      ...{ kind: 'password', name: ADA, passwordStamp },
      password: { verifier: VERIFIER, takenAt: clock.now() },
    })
    const store = start()
    /** What another process finds: the memory of this one is gone. */
    const afterRestart = async (): Promise<KnownAccount | undefined> => {
      await store.write()
      return await start().find(ADA)
    }
    return { database, clock, store, account, proved, password, afterRestart }
  }

  it('ok/what a login proved is known at once, and after a restart', async () => {
    const { store, proved, password, afterRestart } = await house()
    await store.change([proved('ff01'), password()])
    for (const known of [await store.find(ADA), await afterRestart()]) {
      assert.deepEqual(known?.user.groups, ['staff'])
      assert.deepEqual(known?.certificates, ['ff01'])
      assert.equal(known?.password?.verifier, VERIFIER)
    }
  })

  it('fail/the table tells no name, no group and no verifier', async () => {
    const { database, store, proved, password } = await house()
    await store.change([proved('ff01'), password()])
    await store.write()
    const rows = JSON.stringify(await database.kysely.selectFrom('directory_verifiers').selectAll().execute())
    assert.ok(rows.includes('sealed:v1'))
    for (const secret of ['ada', 'staff', 'argon2', 'ff01']) assert.ok(!rows.includes(secret), secret)
  })

  it('fail/a row under the id of another account does not open', async () => {
    const { database, store, proved } = await house()
    const bob = { place: 'ad', key: 'bob' }
    await store.change([proved(), { ...proved(), name: bob } as KnownChange])
    await store.write()
    const [one, two] = await database.kysely.selectFrom('directory_verifiers').selectAll().execute()
    assert.ok(one !== undefined && two !== undefined)
    await database.kysely
      .updateTable('directory_verifiers')
      .set({ account_sealed: two.account_sealed })
      .where('id', '=', one.id)
      .execute()
    const fresh = new KnownAccountStore({
      ...{ database, clock: new FakeClock() },
      sealer: new Sealer([{ id: 'k1', key: Buffer.alloc(32, 1) }]),
    })
    const found = await Promise.all([fresh.find(ADA), fresh.find(bob)])
    assert.equal(found.filter((known) => known === undefined).length, 1)
  })

  it('fail/an account that is barred or gone is known no more, before and after a restart', async () => {
    const { store, proved, afterRestart } = await house()
    await store.change([proved()])
    await store.write()
    await store.change([{ kind: 'gone', name: ADA }])
    assert.equal(await store.find(ADA), undefined)
    assert.equal(await afterRestart(), undefined)
  })

  it('fail/an account that is barred under one name is barred under its others, until it is told of again', async () => {
    const { store, proved, clock, account } = await house()
    const whole = { place: 'ad', key: 'ada@x.test' }
    await store.change([proved(), { ...proved(), name: whole } as KnownChange])
    await store.write()
    clock.advance(1000)
    await store.change([{ kind: 'gone', name: ADA, account: { id: 'ad/1', saidAt: clock.now() } }])
    assert.equal(await store.find(whole), undefined)
    // A worker goes on for a while by what it kept from before.
    await store.change([
      { ...proved(), account: account({ saidAt: clock.now() - 1000 }), name: whole } as KnownChange,
    ])
    assert.equal(await store.find(whole), undefined)
    assert.equal((await store.find({ place: 'other', key: 'ada@x.test' }))?.user, undefined)
    clock.advance(1000)
    await store.change([{ kind: 'told', name: whole, account: account() }])
    assert.equal((await store.find(whole))?.user.name, 'ada')
  })

  it('fail/groups and a new password told under one name count under the others', async () => {
    const { store, proved, password, clock, account } = await house()
    const whole = { place: 'ad', key: 'ada@x.test' }
    await store.change([proved('ff01'), password()])
    clock.advance(1000)
    const user = { ...account().user, groups: [] }
    await store.change([{ kind: 'told', name: whole, account: account({ user, passwordStamp: '2' }) }])
    const known = await store.find(ADA)
    assert.deepEqual(known?.user.groups, [])
    assert.equal(known?.password, undefined)
    assert.deepEqual(known?.certificates, ['ff01'])
  })

  it('fail/another password stamp drops the verifier, another account all that was proved', async () => {
    const { store, proved, password, account, afterRestart } = await house()
    await store.change([proved('ff01'), password()])
    await store.write()
    await store.change([{ kind: 'told', name: ADA, account: account({ passwordStamp: '2' }) }])
    const known = await afterRestart()
    assert.equal(known?.password, undefined)
    assert.deepEqual(known?.certificates, ['ff01'])
    const other = { ...account().user, id: 'ad/2' }
    await store.change([{ kind: 'told', name: ADA, account: account({ user: other }) }])
    assert.deepEqual((await afterRestart())?.certificates, [])
  })

  it('fail/a hash that comes late is not kept: the account is gone, or its password another one', async () => {
    const { store, proved, password, afterRestart } = await house()
    await store.change([proved(), { kind: 'gone', name: ADA }, password()])
    assert.equal(await afterRestart(), undefined)
    await store.change([proved(), password('0')])
    assert.equal((await afterRestart())?.password, undefined)
  })

  it('fail/nothing is made known by a look-up alone, and a password can be forgotten', async () => {
    const { store, proved, password, account, afterRestart } = await house()
    await store.change([{ kind: 'told', name: ADA, account: account() }])
    assert.equal(await afterRestart(), undefined)
    await store.change([proved(), password(), { kind: 'password-gone', name: ADA }])
    assert.equal((await afterRestart())?.password, undefined)
  })

  it('fail/what is too old is not found, and deleted in the end', async () => {
    const { database, store, proved, clock } = await house()
    await store.change([proved()])
    await store.write()
    clock.advance(12 * HOUR)
    assert.equal(await store.find(ADA), undefined)
    await store.write()
    assert.deepEqual(await database.kysely.selectFrom('directory_verifiers').selectAll().execute(), [])
  })

  it('fail/guesses are counted before they are made, and end until the directory is back', async () => {
    const { store, proved, password } = await house()
    await store.change([proved(), password()])
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.guess(ADA)))
    assert.equal(answers.filter((answer) => typeof answer === 'object').length, MOST_GUESSES)
    assert.equal(await store.guess(ADA), 'too-many-guesses')
    await store.change([proved()])
    assert.equal(typeof (await store.guess(ADA)), 'object')
    await store.guessedRight(ADA)
    assert.equal(await store.guess({ place: 'ad', key: 'nobody' }), 'unknown')
  })

  it('ok/with the database away the memory answers, and a bar is still one', async () => {
    const { database, store, proved } = await house()
    await store.change([proved()])
    await store.write()
    await database.kysely.schema.alterTable('directory_verifiers').renameTo('elsewhere').execute()
    assert.equal((await store.find(ADA))?.user.name, 'ada')
    await store.change([{ kind: 'gone', name: ADA }])
    assert.equal(await store.find(ADA), undefined)
    assert.ok(store.failures > 0)
    await database.kysely.schema.alterTable('elsewhere').renameTo('directory_verifiers').execute()
    await store.write()
    assert.deepEqual(await database.kysely.selectFrom('directory_verifiers').selectAll().execute(), [])
  })
})
