import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { signMobileConfig } from './sign-mobileconfig.ts'

const SIGNED_AT = Date.UTC(2026, 0, 2, 3, 4, 5)

describe('signMobileConfig', { skip: skipReason('openssl') }, () => {
  it('ok/openssl-verifies-it-and-finds-chain-and-time', async () => {
    using folder = temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    const openssl = async (...args: readonly string[]) => {
      const { code, output } = await runToEnd('openssl', args)
      assert.equal(code, 0, output)
      return output
    }
    const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', at(`${name}.key`)]
    const made = ['-x509', '-days', '2', ...key('root'), '-subj', '/CN=Test Root', '-out', at('root.pem')]
    await openssl('req', ...made)
    await openssl('req', '-new', ...key('own'), '-subj', '/CN=Test Signer', '-out', at('own.csr'))
    const issuer = ['-CA', at('root.pem'), '-CAkey', at('root.key'), '-days', '2']
    await openssl('x509', '-req', '-in', at('own.csr'), ...issuer, '-out', at('own.pem'))

    const certificate = (name: string) =>
      parseCertificate(derOrPem('CERTIFICATE', readFileSync(at(name), 'utf8')))
    const signer = {
      certificate: certificate('own.pem'),
      privateKey: createPrivateKey(readFileSync(at('own.key'))),
      chain: [certificate('root.pem')],
    }
    const text = '<?xml version="1.0"?>\r\n<plist/>\n'
    writeFileSync(at('signed'), signMobileConfig(Buffer.from(text), signer, SIGNED_AT))

    const signed = ['cms', '-inform', 'DER', '-in', at('signed'), '-binary']
    const trust = ['-CAfile', at('root.pem'), '-purpose', 'any']
    await openssl(...signed, '-verify', ...trust, '-out', at('opened'), '-certsout', at('certificates'))
    assert.equal(readFileSync(at('opened'), 'utf8'), text)
    // The whole chain comes along: whoever trusts the root needs nothing else.
    const sent = readFileSync(at('certificates'), 'utf8').match(/-----BEGIN[^-]*-----[^-]*/g) ?? []
    const fingerprints = sent.map(
      (pem) => parseCertificate(derOrPem('CERTIFICATE', `${pem}-----END CERTIFICATE-----\n`)).fingerprint,
    )
    const wanted = [signer.certificate, ...signer.chain].map(({ fingerprint }) => fingerprint)
    assert.deepEqual(fingerprints.toSorted(), wanted.toSorted())
    const printed = await openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', at('signed'))
    assert.match(printed, /signingTime[\s\S]{0,120}Jan {2}2 03:04:05 2026 GMT/)
    assert.match(printed, /digestAlgorithm:\s+algorithm: sha256/)
  })
})
