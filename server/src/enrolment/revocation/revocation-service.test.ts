import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import {
  type Certificate,
  type CertificateIssuer,
  createCrl,
  createRootCertificate,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  issueCertificate,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { FakeClock } from '../../kernel/clock.ts'
import { trustEntries } from '../testing.ts'
import { resolveTrust } from '../trust.ts'
import { Breakers } from './breaker.ts'
import { CrlFiles } from './crl-files.ts'
import { CrlShelf } from './crl-shelf.ts'
import { type Fetch, FetchError } from './http-fetch.ts'
import { OcspShelf } from './ocsp-shelf.ts'
import { RevocationService } from './revocation-service.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const URL_OF_LIST = 'http://pki.test/ca.crl'
const URL_OF_DELTA = 'http://pki.test/ca+.crl'

function ca(now: number): CertificateIssuer {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const validity = { notBefore: now - DAY, notAfter: now + 3000 * DAY }
  const subject = distinguishedName(['CN', 'Partner CA'])
  return { certificate: createRootCertificate({ subject, publicKey, privateKey, ...validity }), privateKey }
}

function bench(rules: object = {}, pointers: { crlUris?: string[] } = { crlUris: [URL_OF_LIST] }) {
  const clock = new FakeClock()
  const issuer = ca(clock.now())
  const folder = mkdtempSync(join(tmpdir(), 'revocation-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const state = {
    changes: 0,
    fetches: 0,
    octets: undefined as Uint8Array | undefined,
    delta: undefined as Uint8Array | undefined,
  }
  const fetch: Fetch = async ({ url }) => {
    state.fetches++
    const octets = url === URL_OF_DELTA ? state.delta : state.octets
    if (octets === undefined) throw new FetchError('the connection was refused')
    return octets
  }
  const open = () => {
    const breakers = new Breakers(() => clock.monotonic())
    const changed = () => {
      state.changes++
    }
    const crls = new CrlShelf({ clock, fetch, breakers, files: new CrlFiles(folder), changed })
    const service = new RevocationService({
      clock,
      crls,
      ocsp: new OcspShelf({ clock, fetch, breakers }),
      changed,
    })
    after(() => service.close())
    const pem = encodePem('CERTIFICATE', issuer.certificate.der)
    const own = { name: 'own', anchors: [], intermediates: [], crls: [] }
    const entry = { name: 'partner', kind: 'pem', pem, revocation: { crlUrls: [], ...rules } }
    service.replaceTrust(resolveTrust(trustEntries(entry), own, 1))
    return { service, crls }
  }
  const { publicKey } = generateKeyPairFor('p256')
  const leaf = issueCertificate({
    ...{ template: USER_AUTHENTICATION, publicKey, issuer, ...pointers },
    subject: distinguishedName(['CN', 'alice']),
    san: [{ kind: 'upn', name: 'alice@partner.test' }],
    ...{ notBefore: clock.now() - HOUR, notAfter: clock.now() + 300 * DAY },
  })
  const list = (
    more: {
      revoked?: Certificate[]
      hours?: number
      by?: CertificateIssuer
      age?: number
      base?: number
    } = {},
  ) => {
    const { revoked = [], hours = 24, by = issuer, age = 0, base } = more
    const thisUpdate = clock.now() - age
    return createCrl({
      ...(base === undefined ? { number: 1 } : { number: base + 1, baseNumber: base }),
      ...{ issuer: by, thisUpdate, nextUpdate: thisUpdate + hours * HOUR },
      revoked: revoked.map(({ serial }) => ({ serial, revokedAt: thisUpdate, reason: 'keyCompromise' })),
    }).der
  }
  const said = async (service: RevocationService): Promise<string> => {
    const path = [leaf.der, issuer.certificate.der]
    const answer = await service.ask({ authority: 'partner', path })
    if (answer.kind === 'unknown') return `unknown ${answer.why}`
    return `${answer.kind} ${answer.evidence?.by ?? '-'}`
  }
  return { clock, state, open, leaf, list, said, files: new CrlFiles(folder) }
}

describe('revocation of foreign certificates', () => {
  it('ok/one fetch serves many, and revoked is revoked', async () => {
    const { state, open, leaf, list, said } = bench()
    const { service } = open()
    state.octets = list()
    assert.deepEqual(
      await Promise.all([said(service), said(service), said(service)]),
      Array(3).fill('good crl'),
    )
    assert.equal(state.fetches, 1)
    state.octets = list({ revoked: [leaf] })
    await service.refresh('partner')
    assert.equal(await said(service), 'revoked crl')
  })

  it('ok/a delta that crlUrls names counts on top of the full list, fail/alone it says nothing', async () => {
    const { state, open, leaf, list, said } = bench({ crlUrls: [URL_OF_DELTA] })
    const { service } = open()
    state.octets = list()
    state.delta = list({ base: 1 })
    assert.equal(await said(service), 'good crl')
    state.delta = list({ base: 1, revoked: [leaf] })
    await service.refresh('partner')
    assert.equal(await said(service), 'revoked crl')

    const alone = bench({ crlUrls: [URL_OF_DELTA] })
    alone.state.delta = alone.list({ base: 1 })
    assert.match(await alone.said(alone.open().service), /^unknown/)
  })

  it('fail/an unknown authority, octets that are no certificate', async () => {
    const { open } = bench()
    const { service } = open()
    for (const [authority, path] of [
      ['nobody', []],
      ['partner', [Uint8Array.of(1)]],
    ] as const) {
      assert.equal((await service.ask({ authority, path })).kind, 'unknown')
    }
  })

  it('fail/a list of another CA with the same name never takes the place of the right one', async () => {
    const { clock, state, open, leaf, list, said } = bench()
    const { service } = open()
    state.octets = list({ by: ca(clock.now()) })
    assert.equal(await said(service), 'unknown untrusted')
    clock.advance(HOUR)
    state.octets = list({ revoked: [leaf] })
    assert.equal(await said(service), 'revoked crl')
    clock.advance(HOUR)
    state.octets = list({ by: ca(clock.now()) })
    await service.refresh('partner')
    assert.equal(await said(service), 'revoked crl')
  })

  it('fail/an older list does not undo a revocation', async () => {
    const { clock, state, open, leaf, list, said } = bench()
    const { service } = open()
    const older = list()
    clock.advance(HOUR)
    state.octets = list({ revoked: [leaf] })
    assert.equal(await said(service), 'revoked crl')
    state.octets = older
    await service.refresh('partner')
    assert.equal(await said(service), 'revoked crl')
  })

  it('ok/a list counts until its next update without its server, then no more', async () => {
    const { clock, state, open, list, said } = bench()
    const { service } = open()
    state.octets = list({ hours: 24 })
    assert.equal(await said(service), 'good crl')
    state.octets = undefined
    clock.advance(24 * HOUR)
    assert.equal(await said(service), 'good crl')
    clock.advance(1)
    assert.equal(await said(service), 'unknown stale')
  })

  it('ok/within grace, and no longer; what was revoked stays so', async () => {
    for (const revoked of [false, true]) {
      const { clock, state, open, leaf, list, said } = bench({
        ...{ whenUnreachable: 'accept-within-grace', graceHours: 2 },
      })
      const { service } = open()
      state.octets = list({ hours: 24, revoked: revoked ? [leaf] : [] })
      assert.equal(await said(service), revoked ? 'revoked crl' : 'good crl')
      state.octets = undefined
      clock.advance(26 * HOUR)
      assert.equal(await said(service), revoked ? 'revoked crl' : 'good grace')
      clock.advance(1)
      assert.equal(await said(service), revoked ? 'revoked crl' : 'unknown stale')
    }
  })

  it('fail/older than maximumAgeHours, though its next update is far away', async () => {
    const { clock, state, open, list, said } = bench({ maximumAgeHours: 12 })
    const { service } = open()
    state.octets = list({ hours: 500 })
    assert.equal(await said(service), 'good crl')
    clock.advance(13 * HOUR)
    assert.equal(await said(service), 'unknown stale')
  })

  it('fail/grace does not stretch maximumAgeHours', async () => {
    const grace = { whenUnreachable: 'accept-within-grace', graceHours: 48 }
    const { clock, state, open, list, said } = bench({ ...grace, maximumAgeHours: 25 })
    const { service } = open()
    state.octets = list({ hours: 24 })
    assert.equal(await said(service), 'good crl')
    state.octets = undefined
    clock.advance(25 * HOUR)
    assert.equal(await said(service), 'good grace')
    clock.advance(1)
    assert.equal(await said(service), 'unknown stale')
  })

  it('ok/a restart finds the list again; a forged file is not believed', async () => {
    const { clock, state, open, list, said, files } = bench()
    state.octets = list()
    assert.equal(await said(open().service), 'good crl')
    state.octets = undefined
    assert.equal(await said(open().service), 'good crl')
    files.write(URL_OF_LIST, list({ by: ca(clock.now()) }), clock.now())
    assert.equal(await said(open().service), 'unknown unreachable')
  })

  it('ok/lists are fetched anew within the hour and before their end, and workers are told', async () => {
    const { clock, state, open, leaf, list, said } = bench()
    const { service, crls } = open()
    state.octets = list()
    assert.equal(await said(service), 'good crl')
    const before = state.changes
    clock.advance(59 * 60_000)
    await crls.refreshDue()
    assert.equal(state.fetches, 1)
    state.octets = list({ revoked: [leaf] })
    clock.advance(60_000)
    await crls.refreshDue()
    assert.deepEqual([state.fetches, state.changes], [2, before + 1])
    assert.equal(await said(service), 'revoked crl')
  })

  it('ok/a host that is down is left alone after three tries', async () => {
    const { clock, state, open, said } = bench()
    const { service } = open()
    for (let count = 0; count < 10; count++) {
      assert.equal(await said(service), 'unknown unreachable')
      clock.advance(2500)
    }
    assert.equal(state.fetches, 3)
  })

  it('fail/a certificate that names ldap:// alone is not called good', async () => {
    const { open, said } = bench({}, { crlUris: ['ldap:///CN=x?certificateRevocationList'] })
    assert.equal(await said(open().service), 'unknown unreachable')
  })

  it('ok/a certificate that names nobody: auto, required, a list in the configuration', async () => {
    const none = bench({}, {})
    assert.equal(await none.said(none.open().service), 'good -')
    const required = bench({ check: 'required' }, {})
    assert.equal(await required.said(required.open().service), 'unknown unnamed')
    const configured = bench({ crlUrls: [URL_OF_LIST] }, {})
    const { service } = configured.open()
    // What is configured is fetched at once, whether anybody logs in or not.
    await new Promise((done) => setImmediate(done))
    assert.equal(configured.state.fetches, 1)
    configured.state.octets = configured.list({ revoked: [configured.leaf] })
    configured.clock.advance(5000)
    assert.equal(await configured.said(service), 'revoked crl')
  })
})
