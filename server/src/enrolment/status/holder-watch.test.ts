import assert from 'node:assert/strict'
import { it } from 'node:test'
import pino from 'pino'
import { UserStore } from '../../identity/local/user-store.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { reason } from '../../reasons/index.ts'
import { forEachEngine } from '../../store/testing.ts'
import type { IdentityAnswer } from '../registration/requester.ts'
import { CertificateStatusStore } from './certificate-status-store.ts'
import { HolderStore } from './holder-store.ts'
import { HolderWatch } from './holder-watch.ts'
import { StatusActions } from './status-action.ts'

const GONE: IdentityAnswer = { kind: 'refused', reason: reason('account-disabled', { user: 'bob' }) }
const DOWN: IdentityAnswer = { kind: 'unavailable', reason: reason('source-unavailable', { user: 'bob' }) }

forEachEngine(({ open }) => {
  async function house(rule: 'hold' | 'revoke' | 'nothing' = 'hold') {
    const database = await open()
    const clock = new FakeClock()
    const users = new UserStore(database, clock)
    await users.create({ id: 'u1', name: 'alice', source: 'local' })
    for (const [serial, holder_id] of [
      ['4a01', 'u1'],
      ['4b01', 'ad/1'],
    ] as const) {
      await database.kysely
        .insertInto('certificates')
        .values({
          ...{ serial, holder_id, holder_name: holder_id, kind: 'client', subject: 'CN=x', status: 'issued' },
          ...{ created_at: 0, not_before: 0, not_after: clock.now() + 1000, issuer_key: 'ab', pem: null },
          ...{ fingerprint: serial, key_sealed: null, revoked_at: null, revocation_reason: null },
        })
        .execute()
    }
    const directory = { answer: DOWN as IdentityAnswer }
    const log = pino({ level: 'silent' })
    const actions = new StatusActions({
      store: new CertificateStatusStore(database),
      crls: { publish: async () => ({ lists: [], failures: [] }) },
      tellLogins: async () => true,
      tellOcsp: async () => {},
      ...{ clock, log },
    })
    const identities = { byId: async () => directory.answer }
    const read = new HolderStore(database)
    const watch = new HolderWatch({ read, actions, identities, rule: () => rule, clock, log })
    await watch.changed()
    const statusOf = async (serial: string) =>
      (
        await database.kysely
          .selectFrom('certificates')
          .select('status')
          .where('serial', '=', serial)
          .executeTakeFirst()
      )?.status
    const disable = async (disabled: boolean) => {
      await users.update('u1', { disabled })
      await watch.changed()
    }
    return { users, watch, actions, directory, statusOf, disable }
  }

  it('ok/a disabled account holds its certificates, enabling releases them', async () => {
    const { statusOf, disable } = await house()
    await disable(true)
    assert.deepEqual([await statusOf('4a01'), await statusOf('4b01')], ['held', 'issued'])
    await disable(false)
    assert.equal(await statusOf('4a01'), 'issued')
  })

  it('fail/what an administrator holds is not released by enabling the account', async () => {
    const { actions, statusOf, disable } = await house()
    await actions.run({ serial: '4a01', to: 'held', askedBy: 'admin' })
    await disable(true)
    await disable(false)
    assert.equal(await statusOf('4a01'), 'held')
  })

  it('ok/a deleted account revokes; a rule may revoke at once, or leave all as it is', async () => {
    const deleted = await house()
    await deleted.users.delete('u1')
    await deleted.watch.changed()
    assert.equal(await deleted.statusOf('4a01'), 'revoked')
    const strict = await house('revoke')
    await strict.disable(true)
    assert.equal(await strict.statusOf('4a01'), 'revoked')
    const lax = await house('nothing')
    await lax.disable(true)
    assert.equal(await lax.statusOf('4a01'), 'issued')
  })

  it('ok/accounts of a directory are asked about in the sweep; one that does not answer changes nothing', async () => {
    const { watch, directory, statusOf } = await house()
    await watch.sweep()
    assert.equal(await statusOf('4b01'), 'issued')
    directory.answer = GONE
    await watch.sweep()
    assert.equal(await statusOf('4b01'), 'held')
    directory.answer = DOWN
    await watch.sweep()
    assert.equal(await statusOf('4b01'), 'held')
  })
})
