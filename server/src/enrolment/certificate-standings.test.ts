import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import {
  createCrl,
  createRootCertificate,
  decodePem,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  keyIdentifier,
  parseCertificate,
  parseCrl,
} from '@sallyport/pki'
import { DAY } from './authority.ts'
import { CertificateStandings } from './certificate-standings.ts'
import { ClientCertificateCheck } from './client-certificate-check.ts'
import { issueToAlice, openAuthorityBench, trustEntries } from './testing.ts'
import { resolveTrust } from './trust.ts'

async function house() {
  const bench = await openAuthorityBench()
  const { chain } = await issueToAlice(bench)
  const own = resolveTrust(trustEntries({ name: 'own', kind: 'own' }), await bench.authority.trust(), 1)
  const checked = new ClientCertificateCheck(own).check(
    decodePem('CERTIFICATE', chain),
    bench.parts.clock.now(),
  )
  assert.ok(checked.ok)
  const standings = new CertificateStandings(bench.parts.store)
  standings.replaceTrust(own)
  const codeOf = async (facts = checked.facts, at = bench.parts.clock.now()): Promise<string> => {
    const standing = await standings.standing(facts, at)
    return 'reason' in standing ? `${standing.kind} ${standing.reason.code}` : standing.kind
  }
  return { bench, own, facts: checked.facts, standings, codeOf }
}

test('ok/a certificate of the own CA: good for its holder, until it expires', async () => {
  const { bench, standings, facts, codeOf } = await house()
  const now = bench.parts.clock.now()
  assert.deepEqual(await standings.standing(facts, now), { kind: 'good', holder: 'a1' })
  assert.equal(await codeOf(facts, now + 31 * DAY), 'refused certificate-expired')
})

test('ok/revoked counts at once, before any CRL lists it', async () => {
  const { bench, facts, codeOf } = await house()
  await bench.change(facts.serial, 'held')
  assert.equal(await codeOf(), 'refused certificate-revoked')
  await bench.change(facts.serial, 'released')
  assert.equal(await codeOf(), 'good')
  await bench.change(facts.serial, 'revoked')
  assert.equal(await codeOf(), 'refused certificate-revoked')
})

test('fail/the own CA is no longer trusted', async () => {
  const { standings, codeOf } = await house()
  standings.replaceTrust({ version: 2, authorities: [] })
  assert.equal(await codeOf(), 'refused certificate-untrusted-ca')
})

test('fail/a serial of the own CA on a certificate of another one does not pass for it', async () => {
  const { codeOf, facts } = await house()
  assert.equal(await codeOf({ ...facts, fingerprint: '00', issuer: 'CN=Elsewhere' }), 'unplaced')
})

test('ok/a foreign certificate: by its dates, its issuer and the CRLs', async () => {
  const { standings, codeOf, facts, bench } = await house()
  const now = bench.parts.clock.now()
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const subject = distinguishedName(['CN', 'Foreign CA'])
  const times = { notBefore: now - DAY, notAfter: now + 100 * DAY }
  const certificate = createRootCertificate({ subject, publicKey, privateKey, ...times })
  const crl = createCrl({
    issuer: { certificate, privateKey },
    ...{ number: 1, thisUpdate: now - DAY, nextUpdate: now + DAY },
    revoked: [{ serial: fromHex('00f1'), revokedAt: now, reason: 'keyCompromise' }],
  })
  const pem = encodePem('CERTIFICATE', certificate.der) + encodePem('X509 CRL', crl.der)
  const entries = trustEntries({ name: 'foreign', kind: 'pem', pem })
  const none = { name: 'own', anchors: [], intermediates: [], crls: [] }
  standings.replaceTrust(resolveTrust(entries, none, 2))
  const foreign = { ...facts, serial: '7f', fingerprint: '11', issuer: 'CN=Foreign CA' }
  assert.equal(await codeOf(foreign), 'good')
  assert.equal(await codeOf({ ...foreign, serial: 'f1' }), 'refused certificate-revoked')
  assert.equal(await codeOf(foreign, Date.parse(foreign.notAfter) + 1), 'refused certificate-expired')
  assert.equal(await codeOf({ ...foreign, issuer: 'CN=Somewhere' }), 'unplaced')
  // A list that was fetched counts as one that was written down.
  const withFetched = new CertificateStandings(bench.parts.store, () => [parseCrl(crl.der)])
  assert.equal((await withFetched.standing({ ...foreign, serial: 'f1' }, now)).kind, 'refused')
  assert.equal(
    (await withFetched.standing({ ...foreign, serial: 'f1', issuer: 'CN=X' }, now)).kind,
    'unplaced',
  )
})

describe('a certificate of the own CA that nobody recorded', () => {
  async function restored() {
    const opened = await house()
    const facts = { ...opened.facts, authority: 'own' }
    await opened.bench.database.kysely.deleteFrom('certificates').execute()
    return { ...opened, facts, now: opened.bench.parts.clock.now() }
  }

  it('fail/is refused, whoever has its serial', async () => {
    const { codeOf, facts, bench } = await restored()
    assert.equal(await codeOf(facts), 'refused certificate-unrecorded')
    const row = { serial: facts.serial, kind: 'client', subject: 'CN=alice', key_sealed: null }
    await bench.parts.store.record({ ...row, not_before: 0, not_after: 1, created_at: 0 })
    assert.equal(await codeOf(facts), 'refused certificate-unrecorded')
    await bench.parts.store.markIssued(facts.serial, '', '00')
    assert.equal(await codeOf(facts), 'refused certificate-unrecorded')
  })

  it('ok/once it ended, that is why', async () => {
    const { codeOf, facts, now } = await restored()
    assert.equal(await codeOf(facts, now + 31 * DAY), 'refused certificate-expired')
  })

  it('ok/where the records cannot be asked nothing is said', async () => {
    const { facts, own, now } = await restored()
    const standings = new CertificateStandings({ find: () => Promise.reject(new Error('down')) })
    standings.replaceTrust(own)
    const standing = await standings.standing(facts, now)
    assert.ok(standing.kind === 'unknown' && standing.reason.code === 'certificate-records-unavailable')
  })

  it('ok/an imported CA issued before it was ours; a CA of our own below it did not', async () => {
    const { standings, codeOf, facts, bench } = await restored()
    const trust = await bench.authority.trust()
    const keyOf = (pem: string | undefined) => {
      const [der] = decodePem('CERTIFICATE', pem ?? '')
      return der === undefined ? assert.fail('no CA') : toHex(keyIdentifier(parseCertificate(der).spki))
    }
    const imported = (pem: string | undefined) => {
      const own = { ...trust, importedKeys: [keyOf(pem)] }
      standings.replaceTrust(resolveTrust(trustEntries({ name: 'own', kind: 'own' }), own, 2))
    }
    imported(trust.intermediates[0])
    assert.equal(await codeOf(facts), 'good')
    imported(trust.anchors[0])
    assert.equal(await codeOf(facts), 'refused certificate-unrecorded')
    // Below a CA that is not known here the imported one may stand above it.
    assert.equal(await codeOf({ ...facts, issuer: 'CN=Elsewhere' }), 'unplaced')
  })
})
