import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  createCrl,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { RequestError, UpstreamError } from '../../kernel/errors.ts'
import { AnchorStore } from '../anchors/anchor-store.ts'
import { Rollover } from '../authority/rollover.ts'
import { type AuthorityParts, CertificateAuthority } from '../authority.ts'
import { openAuthorityBench } from '../testing.ts'
import { Pkcs11Tool } from './pkcs11-tool.ts'

const MODULE = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find(
  existsSync,
)
const isThere = MODULE !== undefined && spawnSync('pkcs11-tool', ['--help']).error === undefined
const skip = isThere ? false : 'SoftHSM2 or pkcs11-tool (packages softhsm2, opensc) is not installed'
const PIN = 'p1n-of-the-test'

describe('the CA key in a token (SoftHSM2)', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-'))
  const tokens = join(folder, 'tokens')
  const file = (name: string): string => join(folder, name)
  const kept = process.env.SOFTHSM2_CONF
  let monotonic = 0
  const open = () => new Pkcs11Tool(MODULE ?? '', () => monotonic)

  before(() => {
    mkdirSync(tokens)
    writeFileSync(file('softhsm2.conf'), `directories.tokendir = ${tokens}\nlog.level = ERROR\n`)
    process.env.SOFTHSM2_CONF = file('softhsm2.conf')
    const words = ['--init-token', '--free', '--label', 'our ca', '--pin', PIN, '--so-pin', 'so-pin']
    execFileSync('softhsm2-util', words, { stdio: 'pipe', timeout: 20_000 })
  })
  after(() => {
    if (kept === undefined) delete process.env.SOFTHSM2_CONF
    else process.env.SOFTHSM2_CONF = kept
    rmSync(folder, { recursive: true, force: true })
  })

  async function openInToken(algorithm: 'p256' | 'rsa3072') {
    const { parts: common, database } = await openAuthorityBench()
    common.clock.advance(Date.now() - common.clock.now())
    const parts: AuthorityParts = { ...common, tokens: open() }
    const authority = await CertificateAuthority.open(parts)
    const rollover = new Rollover(authority, { ...parts, anchors: new AnchorStore(database.kysely) })
    const token = { token: 'our ca', pin: PIN }
    await rollover.prepare({ algorithm, token }, false)
    await rollover.switch(true)
    return { parts, store: common.store, authority, rollover, database }
  }

  const request = () => ({
    kind: 'client',
    template: USER_AUTHENTICATION,
    subject: distinguishedName(['CN', 'alice']),
    san: [{ kind: 'upn', name: 'alice' } as const],
    publicKey: generateKeyPairFor('p256').publicKey,
    days: 30,
  })

  for (const algorithm of ['p256', 'rsa3072'] as const) {
    it(`ok/${algorithm}: made in the token, it signs certificates and CRLs that openssl verifies`, async () => {
      const { authority, parts } = await openInToken(algorithm)
      assert.equal(authority.currentIssuer.token, 'our ca')
      const leaf = await authority.issue(request())
      writeFileSync(file('chain.pem'), authority.chainPem(leaf))
      writeFileSync(file('root.pem'), encodePem('CERTIFICATE', authority.root.der))
      const now = parts.clock.now()
      const times = { thisUpdate: now - 1000, nextUpdate: now + 86_400_000 }
      const crl = createCrl({ issuer: authority.currentIssuer, number: 1, revoked: [], ...times })
      writeFileSync(file('crl.pem'), encodePem('X509 CRL', crl.der))
      const words = ['-CAfile', 'root.pem', '-untrusted', 'chain.pem', '-crl_check', '-CRLfile', 'crl.pem']
      execFileSync('openssl', ['verify', ...words, 'chain.pem'], { cwd: folder, stdio: 'pipe' })
      const [row] = (await parts.authorities.list()).filter(
        ({ state, role }) => state === 'active' && role === 'issuing',
      )
      assert.equal(row?.key_sealed, null)
      assert.ok(!JSON.stringify(row).includes(PIN), 'the PIN rests sealed')
    })
  }

  it('ok/the token goes and comes back: unavailable meanwhile, and nothing is lost', async () => {
    const { authority, store, parts } = await openInToken('p256')
    renameSync(tokens, `${tokens}-away`)
    const gone = (error: unknown) =>
      error instanceof UpstreamError &&
      error.code === 'ca-key-unavailable' &&
      /token "our ca"/.test(error.message)
    await assert.rejects(authority.issue(request()), gone)
    const { rows } = await store.list({ kind: 'client', limit: 10 }, Date.now())
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['recorded'],
      'what may have been signed is known',
    )
    // A start without the token: all but signing works.
    const again = await CertificateAuthority.open(parts)
    assert.equal(again.issuing.fingerprint, authority.issuing.fingerprint)
    renameSync(`${tokens}-away`, tokens)
    monotonic += 60_000
    assert.ok(await authority.issue(request()))
  })

  it('fail/a token that is not there is found out before anything changes; no module, too', async () => {
    const { authority, rollover } = await openInToken('p256')
    const before = authority.all.length
    const token = { token: 'nobody', pin: PIN }
    await assert.rejects(
      rollover.prepare({ algorithm: 'p256', token }, false),
      (error) => error instanceof RequestError && /no token of this label/.test(error.message),
    )
    assert.equal(authority.all.length, before)
    const { parts, database } = await openAuthorityBench()
    const without = new Rollover(await CertificateAuthority.open(parts), {
      ...parts,
      anchors: new AnchorStore(database.kysely),
    })
    await assert.rejects(without.prepare({ algorithm: 'p256', token }, false), {
      code: 'pkcs11-module-missing',
    })
  })

  it('fail/a wrong PIN is not tried until the token locks, and stands in no argument', () => {
    const tool = open()
    const key = { token: 'our ca', id: 'ab', pin: 'wrong' }
    const signer = tool.signer(key, generateKeyPairFor('p256').publicKey)
    for (let tries = 0; tries < 20; tries++) {
      assert.throws(() => signer.sign('sha256', new Uint8Array(3)), /refuses the PIN/)
    }
    const script = file('tool')
    writeFileSync(script, '#!/bin/sh\necho "$@" >&2\nenv | grep -c PIN >&2\nexit 7\n', { mode: 0o755 })
    const spied = new Pkcs11Tool(MODULE ?? '', () => 0, { program: script })
    assert.throws(
      () =>
        spied
          .signer({ ...key, pin: PIN }, generateKeyPairFor('p256').publicKey)
          .sign('sha256', new Uint8Array(3)),
      (error: Error) => !error.message.includes(PIN) && /ended with 7/.test(error.message),
    )
    const shown = spawnSync(script, ['--pin', 'env:SALLYPORT_TOKEN_PIN'], { encoding: 'utf8' }).stderr
    assert.ok(!shown.includes(PIN))
  })

  it('fail/a signature that is not of the CA key never leaves', () => {
    const script = file('forger')
    writeFileSync(script, '#!/bin/sh\ncat >/dev/null\nprintf nonsense\n', { mode: 0o755 })
    const forger = new Pkcs11Tool(MODULE ?? '', () => 0, { program: script })
    const { publicKey } = generateKeyPairFor('p256')
    const signer = forger.signer({ token: 'our ca', id: 'ab', pin: PIN }, publicKey)
    assert.throws(() => signer.sign('sha256', new Uint8Array(3)), /signature is not of the CA key/)
  })

  it('fail/a token that hangs is waited for once, then left alone', () => {
    const script = file('hang')
    writeFileSync(script, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    const slow = new Pkcs11Tool(MODULE ?? '', () => 0, { program: script, signTimeout: 500 })
    const signer = slow.signer({ token: 'our ca', id: 'ab', pin: PIN }, generateKeyPairFor('p256').publicKey)
    const begun = performance.now()
    for (let tries = 0; tries < 5; tries++) {
      assert.throws(() => signer.sign('sha256', new Uint8Array(3)), /did not answer in time/)
    }
    assert.ok(performance.now() - begun < 1_500)
  })
})
