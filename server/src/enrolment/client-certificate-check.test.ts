import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { decodePem } from '@sallyport/pki'
import { DAY } from './authority.ts'
import { ClientCertificateCheck } from './client-certificate-check.ts'
import { ServerCertificates } from './server-certificates.ts'
import { type AuthorityBench, issueToAlice, openAuthorityBench, trustEntries } from './testing.ts'
import { resolveTrust } from './trust.ts'

async function trustOf(bench: AuthorityBench, version = 1) {
  return resolveTrust(trustEntries({ name: 'own', kind: 'own' }), await bench.authority.trust(), version)
}

test('a certificate of the own CA gives its facts and the entry that vouches for it', async () => {
  const bench = await openAuthorityBench()
  const { der, serial, fingerprint } = await issueToAlice(bench)
  const check = new ClientCertificateCheck(await trustOf(bench))
  const outcome = check.check(der, bench.parts.clock.now())
  assert.ok(outcome.ok)
  assert.deepEqual([outcome.vouchers[0]?.authority.name, outcome.holder], ['own', 'a1'])
  assert.deepEqual(
    [outcome.facts.subject, outcome.facts.serial, outcome.facts.fingerprint, outcome.facts.upns],
    ['CN=alice', serial, fingerprint, ['alice@example.org']],
  )
  // The leaf alone is enough: the issuing CA is known here.
  assert.equal(check.check(der.slice(0, 1), bench.parts.clock.now()).ok, true)
})

test('a remembered chain is refused when it ends and when its CA is no longer trusted', async () => {
  const bench = await openAuthorityBench()
  const { der } = await issueToAlice(bench)
  const check = new ClientCertificateCheck(await trustOf(bench))
  const start = bench.parts.clock.now()
  const codeAt = (at: number) => {
    const outcome = check.check(der, at)
    return outcome.ok ? 'ok' : outcome.reason.code
  }
  assert.equal(codeAt(start), 'ok')
  assert.equal(codeAt(start + 29 * DAY), 'ok')
  assert.equal(codeAt(start + 31 * DAY), 'certificate-expired')
  assert.equal(codeAt(start - DAY), 'certificate-not-yet-valid')
  assert.equal(codeAt(start), 'ok')
  check.replaceTrust({ version: 3, authorities: [] })
  assert.equal(codeAt(start), 'certificate-untrusted-ca')
})

test('a foreign CA is trusted as PEM; of two authorities the one that knows the issuer gives the reason', async () => {
  const [own, partner] = [await openAuthorityBench(), await openAuthorityBench()]
  const { der } = await issueToAlice(partner)
  const now = own.parts.clock.now()
  const ownTrust = await own.authority.trust()
  const pem = (await partner.authority.trust()).anchors.join('')
  const trust = resolveTrust(
    trustEntries({ name: 'partner', kind: 'pem', pem }, { name: 'own', kind: 'own' }),
    ownTrust,
    1,
  )
  const check = new ClientCertificateCheck(trust)
  const outcome = check.check(der, now)
  assert.equal(outcome.ok && outcome.vouchers[0]?.authority.name, 'partner')
  const late = check.check(der, now + 40 * DAY)
  assert.equal(late.ok ? '' : late.reason.code, 'certificate-expired')
  const stranger = new ClientCertificateCheck(await trustOf(own)).check(der.slice(0, 1), now)
  assert.equal(stranger.ok ? '' : stranger.reason.code, 'certificate-untrusted-ca')
})

test('a server certificate does not log anybody in', async () => {
  const bench = await openAuthorityBench()
  const { https } = await new ServerCertificates(bench.authority, bench.parts).ensure({
    radius: 'radius.example.org',
    https: ['localhost'],
  })
  const check = new ClientCertificateCheck(await trustOf(bench))
  const outcome = check.check(decodePem('CERTIFICATE', https.cert), bench.parts.clock.now())
  assert.equal(outcome.ok ? '' : outcome.reason.code, 'certificate-wrong-purpose')
})

test('a remembered chain costs no validation', async () => {
  const bench = await openAuthorityBench()
  const { der } = await issueToAlice(bench)
  const check = new ClientCertificateCheck(await trustOf(bench))
  const now = bench.parts.clock.now()
  const first = check.check(der, now)
  // The very same object: nothing was parsed or verified again.
  assert.equal(check.check(der, now + 1000), first)
  assert.notEqual(check.check(der.slice(0, 1), now), first)
})

test('what a stranger sends is refused and never remembered', async () => {
  const bench = await openAuthorityBench()
  const check = new ClientCertificateCheck(await trustOf(bench))
  for (const chain of [[], [new Uint8Array()], [Uint8Array.of(0x30, 0x80)]]) {
    const outcome = check.check(chain, bench.parts.clock.now())
    assert.equal(outcome.ok ? '' : outcome.reason.code, 'certificate-malformed')
  }
})

test('a trusted authority must be CA certificates in PEM', async () => {
  const bench = await openAuthorityBench()
  const own = await bench.authority.trust()
  const { chain } = await issueToAlice(bench)
  const broken = '-----BEGIN CERTIFICATE-----\nMAAx\n-----END CERTIFICATE-----\n'
  const [partner] = trustEntries({ name: 'partner', kind: 'pem', pem: chain })
  assert.ok(partner?.kind === 'pem')
  for (const pem of ['', broken, chain]) {
    assert.throws(() => resolveTrust([{ ...partner, pem }], own, 1), {
      name: 'ConfigError',
      code: 'trust-invalid',
    })
  }
})

test('openssl accepts what is issued, strictly', { skip: opensslMissing() }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'enrolment-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const bench = await openAuthorityBench()
  const { chain, root } = await issueToAlice(bench)
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const at = String(bench.parts.clock.now() / 1000)
  const output = execFileSync(
    'openssl',
    [
      ...['verify', '-x509_strict', '-purpose', 'sslclient', '-attime', at],
      ...['-CAfile', file('root.pem', root)],
      ...['-untrusted', file('chain.pem', chain), file('leaf.pem', chain)],
    ],
    { encoding: 'utf8' },
  )
  assert.match(output, /leaf\.pem: OK/)
})

function opensslMissing(): string | false {
  if (spawnSync('openssl', ['version']).status === 0) return false
  if (process.env.CI) throw new Error('openssl is not installed')
  return 'openssl is not installed'
}
