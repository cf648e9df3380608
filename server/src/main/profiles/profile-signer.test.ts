/** What openssl says of signed profiles; it shares no code with what signs. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { encodePem } from '@sallyport/pki'
import { ALICE } from '../../enrolment/registration/testing.ts'
import { appleMobileconfig } from '../../profiles/apple/apple-mobileconfig.ts'
import { DOCUMENT, openMakerBench } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'signed-'))
after(() => rmSync(folder, { recursive: true }))

describe('ProfileSigner', () => {
  let signed: Buffer
  let plain = ''
  const rootFile = join(folder, 'root.pem')

  before(async () => {
    const { maker, authority } = await openMakerBench({
      outputs: [appleMobileconfig],
      document: { connections: DOCUMENT.connections },
    })
    writeFileSync(rootFile, encodePem('CERTIFICATE', authority.root.der))
    const wish = {
      ...{ connection: 'By password', output: 'apple-mobileconfig', identity: ALICE },
      asker: { by: 'administrator', name: 'ada' },
    } as const
    const [file] = (await maker.plan(wish).make()).files
    signed = Buffer.from(file?.content as Uint8Array)
    const [xml] = (await maker.plan({ ...wish, unsigned: true }).make()).files
    plain = xml?.content as string
  })

  const verify = (octets: Uint8Array, ...args: string[]) =>
    spawnSync('openssl', ['cms', '-verify', '-inform', 'DER', '-binary', ...args], { input: octets })

  // Clocks of tests stand in the future.
  const trusted = () => ['-CAfile', rootFile, '-no_check_time']

  it('ok/openssl-verifies-it-with-our-root-and-gives-the-xml-back', () => {
    const { status, stdout, stderr } = verify(signed, ...trusted())
    assert.equal(status, 0, stderr.toString())
    assert.match(stderr.toString(), /Verification successful/)
    assert.equal(stdout.toString(), plain)
    assert.match(plain, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE plist/)
  })

  it('ok/openssl-shows-signer-chain-digest-and-time', () => {
    const args = ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER']
    const printed = execFileSync('openssl', args, { input: signed }).toString()
    assert.equal(printed.match(/subject: .*CN=Sallyport profile signer/g)?.length, 1)
    assert.match(printed, /digestAlgorithm: *\n +algorithm: sha256/)
    assert.match(printed, /object: signingTime[\s\S]*UTCTIME:/)
    assert.equal(printed.match(/^ +d\.certificate:/gm)?.length, 3, 'signer, issuing CA, root')
  })

  it('fail/modified', () => {
    const at = signed.indexOf('vpn.example.org')
    assert.ok(at > 0)
    const changed = Buffer.from(signed)
    changed.write('vpn.example.com', at)
    const { status, stderr } = verify(changed, ...trusted())
    assert.notEqual(status, 0)
    assert.match(stderr.toString(), /digest failure|content verify error/)
  })

  it('fail/without-our-root', () => {
    const { status, stderr } = verify(signed, '-no-CAfile', '-no-CApath', '-no-CAstore', '-no_check_time')
    assert.notEqual(status, 0)
    assert.match(stderr.toString(), /self.signed certificate in certificate chain/)
  })

  it('fail/as-a-certificate-of-a-client', () => {
    const { status } = verify(signed, ...trusted(), '-purpose', 'sslclient')
    assert.notEqual(status, 0)
  })
})
