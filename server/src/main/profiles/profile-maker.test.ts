import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { serialText } from '@sallyport/pki'
import { ALICE } from '../../enrolment/registration/testing.ts'
import { RequestError } from '../../kernel/errors.ts'
import { CLIENT_OUTPUTS } from '../../profiles/client-outputs.ts'
import type { ProfileInput } from '../../profiles/profile-input.ts'
import type { FilesWish } from './profile-maker.ts'
import { DOCUMENT, openMakerBench, recordingOutput } from './testing.ts'

const ADMIN = { by: 'administrator', name: 'ada' } as const
const HERSELF = { by: 'person', name: 'alice', from: '192.0.2.1' } as const
const OF_ALICE: FilesWish = {
  ...{ connection: 'Example VPN', output: 'test-file' },
  ...{ identity: ALICE, asker: ADMIN },
}
const OUTSIDER = { ...ALICE, id: 'corp/b1', name: 'bob', groups: ['Guests'] }

const [VPN, BY_PASSWORD] = DOCUMENT.connections
const withTemplate = (template: object, connection: object = {}) => ({
  certificateTemplates: [{ ...DOCUMENT.certificateTemplates[0], ...template }],
  connections: [{ ...VPN, ...connection }],
})

const code =
  (expected: string, text = /./) =>
  (error: unknown) =>
    error instanceof RequestError && error.code === expected && text.test(error.message)

async function bench(wish: Parameters<typeof openMakerBench>[0] = {}) {
  const seen: ProfileInput[] = []
  const house = await openMakerBench({ outputs: [recordingOutput({ seen })], ...wish })
  const issued = async () =>
    (await house.certificates.list({ limit: 100, status: 'issued' }, house.clock.now())).rows.filter(
      ({ kind }) => kind === 'client',
    )
  return { ...house, seen, issued }
}

test('ok/a person gets key, certificate and chain in a container openssl opens, and the key is kept nowhere', async () => {
  const { maker, seen, issued } = await bench()
  const { files, certificate } = await maker.plan(OF_ALICE).make()
  assert.deepEqual(
    files.map(({ content }) => content),
    ['{"user":"alice","certificate":"pkcs12"}'],
  )
  const brought = seen.at(-1)?.certificate
  assert.ok(brought?.kind === 'pkcs12')
  assert.equal(certificate?.password, brought.password)
  const args = ['pkcs12', '-nokeys', '-clcerts', '-passin', `pass:${brought.password}`]
  const pem = execFileSync('openssl', args, { input: brought.container })
  const subject = execFileSync('openssl', ['x509', '-noout', '-subject', '-ext', 'subjectAltName'], {
    input: pem,
  })
  assert.match(subject.toString(), /CN = alice\n[\s\S]*othername/)
  const [row, ...others] = await issued()
  assert.deepEqual(
    [row?.serial, row?.holder_id, row?.template, row?.protocol, row?.key_sealed, others.length],
    [serialText(brought.certificate.serial), ALICE.id, 'vpn', 'pkcs12', null, 0],
  )
})

test('ok/the old form where the output wants it, in ciphers only the legacy provider opens', async () => {
  const seen: ProfileInput[] = []
  const output = recordingOutput({ seen, pkcs12: { form: 'legacy', password: 'typed' } })
  const { maker } = await bench({ outputs: [output] })
  const plan = maker.plan({ ...OF_ALICE, password: 'one-two-three' })
  assert.ok(plan.passwordTyped)
  assert.equal((await plan.make()).certificate?.password, 'one-two-three')
  const brought = seen.at(-1)?.certificate
  assert.ok(brought?.kind === 'pkcs12')
  const args = ['pkcs12', '-info', '-nokeys', '-legacy', '-passin', 'pass:one-two-three']
  execFileSync('openssl', args, { input: brought.container, stdio: ['pipe', 'pipe', 'ignore'] })
})

for (const form of ['scep', 'est'] as const) {
  test(`ok/by ${form} the file holds a challenge of this person and template, good for an hour`, async () => {
    const { maker, seen, stores, clock, issued } = await bench()
    const { certificate } = await maker.plan({ ...OF_ALICE, certificate: form }).make()
    const [challenge, ...others] = await stores.challenges.list(10)
    assert.deepEqual(
      [challenge?.holder_id, challenge?.template, challenge?.created_by, challenge?.used_at, others.length],
      [ALICE.id, 'vpn', 'ada', null, 0],
    )
    assert.equal(certificate?.challengeExpiresAt, clock.now() + 3_600_000)
    const brought = seen.at(-1)?.certificate
    assert.ok(brought?.kind === form && /^[A-Z2-9-]{29}$/.test(brought.challenge))
    assert.match(brought.url, form === 'scep' ? /^http:\/\/pki.*\/scep$/ : /^https:\/\/pki.*\/est$/)
    assert.deepEqual(await issued(), [])
  })
}

test('ok/files that refuse an empty password get theirs', async () => {
  const { maker } = await bench({ outputs: CLIENT_OUTPUTS })
  const { files, certificate } = await maker.plan({ ...OF_ALICE, output: 'linux-swanctl' }).make()
  assert.ok(files.some(({ name }) => name.endsWith('.p12')))
  assert.equal(certificate?.form, 'pkcs12')
})

test('ok/none, installed, and a connection by password: nothing is issued', async () => {
  const { maker, seen, issued, stores } = await bench()
  assert.equal((await maker.plan({ ...OF_ALICE, certificate: 'none' }).make()).certificate, undefined)
  assert.equal((await maker.plan({ ...OF_ALICE, certificate: 'installed' }).make()).files.length, 1)
  await maker.plan({ ...OF_ALICE, connection: BY_PASSWORD.name }).make()
  const { identity: _, ...forAll } = OF_ALICE
  await maker.plan(forAll).make()
  assert.deepEqual(
    seen.map(({ certificate }) => certificate?.kind),
    [undefined, 'installed', undefined, undefined],
  )
  assert.deepEqual([await issued(), await stores.challenges.list(10)], [[], []])
})

test('ok/without a template of its own: the only one the person may enrol, else the built-in one by an administrator', async () => {
  const { certificateTemplate: _, ...without } = VPN
  const connections = [without]
  const { maker, issued } = await bench({ document: { connections } })
  await maker.plan(OF_ALICE).make()
  await maker.plan({ ...OF_ALICE, identity: OUTSIDER }).make()
  assert.deepEqual((await issued()).map(({ template }) => template).sort(), ['built-in', 'vpn'])
  const herself = { ...OF_ALICE, identity: OUTSIDER, asker: HERSELF }
  assert.throws(() => maker.plan(herself), code('certificate-not-offered', /no certificate template fits/))
})

test('ok/the anchor that was handed out is noted with who has it', async () => {
  const { maker, database } = await bench()
  await maker.plan({ ...OF_ALICE, connection: BY_PASSWORD.name }).make()
  const rows = await database.kysely.selectFrom('anchor_holders').select(['holder', 'handed_by']).execute()
  assert.deepEqual(
    rows.map(({ holder, handed_by: by }) => [holder, by]),
    [[ALICE.id, 'profile']],
  )
})

test('fail/who is in no group of the template gets none, by whatever form, not even from an administrator', async () => {
  const { maker, issued, stores } = await bench()
  for (const certificate of ['pkcs12', 'scep', 'est'] as const) {
    const plan = () => maker.plan({ ...OF_ALICE, identity: OUTSIDER, certificate })
    assert.throws(plan, code('enrolment-not-permitted'))
  }
  assert.deepEqual([await issued(), await stores.challenges.list(10)], [[], []])
})

test('fail/approval: a person waits for an administrator, whose own order is the approval', async () => {
  const { maker, issued } = await bench({ document: withTemplate({ approval: 'required' }) })
  assert.throws(() => maker.plan({ ...OF_ALICE, asker: HERSELF }), code('profile-needs-approval'))
  assert.deepEqual(await issued(), [])
  await maker.plan(OF_ALICE).make()
  assert.equal((await issued()).length, 1)
})

test('fail/as many certificates as the template allows, and no more', async () => {
  const { maker, issued } = await bench({ document: withTemplate({ perHolder: 1 }) })
  await maker.plan(OF_ALICE).make()
  await assert.rejects(maker.plan(OF_ALICE).make(), code('enrolment-too-many'))
  assert.equal((await issued()).length, 1)
})

test('fail/an output that cannot write it says so before anything is issued', async () => {
  const findings: ReturnType<typeof recordingOutput>['findings'] = ({ certificate }) =>
    certificate?.kind === 'pkcs12' ? [{ severity: 'obstacle', code: 'no', message: 'Not in this file.' }] : []
  const { maker, issued } = await bench({ outputs: [recordingOutput({ findings })] })
  assert.throws(() => maker.plan(OF_ALICE), code('profile-not-possible', /Not in this file/))
  assert.deepEqual(await issued(), [])
})

test('fail/an output that breaks leaves nothing behind: the challenge is deleted, the certificate revoked', async () => {
  const make = () => {
    throw new Error('broken')
  }
  const { maker, stores, revoked, issued } = await bench({ outputs: [recordingOutput({ make })] })
  await assert.rejects(maker.plan({ ...OF_ALICE, certificate: 'scep' }).make(), /broken/)
  assert.deepEqual(await stores.challenges.list(10), [])
  await assert.rejects(maker.plan(OF_ALICE).make(), /broken/)
  const [row] = await issued()
  assert.deepEqual(
    revoked.map(({ serial, to, reason }) => [serial, to, reason]),
    [[row?.serial, 'revoked', 'cessationOfOperation']],
  )
})

test('fail/what is not there or switched off', async () => {
  const { maker } = await bench({ document: { connections: [{ ...VPN, enabled: false }] } })
  assert.throws(() => maker.plan(OF_ALICE), code('connection-disabled'))
  assert.throws(() => maker.plan({ ...OF_ALICE, connection: 'x' }), code('connection-not-found'))
  const other = await bench()
  assert.throws(() => other.maker.plan({ ...OF_ALICE, output: 'x' }), code('output-not-found'))
  const off = await bench({ document: { enrolment: {} } })
  assert.throws(
    () => off.maker.plan({ ...OF_ALICE, certificate: 'scep' }),
    code('certificate-not-offered', /scep.enabled/),
  )
})

test('ok/what a file does not carry is told with it', async () => {
  const lost = { severity: 'warning', code: 'lost', message: 'Routes are left out.' } as const
  const { maker } = await bench({ outputs: [recordingOutput({ findings: () => [lost] })] })
  assert.deepEqual((await maker.plan(OF_ALICE).make()).findings, [lost])
})
