import assert from 'node:assert/strict'
import { it } from 'node:test'
import type {
  AcmeAccountTable,
  AcmeAuthorizationTable,
  AcmeKeyTable,
  AcmeOrderTable,
} from '../../store/schema.ts'
import { forEachEngine } from '../../store/testing.ts'
import { AcmeStore, ATTEMPT_MILLISECONDS } from './acme-store.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-01-05')

const key = (id: string): AcmeKeyTable => ({
  ...{
    id,
    template: 'web',
    mac_key_sealed: 'sealed',
    account_name: null,
    holder_id: null,
    names: '[]',
    note: '',
  },
  ...{ created_at: NOW, created_by: 'ada', expires_at: NOW + DAY, acme_account: null, used_at: null },
})

const account = (id: string, keyId: string | null = null): AcmeAccountTable => ({
  ...{
    id,
    template: 'web',
    key_place: `web/${id}`,
    jwk: '{}',
    status: 'valid',
    contacts: '[]',
    key_id: keyId,
  },
  ...{
    account_name: null,
    holder_id: null,
    names: '[]',
    created_at: NOW,
    created_from: '192.0.2.1',
    seen_at: NOW,
  },
})

const order = (id: string, of: string, more: Partial<AcmeOrderTable> = {}): AcmeOrderTable => ({
  ...{ id, account: of, status: 'pending', identifiers: '[]', created_at: NOW, expires_at: NOW + DAY },
  ...{ error: null, request: null, request_id: null, serial: null, chain: null, replaces: null },
  ...more,
})

const authorization = (id: string, of: string, by: string, position = 0): AcmeAuthorizationTable => ({
  ...{ id, account: by, order_id: of, position, identifier: '{"type":"dns","value":"a"}', wildcard: 0 },
  ...{ status: 'pending', expires_at: NOW + DAY, challenges: '[]', attempted: null, validated_at: null },
  ...{ error: null, attested_key: null },
})

const proved = { status: 'valid', validated_at: NOW, error: null, attested_key: null } as const

forEachEngine(({ open }) => {
  const opened = async () => {
    const { kysely } = await open()
    return { kysely, store: new AcmeStore(kysely) }
  }

  it('ok/ a key makes one account, of as many as try at a time', async () => {
    const { store } = await opened()
    assert.equal(await store.createKey(key('k')), true)
    const made = await Promise.all([1, 2, 3, 4, 5].map((at) => store.createAccount(account(`a${at}`, 'k'))))
    assert.equal(made.filter((each) => each === 'made').length, 1)
    assert.equal(made.filter((each) => each === 'external-key-used').length, 4)
    const used = await store.key('k')
    assert.equal((await store.account(used?.acme_account ?? ''))?.key_id, 'k')
    assert.equal(await store.deleteKey('k'), true)
    assert.equal((await store.account(used?.acme_account ?? ''))?.status, 'deactivated')
    assert.equal(await store.deleteKey('k'), false)
  })

  it('fail/ a key that is over, and an account key twice leaves the external key unused', async () => {
    const { store } = await opened()
    await store.createKey({ ...key('old'), expires_at: NOW })
    assert.equal(await store.createAccount(account('a', 'old')), 'external-key-used')
    assert.equal(await store.createAccount(account('a')), 'made')
    await store.createKey(key('new'))
    const same = { ...account('b', 'new'), key_place: 'web/a' }
    assert.equal(await store.createAccount(same), 'key-taken')
    assert.equal((await store.key('new'))?.acme_account, null)
    await store.createAccount(account('c'))
    assert.equal(await store.changeKey('c', 'web/c', 'web/a', '{}'), false)
    assert.equal(await store.changeKey('c', 'web/x', 'web/d', '{}'), false)
    assert.equal(await store.changeKey('c', 'web/c', 'web/d', '{"new":1}'), true)
    assert.equal((await store.accountByKey('web/d'))?.jwk, '{"new":1}')
  })

  it('ok/ an order is ready with its last name, and invalid with its first that fails', async () => {
    const { store } = await opened()
    await store.createAccount(account('a'))
    const names = (of: string) => [authorization(`${of}-1`, of, 'a'), authorization(`${of}-2`, of, 'a', 1)]
    await store.createOrder(order('o', 'a'), names('o'))
    const begun = await Promise.all([1, 2, 3].map(() => store.beginAttempt('o-1', 'http-01', NOW)))
    assert.deepEqual(begun.filter(Boolean).length, 1)
    assert.equal(await store.beginAttempt('o-1', 'dns-01', NOW + ATTEMPT_MILLISECONDS + 1), false)
    assert.equal(await store.beginAttempt('o-1', 'http-01', NOW + ATTEMPT_MILLISECONDS + 1), true)
    await store.endAttempt('o-1', proved)
    assert.equal((await store.order('o'))?.status, 'pending')
    await store.endAttempt('o-2', proved)
    assert.equal((await store.order('o'))?.status, 'ready')
    assert.equal(await store.hasProved('a', '{"type":"dns","value":"a"}', 0, NOW), true)
    assert.equal(await store.hasProved('a', '{"type":"dns","value":"a"}', 1, NOW), false)
    assert.equal(await store.hasProved('a', '{"type":"dns","value":"a"}', 0, NOW + DAY), false)
    const finals = await Promise.all([1, 2, 3].map(() => store.beginFinalize('o', Uint8Array.of(1))))
    assert.equal(finals.filter(Boolean).length, 1)
    await store.endFinalize('o', { status: 'valid', serial: 'ab', chain: 'pem', expires_at: NOW + 90 * DAY })
    await store.endFinalize('o', { status: 'ready' })
    assert.equal((await store.orderBySerial('ab'))?.status, 'valid')

    await store.createOrder(order('p', 'a'), names('p'))
    await store.endAttempt('p-1', proved)
    await store.endAttempt('p-2', { ...proved, status: 'invalid', error: '{}' })
    assert.deepEqual([(await store.order('p'))?.status, (await store.order('p'))?.error], ['invalid', '{}'])
    assert.equal(await store.beginFinalize('p', Uint8Array.of(1)), false)
  })

  it('fail/ a certificate is replaced by one order, while that may still come to one', async () => {
    const { store } = await opened()
    await store.createAccount(account('a'))
    const next = (id: string, more: Partial<AcmeOrderTable> = {}) =>
      store.createOrder(order(id, 'a', { replaces: 'x.y', ...more }), [authorization(`${id}-1`, id, 'a')])
    assert.equal(await next('o'), 'made')
    assert.equal(await next('p'), 'replaced-already')
    await store.endAttempt('o-1', { ...proved, status: 'invalid' })
    assert.equal(await next('q'), 'made')
    assert.equal(await next('r', { created_at: NOW + 2 * DAY, expires_at: NOW + 3 * DAY }), 'made')
  })

  it('ok/ keys nobody used and open accounts that never ordered go; those that did, or have a key, stay', async () => {
    const { store } = await opened()
    await store.createKey(key('unused'))
    await store.createKey(key('used'))
    await store.createAccount(account('keyed', 'used'))
    await store.createAccount(account('idle'))
    await store.createAccount(account('active'))
    await store.createOrder(order('o', 'active', { created_at: NOW + 1 }), [
      authorization('o-1', 'o', 'active'),
    ])
    await store.cleanUp(NOW + 9 * DAY)
    assert.deepEqual(
      (await store.keys(10)).map(({ id }) => id),
      ['used'],
    )
    assert.deepEqual(
      (await store.accounts(10)).map(({ id }) => id),
      ['active', 'keyed'],
    )
  })

  it('ok/ orders go a week after their end, with what proved their names', async () => {
    const { store, kysely } = await opened()
    await store.createAccount(account('a'))
    for (const id of ['o', 'p']) await store.createOrder(order(id, 'a'), [authorization(`${id}-1`, id, 'a')])
    await store.endAttempt('p-1', proved)
    await store.beginFinalize('p', Uint8Array.of(1))
    await store.endFinalize('p', { status: 'valid', serial: 'cd', chain: 'pem', expires_at: NOW + 90 * DAY })
    assert.equal(await store.cleanUp(NOW + 8 * DAY), 0)
    assert.equal(await store.cleanUp(NOW + 8 * DAY + 1), 1)
    assert.equal(await store.order('o'), undefined)
    assert.equal((await store.order('p'))?.serial, 'cd')
    const left = await kysely.selectFrom('acme_authorizations').select('id').execute()
    assert.deepEqual(
      left.map(({ id }) => id),
      ['p-1'],
    )
  })
})
