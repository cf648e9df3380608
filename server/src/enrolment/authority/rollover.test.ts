import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  distinguishedName,
  generateKeyPairFor,
  hasIssued,
  USER_AUTHENTICATION,
  validatePath,
} from '@sallyport/pki'
import { RequestError } from '../../kernel/errors.ts'
import { AnchorStore } from '../anchors/anchor-store.ts'
import type { EndEntityRequest } from '../authority.ts'
import { compileAuthority } from '../client-certificate-check.ts'
import { openAuthorityBench } from '../testing.ts'
import { Rollover } from './rollover.ts'

async function openRollover() {
  const bench = await openAuthorityBench()
  // OpenSSL, the outside CA of these tests, goes by the clock of the machine, in the seconds that follow.
  bench.parts.clock.advance(Date.now() + 60_000 - bench.parts.clock.now())
  const anchors = new AnchorStore(bench.database.kysely)
  return { ...bench, anchors, rollover: new Rollover(bench.authority, { ...bench.parts, anchors }) }
}

function alice(holder = 'alice'): EndEntityRequest {
  return {
    kind: 'client',
    template: USER_AUTHENTICATION,
    subject: distinguishedName(['CN', holder]),
    san: [{ kind: 'upn', name: holder }],
    publicKey: generateKeyPairFor('p256').publicKey,
    days: 30,
    origin: { holder_id: `local/${holder}`, holder_name: holder },
  }
}

const refused =
  (code: string, text = /./) =>
  (error: unknown) =>
    error instanceof RequestError && error.code === code && text.test(error.message)

describe('rollover', () => {
  it('ok/prepared, told, switched: nobody who holds a certificate is left behind', async () => {
    const { parts, authority, rollover, anchors } = await openRollover()
    const former = authority.issuing
    const old = await authority.issue(alice())
    await authority.issue(alice('bob'))
    parts.clock.advance(1000)
    const prepared = await rollover.prepare({ algorithm: 'rsa3072' }, false)
    assert.equal(prepared.state, 'prepared')
    assert.equal(authority.issuing.fingerprint, former.fingerprint, 'the former one issues on')
    assert.equal(authority.anchors.length, 2)
    await assert.rejects(rollover.prepare({ algorithm: 'p256' }, false), refused('ca-prepared'))

    const { progress, anchorIsNew } = (await rollover.state()) ?? assert.fail('nothing is prepared')
    assert.deepEqual(
      [anchorIsNew, progress],
      [true, { holders: 2, withAnchor: 0, missing: ['alice', 'bob'] }],
    )
    await assert.rejects(rollover.switch(false), refused('ca-anchor-missing', /alice, bob/))
    await authority.issue(alice())
    const anchor = (await rollover.state())?.anchor.fingerprint ?? ''
    await assert.rejects(rollover.switch(false), refused('ca-anchor-missing', /1 of 2.*\(bob\)/))
    assert.equal(await anchors.confirm(['bob', 'nobody'], anchor, parts.clock.now()), 1)

    const active = await rollover.switch(false)
    assert.equal(active.keyId, prepared.keyId)
    const young = await authority.issue(alice('carol'))
    assert.equal(hasIssued(active.certificate, young), true)
    const trust = compileAuthority(await authority.trust())
    for (const { der } of [old, young]) {
      const verdict = validatePath([der], { ...trust, at: parts.clock.now(), purpose: 'client-auth' })
      assert.equal(verdict.ok, true)
    }
    const signers = authority.signers.map(({ certificate }) => certificate.fingerprint)
    assert.ok(signers.includes(former.fingerprint), 'the former CA signs its CRL on')
    assert.equal(await rollover.state(), undefined)
  })

  it('ok/each root vouches for the other: who trusts one can check what is below the other', async () => {
    const { parts, authority, rollover } = await openRollover()
    const formerRoot = authority.root
    await rollover.prepare({ algorithm: 'p256' }, false)
    const active = await rollover.switch(true)
    const leaf = await authority.issue(alice())
    const all = authority.caCertificates
    assert.deepEqual([all[0]?.fingerprint, all.length], [active.certificate.fingerprint, 5])
    const sent = [leaf.der, ...all.map(({ der }) => der)]
    const options = { at: parts.clock.now(), purpose: 'client-auth' } as const
    assert.equal(validatePath(sent, { ...options, anchors: [formerRoot] }).ok, true)
    assert.equal(validatePath(sent.slice(0, 2), { ...options, anchors: [formerRoot] }).ok, false)
  })

  it('ok/below the same root nobody has to be told', async () => {
    const { authority, rollover } = await openRollover()
    await authority.issue(alice())
    const root = authority.root.fingerprint
    await rollover.prepare({ algorithm: 'p256' }, true)
    assert.equal((await rollover.state())?.anchorIsNew, false)
    await rollover.switch(false)
    assert.equal(authority.root.fingerprint, root)
    assert.equal(authority.issuers.length, 2)
  })

  it('ok/what is prepared can be discarded; what is active cannot', async () => {
    const { authority, rollover } = await openRollover()
    const { keyId } = await rollover.prepare({ algorithm: 'p256' }, false)
    await assert.rejects(rollover.discard(authority.currentIssuer.keyId), refused('ca-not-prepared'))
    await rollover.discard(keyId)
    assert.equal(authority.all.length, 2)
    await assert.rejects(rollover.switch(true), refused('ca-not-prepared'))
  })
})

describe('an outside CA (openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outside-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string) => join(folder, name)
  const read = (name: string) => readFileSync(file(name), 'utf8')
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'pipe', timeout: 30_000 })
  }
  const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n'

  function sign(csr: string, out: string, extensions: string, ...options: readonly string[]): void {
    writeFileSync(file('ext'), `${extensions}subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n`)
    const words = ['x509', '-req', '-in', csr, '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial']
    openssl(...words, '-days', '900', '-out', out, '-extfile', 'ext', ...options)
  }

  before(() => {
    const root = ['-keyout', 'root.key', '-out', 'root.pem', '-subj', '/CN=Outside Root', '-days', '1000']
    openssl('req', '-x509', ...EC, ...root, '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
    openssl('req', '-new', ...EC, '-keyout', 'ca.key', '-out', 'ca.csr', '-subj', '/CN=Given CA')
    sign('ca.csr', 'ca.pem', CA)
    const words = ['pkcs12', '-export', '-inkey', 'ca.key', '-in', 'ca.pem', '-certfile', 'root.pem']
    openssl(...words, '-out', 'ca.p12', '-passout', 'pass:secret')
  })

  it('ok/signs our request; the path of what we issue ends at its root, and only ours can log in', async () => {
    const { parts, authority, rollover } = await openRollover()
    const { request } = await rollover.request({ algorithm: 'p256' }, 'Example Issuing CA')
    writeFileSync(file('ours.csr'), request ?? '')
    sign('ours.csr', 'ours.pem', CA)
    await assert.rejects(
      rollover.install(read('ca.pem') + read('root.pem')),
      refused('ca-certificate-refused'),
    )
    await assert.rejects(
      rollover.install(read('ours.pem')),
      refused('ca-certificate-refused', /CN=Outside Root is missing/),
    )
    await rollover.install(read('ours.pem') + read('root.pem'))
    await rollover.switch(false)
    const leaf = await authority.issue(alice())
    writeFileSync(file('leaf.pem'), authority.chainPem(leaf))
    openssl('verify', '-CAfile', 'root.pem', '-untrusted', 'leaf.pem', 'leaf.pem')
    const check = (der: Uint8Array, trust: ReturnType<typeof compileAuthority>) =>
      validatePath([der], { ...trust, at: parts.clock.now(), purpose: 'client-auth' }).ok
    const trust = compileAuthority(await authority.trust())
    assert.equal(check(leaf.der, trust), true)
    // The outside root vouches for much else: none of that is a client of ours.
    openssl('req', '-new', ...EC, '-keyout', 'x.key', '-out', 'x.csr', '-subj', '/CN=stranger')
    sign('x.csr', 'x.pem', 'keyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n')
    openssl('x509', '-in', 'x.pem', '-outform', 'DER', '-out', 'x.der')
    assert.equal(check(readFileSync(file('x.der')), trust), false)
  })

  for (const [what, extensions, text, options] of [
    ['not a CA', 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n', /CA:TRUE/, []],
    ['may not sign CRLs', 'basicConstraints=CA:TRUE\nkeyUsage=keyCertSign\n', /cRLSign/, []],
    ['is for servers only', `${CA}extendedKeyUsage=serverAuth\n`, /extended key usage/, []],
    ['has ended', CA, /ended/, ['-days', '-1']],
  ] as const) {
    it(`fail/what it signed ${what}: nothing changes`, async () => {
      const { authority, rollover } = await openRollover()
      const { request } = await rollover.request({ algorithm: 'p256' })
      writeFileSync(file('bad.csr'), request ?? '')
      sign('bad.csr', 'bad.pem', extensions, ...options)
      await assert.rejects(
        rollover.install(read('bad.pem') + read('root.pem')),
        refused('ca-certificate-refused', text),
      )
      assert.equal(authority.prepared, undefined)
    })
  }

  it('fail/a root that allows no CA below its own', async () => {
    const { rollover } = await openRollover()
    const words = ['-keyout', 'tight.key', '-out', 'tight.pem', '-subj', '/CN=Tight', '-days', '9']
    const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign']
    openssl(
      'req',
      '-x509',
      ...EC,
      ...words,
      ...usage,
      '-addext',
      'basicConstraints=critical,CA:TRUE,pathlen:0',
    )
    sign('ca.csr', 'below.pem', CA, '-CA', 'tight.pem', '-CAkey', 'tight.key')
    const certificates = read('below.pem') + read('tight.pem')
    await assert.rejects(
      rollover.import({ certificates, key: read('ca.key') }),
      refused('ca-certificate-refused', /allows 0 CAs below it/),
    )
  })

  it('ok/a CA comes in PKCS #12, in PEM, and in PEM with an encrypted key', async () => {
    openssl('pkcs8', '-topk8', '-in', 'ca.key', '-out', 'ca.enc', '-passout', 'pass:secret')
    const certificates = read('ca.pem') + read('root.pem')
    for (const given of [
      { pkcs12: readFileSync(file('ca.p12')), password: 'secret' },
      { certificates, key: read('ca.key') },
      { certificates, key: read('ca.enc'), password: 'secret' },
    ]) {
      const { authority, rollover } = await openRollover()
      await rollover.import(given)
      const active = await rollover.switch(false)
      assert.equal(active.origin, 'imported')
      writeFileSync(file('leaf.pem'), authority.chainPem(await authority.issue(alice())))
      openssl('verify', '-CAfile', 'root.pem', '-untrusted', 'leaf.pem', 'leaf.pem')
      await assert.rejects(rollover.import(given), refused('ca-exists'))
    }
  })

  it('fail/a wrong password, a key of another certificate, a weak key, no chain: nothing changes', async () => {
    const { authority, parts, rollover } = await openRollover()
    openssl('pkcs8', '-topk8', '-in', 'ca.key', '-out', 'ca.enc', '-passout', 'pass:secret')
    openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      'weak.key',
      '-out',
      'weak.csr',
      '-subj',
      '/CN=Weak',
    )
    sign('weak.csr', 'weak.pem', CA)
    const certificates = read('ca.pem') + read('root.pem')
    const before = await parts.authorities.list()
    for (const [given, text] of [
      [{ pkcs12: readFileSync(file('ca.p12')), password: 'Secret' }, /password/],
      [{ pkcs12: Buffer.from('no such thing'), password: 'secret' }, /./],
      [{ certificates, key: read('ca.enc'), password: 'wrong' }, /password does not open/],
      [{ certificates, key: read('ca.enc') }, /give the password/],
      [{ certificates, key: read('root.key').replace(/[A-Z]/, '') }, /./],
      [{ certificates: read('ca.pem'), key: read('root.key') }, /belongs to the key/],
      [{ certificates: read('ca.pem'), key: read('ca.key') }, /is missing/],
      [{ certificates: read('weak.pem') + read('root.pem'), key: read('weak.key') }, /too weak/],
    ] as const) {
      await assert.rejects(rollover.import(given), refused('ca-certificate-refused', text))
    }
    assert.deepEqual(await parts.authorities.list(), before)
    assert.equal(authority.prepared, undefined)
  })
})
