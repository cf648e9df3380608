import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ALICE } from '../../../enrolment/registration/testing.ts'
import { RequestError } from '../../../kernel/errors.ts'
import type { ProfileInput } from '../../../profiles/profile-input.ts'
import { reason } from '../../../reasons/index.ts'
import { DOCUMENT, openLinksBench, recordingOutput } from '../testing.ts'

const ADMIN = { by: 'administrator', name: 'ada' } as const
const FROM = '192.0.2.1'
const [VPN, BY_PASSWORD] = DOCUMENT.connections
const CHOICE = { connection: VPN.name, output: 'test-file' }
const LEFT = { ...ALICE, groups: ['Guests'] }

async function bench(wish: Parameters<typeof openLinksBench>[0] = {}) {
  const house = await openLinksBench(wish)
  const create = (different: object = {}) =>
    house.links.create({ identity: ALICE, connections: [VPN.name], ...different }, ADMIN)
  const told = () =>
    house.audit.map(({ actor, action, target, outcome, details }) => [
      actor,
      action,
      target,
      outcome,
      details?.reason,
    ])
  const issued = async () =>
    (await house.certificates.list({ limit: 100, status: 'issued' }, house.clock.now())).rows.filter(
      ({ kind }) => kind === 'client',
    )
  return { ...house, create, told, issued }
}

const code = (expected: string) => (error: unknown) =>
  error instanceof RequestError && error.code === expected
const withTemplate = (template: object) => ({
  certificateTemplates: [{ ...DOCUMENT.certificateTemplates[0], ...template }],
})

describe('links', () => {
  it('ok/a link is opened as often as one likes and brings its file once; token and code are one link', async () => {
    const { links, create, store, issued, told, audit } = await bench()
    const { token, code: typed, record } = await create()
    for (const secret of [{ token }, { token }, { code: typed.toLowerCase() }]) {
      const opened = await links.open(secret, FROM)
      assert.ok(opened.kind === 'open')
      assert.deepEqual(
        [opened.person, opened.offers.map(({ guides, ...offer }) => ({ ...offer, guides: guides().length }))],
        [
          'Alice Example',
          [
            {
              connection: { name: VPN.name, title: VPN.name },
              system: 'linux',
              file: { output: 'test-file' },
              guides: 0,
            },
          ],
        ],
      )
    }
    assert.deepEqual(
      [await issued(), (await store.find({ tokenHash: record.token_hash }))?.used_at],
      [[], null],
    )
    const handed = await links.hand({ code: typed }, CHOICE, FROM)
    assert.ok(handed.kind === 'file')
    assert.equal(handed.file.content, '{"user":"alice","certificate":"pkcs12"}')
    for (const secret of [{ token }, { code: typed }]) {
      assert.deepEqual(await links.hand(secret, CHOICE, FROM), { kind: 'gone' })
      assert.deepEqual(await links.open(secret, FROM), { kind: 'gone' })
    }
    assert.equal((await issued()).length, 1)
    assert.deepEqual(audit.at(0)?.details?.createdBy, ADMIN.name)
    assert.deepEqual(told(), [
      ['alice', 'link.use', `/api/v1/links/${record.id}`, 'done', undefined],
      ['alice', 'link.use', `/api/v1/links/${record.id}`, 'refused', 'profile-link-used'],
      ['alice', 'link.use', `/api/v1/links/${record.id}`, 'refused', 'profile-link-used'],
    ])
  })

  it('fail/twenty at the same time: one file, one certificate', async () => {
    const { links, create, issued } = await bench()
    const { token } = await create()
    const hands = await Promise.all(Array.from({ length: 20 }, () => links.hand({ token }, CHOICE, FROM)))
    assert.equal(hands.filter(({ kind }) => kind === 'file').length, 1)
    assert.ok(hands.every(({ kind }) => ['file', 'gone', 'wait'].includes(kind)))
    assert.equal((await issued()).length, 1)
  })

  it('fail/unknown, ended, deleted, used, malformed: one and the same answer', async () => {
    const { links, create, clock } = await bench()
    const [ended, deleted, used] = [await create({ minutes: 1 }), await create(), await create()]
    await links.delete(deleted.record.id)
    await links.hand(used, CHOICE, FROM)
    clock.advance(60_000)
    const secrets = [
      ...[ended, deleted, used].flatMap(({ token, code: typed }) => [{ token }, { code: typed }]),
      ...[{ token: 'A'.repeat(27) }, { token: '' }, { token: '../x' }, { code: 'ABCD-EFGH' }, { code: '' }],
    ]
    for (const secret of secrets) {
      assert.deepEqual(await links.open(secret, `203.0.113.${secrets.indexOf(secret)}`), { kind: 'gone' })
      assert.deepEqual(await links.hand(secret, CHOICE, `203.0.113.${secrets.indexOf(secret)}`), {
        kind: 'gone',
      })
    }
    await assert.rejects(links.delete(used.record.id), code('link-not-found'))
  })

  it('fail/the account was disabled, or left the group, after the link was made: nothing is used up', async () => {
    const { links, create, identities, told, issued } = await bench()
    const { token } = await create()
    identities.answers.set(ALICE.id, {
      kind: 'refused',
      reason: reason('account-disabled', { user: 'alice' }),
    })
    assert.deepEqual(await links.open({ token }, FROM), { kind: 'refused' })
    assert.deepEqual(await links.hand({ token }, CHOICE, FROM), { kind: 'refused' })
    identities.answers.set(ALICE.id, { kind: 'known', identity: LEFT })
    assert.deepEqual(await links.hand({ token }, CHOICE, FROM), { kind: 'refused' })
    assert.deepEqual(
      told().map(([, , , outcome, why]) => [outcome, why]),
      [
        ['refused', 'account-disabled'],
        ['refused', 'enrolment-not-permitted'],
      ],
    )
    const why = reason('source-unavailable', { user: 'alice', why: 'x' })
    identities.answers.set(ALICE.id, { kind: 'unavailable', reason: why })
    assert.deepEqual(await links.hand({ token }, CHOICE, FROM), { kind: 'unavailable' })
    identities.answers.set(ALICE.id, { kind: 'known', identity: ALICE })
    assert.equal((await links.hand({ token }, CHOICE, FROM)).kind, 'file')
    assert.equal((await issued()).length, 1)
  })

  it('fail/what fails while it is made gives the link back, with nothing left behind', async () => {
    const broken = { on: true }
    const output = recordingOutput()
    const make = (input: ProfileInput) => {
      if (broken.on) throw new RequestError('profile-text-unwritable', 'No.')
      return output.make(input)
    }
    const { links, create, revoked } = await bench({ outputs: [{ ...output, make }] })
    const { token } = await create()
    assert.deepEqual(await links.hand({ token }, CHOICE, FROM), { kind: 'refused' })
    assert.equal(revoked.length, 1)
    broken.on = false
    assert.equal((await links.hand({ token }, CHOICE, FROM)).kind, 'file')
  })

  it('ok/the use is stored before anything is made: what dies in between loses the link and makes no second file', async () => {
    const output = recordingOutput()
    const uses: unknown[] = []
    const make = (input: ProfileInput) => {
      uses.push(house.database.kysely.selectFrom('profile_links').select('used_at').execute())
      return output.make(input)
    }
    const house = await bench({ outputs: [{ ...output, make }] })
    const { token } = await house.create()
    await house.links.hand({ token }, CHOICE, FROM)
    const [[row] = []] = (await Promise.all(uses)) as { used_at: number | null }[][]
    assert.equal(row?.used_at, house.clock.now())
  })

  it('fail/a connection, output or password that the page did not offer', async () => {
    const { links, create, told } = await bench()
    const { token } = await create()
    const wrong = [
      { ...CHOICE, connection: BY_PASSWORD.name },
      { ...CHOICE, output: 'apple-mobileconfig' },
      { ...CHOICE, password: 'short' },
    ]
    for (const choice of wrong)
      assert.deepEqual(await links.hand({ token }, choice, FROM), { kind: 'refused' })
    assert.deepEqual(new Set(told().map(([, , , , why]) => why)), new Set(['profile-link-choice']))
    const bound = await create({ system: 'linux' })
    assert.equal((await links.hand(bound, CHOICE, FROM)).kind, 'file')
    await assert.rejects(create({ system: 'apple' }), code('profile-not-possible'))
  })

  it('fail/codes are guessed ten times from one address; links go on', async () => {
    const { links, create } = await bench()
    const { token, code: typed } = await create()
    for (let i = 0; i < 10; i++) assert.equal((await links.open({ code: 'ABCD-EFGH' }, FROM)).kind, 'gone')
    const held = await links.open({ code: typed }, FROM)
    assert.ok(held.kind === 'wait' && held.seconds > 0)
    assert.equal((await links.hand({ code: typed }, CHOICE, FROM)).kind, 'wait')
    assert.equal((await links.open({ code: typed }, '192.0.2.2')).kind, 'open')
    assert.equal((await links.open({ token }, FROM)).kind, 'open')
  })

  it('fail/many codes at the same time: no more are looked at than one after the other', async () => {
    const { links, create, store } = await bench()
    const { code: typed } = await create()
    let looked = 0
    const { find } = store
    store.find = async (secret) => {
      looked++
      return await find.call(store, secret)
    }
    const guesses = Array.from({ length: 200 }, () => links.open({ code: 'ABCD-EFGH' }, FROM))
    const answers = await Promise.all(guesses)
    assert.equal(looked, 10)
    assert.equal(answers.filter(({ kind }) => kind === 'wait').length, 190)
    for (let i = 0; i < 20; i++)
      assert.equal((await links.open({ code: typed }, '192.0.2.2')).kind, 'open', 'a right one is no guess')
  })

  it('fail/refusals of one link do not fill the audit trail', async () => {
    const { links, create, told, clock } = await bench()
    const { token } = await create()
    const wrong = { ...CHOICE, output: 'apple-mobileconfig' }
    for (let i = 0; i < 100; i++) await links.hand({ token }, wrong, FROM)
    assert.equal(told().length, 10)
    clock.advance(60_000)
    assert.equal((await links.hand({ token }, CHOICE, FROM)).kind, 'file')
    assert.equal(told().at(-1)?.[3], 'done')
  })

  it('fail/a template that asks for approval: the link of a person waits, that of an administrator is the approval', async () => {
    const { links, create, identities, issued } = await bench({
      document: withTemplate({ approval: 'required' }),
    })
    const { token } = await create()
    assert.equal((await links.hand({ token }, CHOICE, FROM)).kind, 'file')
    identities.authenticate = async () => ({ kind: 'known', identity: ALICE })
    const wish = { identity: ALICE, connections: [VPN.name] }
    await assert.rejects(links.create(wish, { by: 'person', name: 'alice' }), code('profile-needs-approval'))
    assert.equal((await issued()).length, 1)
  })

  it('fail/approval was asked for after a person made the link: it tells to wait, and nothing is used up', async () => {
    const { links, identities, state } = await bench()
    identities.authenticate = async () => ({ kind: 'known', identity: ALICE })
    const made = await links.ofPerson('alice', Buffer.from('x'), FROM)
    assert.ok(made.kind === 'made')
    const before = state.configuration
    const [template] = before.certificateTemplates
    const connections = before.connections.filter(({ name }) => name === VPN.name)
    state.configuration = {
      ...before,
      connections,
      certificateTemplates: [{ ...template, approval: 'required' } as never],
    }
    assert.deepEqual(await links.open(made, FROM), { kind: 'approval' })
    assert.deepEqual(await links.hand(made, CHOICE, FROM), { kind: 'approval' })
    state.configuration = before
    assert.equal((await links.hand(made, CHOICE, FROM)).kind, 'file')
  })

  it('ok/self-service: name and password bring a link of ten minutes for the connections of the groups', async () => {
    const { links, identities, clock, told, state } = await bench()
    identities.authenticate = async () => ({ kind: 'known', identity: ALICE })
    const made = await links.ofPerson('alice', Buffer.from('x'), FROM)
    assert.ok(made.kind === 'made')
    assert.equal(made.record.expires_at, clock.now() + 600_000)
    const opened = await links.open(made, FROM)
    assert.ok(opened.kind === 'open')
    assert.deepEqual(
      opened.offers.map(({ connection }) => connection.name),
      [VPN.name, BY_PASSWORD.name],
    )
    assert.deepEqual(told(), [['alice', 'link.create', `/api/v1/links/${made.record.id}`, 'done', undefined]])
    // Out of the group meanwhile.
    identities.answers.set(ALICE.id, { kind: 'known', identity: LEFT })
    assert.deepEqual(await links.hand(made, { ...CHOICE, connection: BY_PASSWORD.name }, FROM), {
      kind: 'refused',
    })
    identities.authenticate = async () => ({ kind: 'known', identity: LEFT })
    assert.deepEqual(await links.ofPerson('alice', Buffer.from('x'), FROM), { kind: 'nothing' })
    const why = reason('wrong-password', { user: 'alice' } as never)
    identities.authenticate = async () => ({ kind: 'refused', reason: why })
    assert.deepEqual(await links.ofPerson('alice', Buffer.from('y'), FROM), { kind: 'refused' })
    const { enrolment } = state.configuration
    const off = { ...enrolment, links: { ...enrolment.links, selfService: false } }
    state.configuration = { ...state.configuration, enrolment: off }
    assert.deepEqual(await links.ofPerson('alice', Buffer.from('x'), FROM), { kind: 'gone' })
  })

  it('fail/switched off, a connection that is not there, nothing it could bring', async () => {
    const { links, create, state } = await bench()
    await assert.rejects(create({ connections: ['x'] }), code('connection-not-found'))
    await assert.rejects(create({ identity: LEFT }), code('enrolment-not-permitted'))
    const { token } = await create()
    const { enrolment } = state.configuration
    const off = { ...enrolment, links: { ...enrolment.links, enabled: false } }
    state.configuration = { ...state.configuration, enrolment: off }
    await assert.rejects(create(), code('links-disabled'))
    assert.deepEqual(await links.open({ token }, FROM), { kind: 'gone' })
    assert.deepEqual(await links.hand({ token }, CHOICE, FROM), { kind: 'gone' })
  })

  it('ok/neither token nor code stand in the database or the audit trail', async () => {
    const { links, create, database, audit } = await bench()
    const { token, code: typed } = await create()
    await links.hand({ token }, CHOICE, FROM)
    await links.hand({ code: typed }, CHOICE, FROM)
    const text = JSON.stringify([
      await database.kysely.selectFrom('profile_links').selectAll().execute(),
      audit,
    ])
    assert.ok(!text.includes(token) && !text.includes(typed) && !text.includes(typed.replace('-', '')))
  })
})
