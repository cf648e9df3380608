/** EST from the first password to the refused renewal. The clients are strongSwan, curl and OpenSSL; eapol_test logs in. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { issue, type LabCertificate, makeCa } from '@sallyport/lab/certificates'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { certificateText, opensslVerify, serialOf } from '@sallyport/lab/openssl'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { pkiEst, pkiEstCa, pkiKey, pkiRequest } from '@sallyport/lab/strongswan-pki'

const PASSWORD = 'correct horse: battery'
const SECRET = 'a-shared-secret-of-some-length'

const DOCUMENT = `
clients: [{ name: here, address: 127.0.0.1, secret: ${SECRET} }]
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, suffixes: [example.org], sources: [local] }]
trust: [{ name: own, kind: own }]
profiles: [{ name: standard }]
rules: [{ name: staff, when: '"staff" in user.groups', effect: accept, profiles: [standard] }]
groups: [{ name: staff }, { name: guests }]
users:
  - { name: alice, password: '${PASSWORD}', groups: [staff] }
  - { name: bob, password: '${PASSWORD}', groups: [guests] }
certificateTemplates:
  - { name: user, base: user, perHolder: 50, enrol: { groups: [staff] } }
  - { name: approved, base: user, perHolder: 50, approval: required, enrol: { groups: [staff] } }
enrolment: { est: { template: user, serverKeys: true } }
`

interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

describe('EST', { skip: skipReason('strongswan-pki', 'curl', 'openssl', 'eapoltest') }, () => {
  const folder = temporaryFolder('est-')
  const at = (name: string): string => join(folder.path, name)
  let server: Sallyport
  let url = ''
  const root = at('root.pem')
  const chain = at('ca.pem')

  before(async () => {
    mkdirSync(at('data'))
    server = await startSallyport({
      data: at('data'),
      args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1'],
    })
    await server.apply(DOCUMENT)
    url = `https://localhost:${server.enrolPort}`
    writeFileSync(root, readFileSync(join(server.data, 'ca.pem')))
    const { code, output } = await runToEnd('sh', [
      '-c',
      `curl -sS --cacert ${root} ${url}/.well-known/est/cacerts | openssl base64 -d -A | openssl pkcs7 -inform DER -print_certs -out ${chain}`,
    ])
    assert.equal(code, 0, output)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const strongswan = (
    name: string,
    proof: { userpass?: string; renew?: LabCertificate },
    dn = 'CN=alice',
    label = '',
  ) => pkiEst({ server: { url: `${url}${label}`, root }, folder: folder.path, name, dn, ...proof })

  async function enrolled(name: string): Promise<LabCertificate> {
    const { issued, output } = await strongswan(name, { userpass: `alice:${PASSWORD}` })
    return issued ?? assert.fail(output)
  }

  async function curl(path: string, ...args: string[]): Promise<Answer> {
    const { code, output } = await runToEnd('curl', [
      '-sS',
      '-i',
      '--http1.1',
      '--cacert',
      root,
      ...args,
      `${url}${path}`,
    ])
    assert.equal(code, 0, output)
    // After "100 Continue" comes the answer.
    const text = output.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, '')
    const [head = '', ...rest] = text.split('\r\n\r\n')
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: rest.join('\r\n\r\n') }
  }

  const AS_ALICE = ['-u', `alice:${PASSWORD}`]
  const post = (body: string, ...args: string[]): string[] => [
    ...['-H', 'Content-Type: application/pkcs10', '--data-binary', body, ...args],
  ]

  /** A request for a new key, in one line of base64. */
  async function request(name: string, dn = 'CN=alice'): Promise<string> {
    await pkiKey(at(`${name}.key`), 'ecdsa')
    await pkiRequest(at(`${name}.csr`), at(`${name}.key`), dn)
    return execFileSync('openssl', ['req', '-in', at(`${name}.csr`), '-outform', 'der']).toString('base64')
  }

  function certificateOf({ body }: Answer, name: string): string {
    const der = Buffer.from(body, 'base64')
    execFileSync('openssl', ['pkcs7', '-inform', 'DER', '-print_certs', '-out', at(name)], { input: der })
    return at(name)
  }

  async function login({ certificate, key }: LabCertificate) {
    const network = [
      'eap=TLS',
      'identity="alice"',
      `client_cert="${certificate}"`,
      `private_key="${key}"`,
      `ca_cert="${root}"`,
    ]
    const { success } = await eapolTest({
      network,
      server: { port: server.authPort, secret: SECRET },
      folder: folder.path,
    })
    return success
  }

  it('ok/strongSwan fetches the CA certificates, enrols with a password, logs in, renews, and logs in again', async () => {
    const authorities = await pkiEstCa({ url, root }, folder.path)
    assert.ok(authorities.succeeded, authorities.output)
    const first = await enrolled('first')
    assert.ok((await opensslVerify({ certificate: first.certificate, root, intermediates: [chain] })).ok)
    assert.match(await certificateText(first.certificate, '-subject', '-ext', 'subjectAltName'), /CN = alice/)
    assert.ok(await login(first))
    const renewed = await strongswan('renewed', { renew: first })
    assert.ok(renewed.issued, renewed.output)
    assert.notEqual(await serialOf(renewed.issued.certificate), await serialOf(first.certificate))
    assert.ok(await login(renewed.issued))
  })

  it('fail/strongSwan with a wrong password, outside the group, for another subject', async () => {
    const wrong = await strongswan('wrong', { userpass: 'alice:wrong' })
    assert.equal(wrong.issued, undefined)
    assert.match(wrong.output, /401/)
    assert.equal((await strongswan('bob', { userpass: `bob:${PASSWORD}` }, 'CN=bob')).issued, undefined)
    const first = await enrolled('own')
    assert.equal((await strongswan('other', { renew: first }, 'CN=administrator')).issued, undefined)
    assert.ok((await strongswan('same', { renew: first })).issued)
  })

  it('fail/a renewal with a revoked or a foreign certificate; the valid twin renews', async () => {
    const first = await enrolled('revoked')
    const body = await request('renewal')
    const renew = ({ certificate, key }: LabCertificate) =>
      curl('/.well-known/est/simplereenroll', ...post(body, '--cert', certificate, '--key', key))
    const foreign = issue(makeCa(at('foreign'), 'Foreign CA'), 'alice', {
      commonName: 'alice',
      subjectAltName: 'otherName:1.3.6.1.4.1.311.20.2.3;UTF8:alice@example.org',
    })
    const stranger = await renew(foreign)
    assert.equal(stranger.status, 403)
    assert.match(stranger.body, /certificate-untrusted-ca/)
    assert.equal((await curl('/.well-known/est/simplereenroll', ...post(body, ...AS_ALICE))).status, 403)
    assert.equal((await renew(first)).status, 200)
    const serial = (await serialOf(first.certificate)).toLowerCase()
    const { code, output } = await server.cli('certificates', 'revoke', serial, '--reason', 'keyCompromise')
    assert.equal(code, 0, output)
    const revoked = await renew(first)
    assert.equal(revoked.status, 403)
    assert.match(revoked.body, /certificate-revoked/)
  })

  it('ok/pending: the same request is one request', async () => {
    const body = await request('pending')
    const path = '/.well-known/est/approved/simpleenroll'
    const waits = await curl(path, ...post(body, ...AS_ALICE))
    assert.equal(waits.status, 202)
    assert.match(waits.head, /^retry-after: \d+$/im)
    assert.equal((await curl(path, ...post(body, ...AS_ALICE))).status, 202)
  })

  it('ok/what goes over the wire: one line, its length, and the certificate alone', async () => {
    const body = await request('wire')
    const wrapped = body.replace(/.{64}/g, '$&\r\n')
    const answer = await curl('/.well-known/est/user/simpleenroll', ...post(wrapped, ...AS_ALICE))
    assert.equal(answer.status, 200)
    assert.match(answer.head, /^content-type: application\/pkcs7-mime; smime-type=certs-only$/im)
    assert.match(answer.head, /^content-transfer-encoding: base64$/im)
    assert.match(answer.head, new RegExp(`^content-length: ${answer.body.length}$`, 'im'))
    assert.doesNotMatch(answer.head, /transfer-encoding: chunked/i)
    assert.ok(answer.head.length < 1000, 'strongSwan reads the head in its first 1024 octets')
    assert.doesNotMatch(answer.body, /\s/)
    const certificates = readFileSync(certificateOf(answer, 'wire.pem'), 'utf8').match(/BEGIN CERTIFICATE/g)
    assert.equal(certificates?.length, 1)
  })

  it('ok/csrattrs: the key a template wants, and nothing without one', async () => {
    assert.equal((await curl('/.well-known/est/nothing/csrattrs')).status, 204)
    const { status, head, body } = await curl('/.well-known/est/user/csrattrs')
    assert.equal(status, 200)
    assert.match(head, /application\/csrattrs/)
    const parsed = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], {
      input: Buffer.from(body, 'base64'),
    })
    assert.match(parsed.toString(), /id-ecPublicKey.*prime256v1/s)
  })

  it('ok/a key made by the server logs in; its parts read by openssl', async () => {
    const body = await request('keyless')
    const answer = await curl('/.well-known/est/user/serverkeygen', ...post(body, ...AS_ALICE))
    assert.equal(answer.status, 200, answer.body)
    const boundary = /boundary=([\w-]+)/.exec(answer.head)?.[1] ?? assert.fail(answer.head)
    const parts = answer.body.split(`--${boundary}`).slice(1, -1)
    const [key, certificate] = parts.map((part) => part.split('\r\n\r\n')[1]?.trim() ?? '')
    assert.match(parts[0] ?? '', /^\s*content-type: application\/pkcs8/i)
    const pem = execFileSync('openssl', ['pkey', '-inform', 'DER'], {
      input: Buffer.from(key ?? '', 'base64'),
    })
    writeFileSync(at('made.key'), pem)
    const file = certificateOf({ ...answer, body: certificate ?? '' }, 'made.pem')
    assert.ok(await login({ certificate: file, key: at('made.key') }))
  })

  it('fail/malformed, oversized, unknown template, another type, plain HTTP: each refused, and the server stands', async () => {
    const body = await request('good')
    const enrol = (sent: string, path = '/.well-known/est/user/simpleenroll') =>
      curl(path, ...post(sent, ...AS_ALICE))
    assert.equal((await enrol('')).status, 400)
    assert.equal((await enrol('AAAA')).status, 400)
    assert.equal((await enrol(body.slice(0, 200))).status, 400)
    writeFileSync(at('large'), 'A'.repeat(70_000))
    assert.equal((await enrol(`@${at('large')}`)).status, 413)
    assert.equal((await enrol(body, '/.well-known/est/nothing/simpleenroll')).status, 403)
    const args = ['--data-binary', body, ...AS_ALICE]
    assert.equal((await curl('/.well-known/est/user/simpleenroll', ...args)).status, 415)
    const plain = await runToEnd('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `http://127.0.0.1:${server.httpPort}/.well-known/est/cacerts`,
    ])
    assert.equal(plain.output.trim(), '404')
    assert.equal((await enrol(body)).status, 200)
  })

  it('fail/tls-unique in the challengePassword: right on this connection of TLS 1.2 alone', async () => {
    const script = join(import.meta.dirname, 'est-channel.py')
    const run = async (which: string) => {
      const args = [script, String(server.enrolPort), root, `alice:${PASSWORD}`, which, folder.path]
      return (await runToEnd('python3', args)).output.trim()
    }
    assert.equal(await run('right'), '200')
    assert.equal(await run('wrong'), '400')
    assert.equal(await run('tls13'), '400')
  })

  it('fail/guesses from one address are held back, and the account is not locked by it', async () => {
    const body = await request('guess')
    const enrol = (user: string) =>
      curl('/.well-known/est/user/simpleenroll', ...post(body, '-u', user, '--interface', '127.0.0.3'))
    for (let guess = 0; guess < 10; guess++) assert.equal((await enrol(`nobody${guess}:x`)).status, 401)
    assert.equal((await enrol(`alice:${PASSWORD}`)).status, 401)
    assert.match(server.process.output(), /enrolment-guessing/)
    assert.equal((await curl('/.well-known/est/user/simpleenroll', ...post(body, ...AS_ALICE))).status, 200)
  })
})
