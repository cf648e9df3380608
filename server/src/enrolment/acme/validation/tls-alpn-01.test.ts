/** RFC 8737 and 8738, with certificates made by OpenSSL. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createServer, type TlsOptions } from 'node:tls'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { acmeSchema } from '../../../config/sections/enrolment/acme.ts'
import { render } from '../../../reasons/index.ts'
import { Validator } from './validator.ts'

const KEY_AUTHORIZATION = 'token.thumbprint'
const folder = temporaryFolder('tls-alpn-')
const closers: (() => void)[] = []
after(() => {
  for (const close of closers) close()
  folder[Symbol.dispose]()
})
let made = 0

/** @param extension value of acmeIdentifier in the syntax of openssl; absent: none */
function certificate(san: string, extension?: string): { cert: string; key: string } {
  const at = (name: string): string => join(folder.path, `${name}${made}`)
  made++
  const extensions = ['-addext', `subjectAltName=${san}`]
  if (extension !== undefined) extensions.push('-addext', `1.3.6.1.5.5.7.1.31=${extension}`)
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', '/CN=x', '-keyout', at('key'), '-out', at('cert'), ...extensions],
    ],
    { stdio: 'ignore' },
  )
  return { cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') }
}

async function prove(options: TlsOptions, seen: string[] = []): Promise<string> {
  const server = createServer({
    ...options,
    SNICallback: (name, done) => {
      seen.push(name)
      done(null)
    },
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  const tlsPort = (server.address() as AddressInfo).port
  const { validation } = acmeSchema.parse({
    validation: { tlsPort, networks: ['127.0.0.1/32'], timeoutSeconds: 3 },
  })
  const found = await new Validator(() => validation, []).prove({
    name: { identifier: { type: 'ip', value: '127.0.0.1' }, wildcard: false },
    challenge: 'tls-alpn-01',
    token: 'token',
    keyAuthorization: KEY_AUTHORIZATION,
  })
  return found === undefined ? 'proved' : `${found.type}: ${render(found.reason).sentence}`
}

const octets = (text: string): string => `DER:0420${hash('sha256', text, 'hex')}`
const ALPN = { ALPNProtocols: ['acme-tls/1'] }

describe('tls-alpn-01', { skip: skipReason('openssl') }, () => {
  it('ok/ the certificate of the challenge, asked for by the reverse name of the address', async () => {
    const seen: string[] = []
    const good = certificate('IP:127.0.0.1', `critical,${octets(KEY_AUTHORIZATION)}`)
    assert.equal(await prove({ ...good, ...ALPN }, seen), 'proved')
    assert.deepEqual(seen, ['1.0.0.127.in-addr.arpa'])
  })
  it('fail/ another key authorization, an extension that is not critical, none, or with more in it', async () => {
    const refusal = /^incorrectResponse: .*does not carry the key authorization/
    for (const extension of [
      `critical,${octets('token.another')}`,
      octets(KEY_AUTHORIZATION),
      undefined,
      `critical,${octets(KEY_AUTHORIZATION)}00`,
    ]) {
      assert.match(
        await prove({ ...certificate('IP:127.0.0.1', extension), ...ALPN }),
        refusal,
        String(extension),
      )
    }
  })
  it('fail/ another name, a name more, or the same as a DNS name', async () => {
    const extension = `critical,${octets(KEY_AUTHORIZATION)}`
    for (const san of ['IP:127.0.0.2', 'IP:127.0.0.1,DNS:www.example.org', 'DNS:127.0.0.1']) {
      const answer = await prove({ ...certificate(san, extension), ...ALPN })
      assert.match(answer, /^incorrectResponse: .*not for 127\.0\.0\.1 alone/, san)
    }
  })
  it('fail/ a server that does not speak acme-tls/1', async () => {
    const good = certificate('IP:127.0.0.1', `critical,${octets(KEY_AUTHORIZATION)}`)
    assert.match(await prove(good), /^tls: .*does not speak acme-tls\/1/)
    assert.match(await prove({ ...good, ALPNProtocols: ['http/1.1'] }), /^(tls|connection): /)
  })
})
