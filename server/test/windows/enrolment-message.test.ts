import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { certificateNames, PkiError } from '@sallyport/pki'
import { parseEnrolmentMessage } from '@sallyport/pki/windows'
import { buildRequest } from './messages.ts'

const skip = skipReason('python3-asn1crypto', 'openssl')

describe('certificate requests as Windows wraps them', { skip }, () => {
  const folder = temporaryFolder('cmc-')
  const file = (name: string) => join(folder.path, name)
  const octets = (name: string) => Uint8Array.from(readFileSync(file(name)))
  const openssl = async (...words: readonly string[]) => {
    const { code, output } = await runToEnd('openssl', words)
    assert.equal(code, 0, output)
  }
  before(async () => {
    for (const name of ['new', 'old', 'other'])
      await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file(`${name}.key`))
    for (const name of ['old', 'other'])
      await openssl('req', '-x509', '-key', file(`${name}.key`), '-subj', `/CN=${name}`, '-out', file(name))
    const key = ['--key', file('new.key')]
    await buildRequest('pkcs10', ...key, '--subject', 'ws1', '--out', file('p10'))
    await buildRequest('pkcs10', ...key, '--renews', file('old'), '--out', file('renewal'))
    const signed = ['--old-key', file('old.key'), '--old', file('old')]
    await buildRequest('pkcs7', '--in', file('renewal'), ...signed, '--out', file('p7'))
    await buildRequest('cmc', ...key, '--in', file('renewal'), ...signed, '--out', file('cmc-renewal'))
  })
  after(() => folder[Symbol.dispose]())

  const cmc = async (...words: readonly string[]) => {
    await buildRequest('cmc', '--key', file('new.key'), '--in', file('p10'), ...words, '--out', file('cmc'))
    return octets('cmc')
  }
  const refused = (message: Uint8Array, pattern: RegExp) =>
    assert.throws(
      () => parseEnrolmentMessage(message),
      (error) => error instanceof PkiError && pattern.test(error.message),
    )

  test('ok/PKCS #10, CMC by the new key, CMC by nobody', async () => {
    for (const [form, message] of [
      ['pkcs10', octets('p10')],
      ['cmc', await cmc()],
      ['cmc', await cmc('--no-sign')],
    ] as const) {
      const read = parseEnrolmentMessage(message)
      assert.equal(read.form, form)
      assert.deepEqual(Buffer.from(read.request), Buffer.from(octets('p10')))
      assert.equal(read.renews, undefined)
      assert.ok(read.parsed.proofOfPossession)
    }
  })

  test('ok/what stands beside the request', async () => {
    const info = 'CertificateTemplate=User%20Two&rmd=ws1'
    assert.deepEqual(parseEnrolmentMessage(await cmc('--reg-info', info)).attributes, [
      ['CertificateTemplate', 'User Two'],
      ['rmd', 'ws1'],
    ])
  })

  test('ok/renewals: PKCS #7 and CMC, signed by the old key', () => {
    for (const name of ['p7', 'cmc-renewal']) {
      const { renews } = parseEnrolmentMessage(octets(name))
      assert.ok(renews)
      assert.match(certificateNames(renews).subject, /CN=old/)
    }
  })

  test('fail/a renewal the old key did not sign', async () => {
    refused(octets('renewal'), /its key did not sign/)
    const forged = ['--old-key', file('other.key'), '--old', file('old')]
    await buildRequest('pkcs7', '--in', file('renewal'), ...forged, '--out', file('forged'))
    refused(octets('forged'), /signature of the certificate that is renewed/)
    const another = ['--old-key', file('other.key'), '--old', file('other')]
    await buildRequest('pkcs7', '--in', file('renewal'), ...another, '--out', file('another'))
    refused(octets('another'), /another certificate to renew/)
  })

  test('fail/CMC with two requests, or signed by a key that is not certified', async () => {
    refused(await cmc('--two'), /exactly one/)
    await buildRequest('cmc', '--key', file('other.key'), '--in', file('p10'), '--out', file('foreign'))
    refused(octets('foreign'), /signature of the new key/)
  })

  test('fail/every cut and every changed length: its own error, and nothing else', () => {
    for (const name of ['p10', 'p7', 'cmc-renewal']) {
      const whole = octets(name)
      for (let at = 0; at < whole.length; at += name === 'p10' ? 1 : 3)
        assert.throws(() => parseEnrolmentMessage(whole.subarray(0, at)), PkiError)
      for (let at = 0; at < whole.length; at += 2) {
        const changed = Uint8Array.from(whole)
        changed[at] = (changed[at] as number) ^ 0x81
        try {
          parseEnrolmentMessage(changed)
        } catch (error) {
          assert.ok(error instanceof PkiError, `${name} at ${at}: ${error}`)
        }
      }
    }
  })
})
