import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { reason } from '../reasons/index.ts'
import { nextUserRevision } from '../store/revision.ts'
import type { Verdict } from './grant-kind.ts'
import { type GrantsUnderTest, openGrants, REVOKE, UNKNOWN } from './testing.ts'

const LEFT: Verdict = {
  verdict: 'undecidable',
  why: reason('grant-undecidable', { client: 'switch', detail: 'no Class' }),
}

describe('intake', () => {
  let grants: GrantsUnderTest
  beforeEach(async () => {
    grants = await openGrants()
    grants.kind.add(3)
  })
  afterEach(() => grants.close())

  const note = (fact: 'user' | 'certificate', key: string) =>
    grants.store.note({ at: 1, fact, key, cause: 'c', asked_by: 'ada', config_version: 0 })

  it('ok/grants that stay as they are enter nothing', async () => {
    await grants.note()
    assert.equal(await grants.intake.all(false), 'changes')
    assert.deepEqual(await grants.list(), [])
    assert.equal(await grants.intake.all(false), 'nothing', 'the note is done with')
  })

  it('ok/who asked, why, and what is different are kept', async () => {
    grants.kind.verdict = () => REVOKE
    await note('user', 'alice')
    await grants.intake.some()
    assert.deepEqual(grants.kind.listed, [{ fact: 'user', key: 'alice' }])
    const [entry] = await grants.list()
    assert.deepEqual(
      [entry?.cause, entry?.askedBy, entry?.reason, entry?.changes, entry?.decisionId, entry?.configVersion],
      ['c', 'ada', REVOKE.verdict === 'revoke' ? REVOKE.why : '', ['user.groups lost "Staff"'], 'd1', 1],
    )
  })

  it('fail/a note of a version this node does not serve yet waits', async () => {
    grants.kind.verdict = () => REVOKE
    await grants.note(2)
    assert.equal(await grants.intake.all(false), 'nothing')
    assert.deepEqual(grants.kind.listed, [])
    grants.served.version = 2
    assert.equal(await grants.intake.all(false), 'changes')
    assert.equal((await grants.list()).length, 3)
  })

  it('fail/died while looking: the note is still there, and nothing is entered twice', async () => {
    let seen = 0
    grants.kind.verdict = () => {
      if (++seen === 2) throw new Error('killed')
      return REVOKE
    }
    await grants.note()
    await assert.rejects(grants.intake.all(false), /killed/)
    assert.equal(await grants.intake.all(false), 'changes')
    assert.equal((await grants.list()).length, 3)
  })

  it('ok/users by revision: one by name, many as everything', async () => {
    const write = (count: number) =>
      grants.database.kysely.transaction().execute(async (transaction) => {
        const revision = await nextUserRevision(grants.database, transaction)
        for (let index = 0; index < count; index++) {
          const name = `u${revision}-${index}`
          const now = { created_at: 1, updated_at: 1, password_storage: null, password_sealed: null }
          await transaction
            .insertInto('users')
            .values({
              ...{ id: name, name, name_key: name, source: 'local', revision, ...now },
              ...{ password_changed_at: null, must_change_password: 0, password_never_expires: 0 },
              ...{ disabled: 0, expires_at: null, logon_hours: null, attributes: '{}' },
              ...{ failures: 0, last_failure_at: null, locked_until: null },
            })
            .execute()
        }
      })
    await write(2)
    await grants.intake.some()
    assert.deepEqual(grants.kind.listed, [
      { fact: 'user', key: 'u1-0' },
      { fact: 'user', key: 'u1-1' },
    ])
    await grants.intake.some()
    assert.equal(grants.kind.listed.length, 2)
    await write(201)
    await grants.intake.some()
    assert.equal(grants.kind.listed.length, 2, 'left to the look at everything')
    assert.equal(await grants.intake.all(false), 'changes')
    assert.deepEqual(grants.kind.listed[2], { fact: 'all' })
  })

  it('fail/what cannot be told now waits in the outbox; what cannot be told at all is listed and left', async () => {
    grants.kind.verdict = ({ id }) => (id.endsWith('0') ? UNKNOWN : LEFT)
    await grants.note()
    await grants.intake.all(false)
    const states = (await grants.list()).map(({ state, action }) => `${state} ${action}`).sort()
    assert.deepEqual(states, ['left undecided', 'left undecided', 'waiting undecided'])
  })

  it('ok/a sweep finds what time changed, leaves out what it cannot tell, and comes back to it', async () => {
    grants.kind.verdict = ({ id }) => (id.endsWith('0') ? REVOKE : id.endsWith('1') ? UNKNOWN : LEFT)
    assert.equal(await grants.intake.all(true), 'sweep')
    const entries = await grants.list()
    assert.deepEqual(
      entries.map(({ cause, action }) => [cause, action]),
      [['time', 'revoke']],
    )
    grants.kind.verdict = () => REVOKE
    await grants.intake.all(true)
    assert.equal((await grants.list()).length, 3)
  })

  it('ok/a sweep makes way for a change', async () => {
    grants.kind.add(200, 'gate')
    let seen = 0
    grants.kind.verdict = () => {
      if (++seen === 10) void grants.note()
      return { verdict: 'keep' }
    }
    await grants.intake.all(true)
    assert.ok(seen < 200, `${seen} looked at`)
    assert.equal(await grants.intake.all(false), 'changes')
  })

  it('ok/many certificates at once are one look at everything', async () => {
    grants.kind.verdict = () => REVOKE
    for (let serial = 0; serial < 200; serial++) await note('certificate', `${serial}`)
    await grants.intake.some()
    assert.deepEqual(grants.kind.listed, [])
    assert.equal(await grants.intake.all(false), 'changes')
    assert.deepEqual(grants.kind.listed, [{ fact: 'all' }])
    assert.equal((await grants.list()).length, 3)
  })
})
