import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fromHex } from '@sallyport/bytes'
import {
  type Certificate,
  createIssuingCertificate,
  distinguishedName,
  generateKeyPairFor,
  issueCertificate,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { FakeClock } from '../../kernel/clock.ts'
import { ClientCertificateCheck, type CompiledAuthority } from '../client-certificate-check.ts'
import { SqliteIssuedCertificates } from '../issued/issued-certificates.ts'
import { issueToAlice, openAuthorityBench, trustEntries } from '../testing.ts'
import { resolveTrust } from '../trust.ts'
import type { RevocationAnswer } from './revocation-answer.ts'
import { RevocationGate } from './revocation-gate.ts'
import { type RevokedSerials, SqliteRevokedSerials } from './revoked-serials.ts'

const NONE = { anchors: [], intermediates: [], crls: [] }
const RULES = { check: 'required', crlUrls: [], hosts: [], whenUnreachable: 'reject', graceHours: 1 } as const
const AUTHORITY = {
  name: 'partner',
  ...NONE,
  rules: { ...RULES, crlUrls: [], hosts: [] },
} as CompiledAuthority
/** The gate looks at nothing else of a path whose authority must be asked about. */
const path = (name: string) => [{ fingerprint: name, der: new Uint8Array() }] as unknown as Certificate[]

const NOTHING_REVOKED: RevokedSerials = { find: () => undefined }
const NEVER_ASKED = { issued: { has: () => true }, askRecords: () => assert.fail('nobody has to be asked') }

function bench(answer: () => Promise<RevocationAnswer>) {
  const clock = new FakeClock()
  const state = { asked: 0, changes: 0 }
  const gate = new RevocationGate({
    clock,
    changes: () => state.changes,
    own: NOTHING_REVOKED,
    ...NEVER_ASKED,
    ask: () => {
      state.asked++
      return answer()
    },
  })
  const check = async (name = 'x') => (await gate.check(AUTHORITY, path(name), clock.now())).kind
  return { clock, state, gate, check }
}

describe('the gate of a worker', () => {
  it('ok/asks once, remembers what is good until its time, and forgets where a list changes', async () => {
    let until = 0
    const { clock, state, gate, check } = bench(async () => ({ kind: 'good', until }))
    until = clock.now() + 1000
    assert.deepEqual(await Promise.all([check(), check(), check('y')]), ['good', 'good', 'good'])
    assert.equal(state.asked, 2)
    await check()
    assert.equal(state.asked, 2)
    clock.advance(1000)
    await check()
    assert.equal(state.asked, 3)
    until = clock.now() + 1000
    await check()
    state.changes++
    await check()
    assert.equal(state.asked, 5)
    gate.forget()
    await check()
    assert.equal(state.asked, 6)
  })

  it('fail/what is not good is never remembered', async () => {
    const answer = { kind: 'unknown', certificate: 0, why: 'unreachable', detail: '' } as const
    const { state, check } = bench(async () => answer)
    assert.deepEqual([await check(), await check(), state.asked], ['unknown', 'unknown', 2])
  })

  it('fail/an answer that was under way while a list changed is not remembered', async () => {
    const late = Promise.withResolvers<void>()
    const { state, check, clock } = bench(async () => {
      if (state.asked === 1) await late.promise
      return { kind: 'good', until: clock.now() + 1000 }
    })
    const underWay = check()
    state.changes++
    // Another login takes note of the change before the answer is there.
    await check('y')
    late.resolve()
    await underWay
    await check()
    assert.equal(state.asked, 3)
  })

  it('fail/nobody answers in time, or the other thread fails: unknown', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { check } = bench(() => new Promise(() => {}))
      const waiting = check()
      mock.timers.tick(3000)
      assert.equal(await waiting, 'unknown')
    } finally {
      mock.timers.reset()
    }
    assert.equal(await bench(() => Promise.reject(new Error('gone'))).check(), 'unknown')
  })

  it('fail/of too many that wait the next is refused at once', async () => {
    const { check, state } = bench(() => new Promise(() => {}))
    for (let count = 0; count < 512; count++) void check(`waiting ${count}`)
    assert.deepEqual([await check('one more'), state.asked], ['unknown', 512])
  })
})

describe('certificates of our own CA', () => {
  /** `knows`: the file of the worker; `records`: what the database says. */
  async function house({ knows = true, records = async () => true }: Partial<Known> = {}) {
    const bench = await openAuthorityBench()
    const { der, serial } = await issueToAlice(bench)
    const { raw } = bench.database
    assert.ok(raw.engine === 'sqlite')
    const asked: string[] = []
    const rows = new SqliteIssuedCertificates(raw.connection, 'records')
    const gate = new RevocationGate({
      clock: bench.parts.clock,
      changes: () => 0,
      own: new SqliteRevokedSerials(raw.connection),
      issued: { has: (fingerprint) => knows && rows.has(fingerprint) },
      askRecords: (fingerprint) => {
        asked.push(fingerprint)
        return records()
      },
      ask: () => assert.fail('nobody has to be asked'),
    })
    const answerTo = async (chain: readonly Uint8Array[]) => {
      const own = resolveTrust(trustEntries({ name: 'own', kind: 'own' }), await bench.authority.trust(), 1)
      const outcome = new ClientCertificateCheck(own).check(chain, bench.parts.clock.now())
      assert.ok(outcome.ok)
      const [voucher] = outcome.vouchers
      assert.ok(voucher)
      return await gate.check(voucher.authority, voucher.path, bench.parts.clock.now())
    }
    return { ...bench, serial, answer: () => answerTo(der), answerTo, asked, connection: raw.connection }
  }
  interface Known {
    readonly knows: boolean
    readonly records: () => Promise<boolean>
  }

  it('ok/each login looks at the row: revoked and held at once, released at once', async () => {
    const { serial, change, answer, asked } = await house()
    assert.equal((await answer()).kind, 'good')
    await change(serial, 'held', 'certificateHold')
    const held = await answer()
    assert.deepEqual([held.kind, held.kind === 'revoked' && held.reason], ['revoked', 'certificateHold'])
    await change(serial, 'released', 'certificateHold')
    assert.equal((await answer()).kind, 'good')
    await change(serial, 'revoked')
    assert.equal((await answer()).kind, 'revoked')
    assert.deepEqual(asked, [])
  })

  it('ok/what the file does not know yet the records are asked for, once for logins at the same time', async () => {
    const { answer, asked } = await house({ knows: false })
    const answers = await Promise.all([answer(), answer(), answer()])
    assert.deepEqual([answers.map(({ kind }) => kind), asked.length], [['good', 'good', 'good'], 1])
  })

  it('fail/there is no record of it: the CA was restored from a backup, or somebody else has its key', async () => {
    const { answer, serial, connection } = await house({ records: async () => false })
    connection.exec('delete from certificates')
    const unknown = await answer()
    assert.deepEqual(unknown, { kind: 'unknown', certificate: 0, why: 'unrecorded', detail: serial })
  })

  it('fail/somebody who has the key of the CA writes the serial of a certificate that is recorded', async () => {
    const { answerTo, authority, serial, parts } = await house({ records: async () => false })
    const now = parts.clock.now()
    const forged = issueCertificate({
      template: USER_AUTHENTICATION,
      subject: distinguishedName(['CN', 'alice']),
      san: [{ kind: 'upn', name: 'alice@example.org' }],
      publicKey: generateKeyPairFor('p256').publicKey,
      ...{ serial: fromHex(serial), notBefore: now - 1000, notAfter: now + 1_000_000 },
      issuer: authority.currentIssuer,
    })
    const answer = await answerTo([forged.der, authority.issuing.der])
    assert.equal(answer.kind === 'unknown' && answer.why, 'unrecorded')
  })

  it('fail/the records cannot be asked, or do not answer in time: unknown, and no refusal', async () => {
    const why = async (records: () => Promise<boolean>) => {
      const { answer } = await house({ knows: false, records })
      const given = await answer()
      return given.kind === 'unknown' && given.why
    }
    assert.equal(await why(() => Promise.reject(new Error('down'))), 'records-unavailable')
    const { answer } = await house({ knows: false, records: () => new Promise(() => {}) })
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const waiting = answer()
      await turn()
      mock.timers.tick(3000)
      const late = await waiting
      assert.equal(late.kind === 'unknown' && late.why, 'records-unavailable')
    } finally {
      mock.timers.reset()
    }
  })

  it('ok/what an imported CA issued before it was ours, nobody recorded', async () => {
    const { answer, connection, authority, asked } = await house({ records: async () => false })
    connection.exec("delete from certificates; update authorities set origin = 'imported'")
    await authority.refresh()
    assert.equal((await answer()).kind, 'good')
    assert.deepEqual(asked, [])
  })

  it('fail/below a CA of our own that stands below an imported one it has to be recorded', async () => {
    const { answer, connection, authority } = await house({ records: async () => false })
    connection.exec(
      "delete from certificates; update authorities set origin = 'imported' where role = 'root'",
    )
    await authority.refresh()
    assert.equal((await answer()).kind, 'unknown')
  })

  it('fail/a CA nobody made, signed by the stolen key of the root, vouches for nobody', async () => {
    const { answerTo, authority, parts, connection } = await house({ records: async () => false })
    // That some CA was imported excuses only what is below that one.
    connection.exec("update authorities set origin = 'imported' where role = 'issuing'")
    await authority.refresh()
    const root = authority.signers.find(({ role }) => role === 'root')
    assert.ok(root)
    const now = parts.clock.now()
    const times = { notBefore: now - 1000, notAfter: now + 1_000_000 }
    const between = generateKeyPairFor('p256')
    const rogue = createIssuingCertificate({
      subject: distinguishedName(['CN', 'Rogue CA']),
      ...{ publicKey: between.publicKey, serial: fromHex('77'), ...times, issuer: root },
    })
    const leaf = issueCertificate({
      template: USER_AUTHENTICATION,
      subject: distinguishedName(['CN', 'alice']),
      san: [{ kind: 'upn', name: 'alice@example.org' }],
      ...{ publicKey: generateKeyPairFor('p256').publicKey, serial: fromHex('78'), ...times },
      issuer: { certificate: rogue, privateKey: between.privateKey },
    })
    const answer = await answerTo([leaf.der, rogue.der])
    assert.equal(answer.kind === 'unknown' && answer.why, 'unrecorded')
  })

  it('fail/rows that cannot be read accept nobody', async () => {
    const { answer, connection } = await house()
    connection.exec('alter table revoked_certificates rename to gone')
    assert.equal((await answer()).kind, 'unknown')
  })
})
