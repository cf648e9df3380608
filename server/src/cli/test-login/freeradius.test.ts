import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { issue, makeCa } from '../../../../lab/certificates.ts'
import { freeUdpPort } from '../../../../lab/free-port.ts'
import { FREERADIUS } from '../../../../lab/freeradius.ts'
import { type FreeRadiusTarget, startFreeRadiusTarget } from '../../../../lab/freeradius-target.ts'
import { temporaryFolder } from '../../../../lab/process.ts'
import { runCli } from '../testing.ts'

/** `sallyport test` against a foreign server: FreeRADIUS with every method it knows. */
const SECRET = 'testing123'
const PASSWORD = 'correct horse'

const missing = existsSync(FREERADIUS) ? undefined : 'FreeRADIUS is not installed (Debian package freeradius)'
if (missing !== undefined && process.env.CI !== undefined) throw new Error(missing)

describe('sallyport test against FreeRADIUS', { skip: missing ?? false }, () => {
  const folder = temporaryFolder()
  let server: FreeRadiusTarget | undefined
  let port = 0
  let tls: readonly string[] = []
  let client: readonly string[] = []
  let foreignCa = ''

  before(async () => {
    const ca = makeCa(join(folder.path, 'pki'), 'Test CA')
    foreignCa = makeCa(join(folder.path, 'other'), 'Other CA').certificate
    const name = {
      commonName: 'radius',
      subjectAltName: 'DNS:radius.example.org',
      extendedKeyUsage: 'serverAuth',
    }
    const own = issue(ca, 'server', name)
    const user = issue(ca, 'alice', { commonName: 'alice', subjectAltName: 'email:alice@example.org' })
    tls = ['--ca', ca.certificate]
    client = ['--cert', user.certificate, '--key', user.key]
    server = await startFreeRadiusTarget({
      folder: folder.path,
      secret: SECRET,
      user: { name: 'alice', password: PASSWORD },
      tls: { ...own, ca: ca.certificate },
    })
    port = server.port
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const login = (method: string, ...flags: readonly string[]) =>
    runCli(
      [
        'test',
        method,
        ...['--port', String(port), '--secret', SECRET, '--user', 'alice', '--timeout', '2', '--legacy'],
        ...(flags.includes('--password') ? [] : ['--password', PASSWORD]),
        ...flags,
      ],
      { realFiles: true },
    )

  for (const method of ['pap', 'chap', 'mschap', 'mschapv2', 'eap-md5', 'eap-gtc', 'eap-mschapv2']) {
    it(`ok/${method}`, async () => {
      const { code, out, err } = await login(method)
      assert.equal(code, 0, out + err)
      assert.match(out, /Access-Accept: the login works/)
      assert.match(out, /Reply-Message = welcome/)
      if (method.includes('mschap')) assert.match(out, /Encryption keys match/)
    })

    it(`fail/${method} with a wrong password`, async () => {
      const { code, out, err } = await login(method, '--password', 'wrong')
      assert.equal(code, 1, out + err)
      assert.match(out, /Access-Reject: /)
      if (method === 'eap-mschapv2') assert.match(out, /The name or the password is wrong/)
    })
  }

  for (const version of ['1.2', '1.3']) {
    it(`ok/eap-tls over TLS ${version}`, async () => {
      const { code, out, err } = await login('eap-tls', '--tls-version', version, ...tls, ...client)
      assert.equal(code, 0, out + err)
      assert.match(out, /Encryption keys match/)
    })
  }

  for (const inner of ['eap-mschapv2', 'eap-gtc', 'eap-tls']) {
    it(`ok/peap with ${inner} inside`, async () => {
      const certificate = inner === 'eap-tls' ? client : []
      const { code, out, err } = await login(
        'peap',
        '--inner',
        inner,
        '--anonymous',
        'anonymous',
        ...tls,
        ...certificate,
      )
      assert.equal(code, 0, out + err)
      assert.match(out, /Encryption keys match/)
    })
  }

  for (const inner of ['pap', 'chap', 'mschap', 'mschapv2', 'eap-md5', 'eap-gtc', 'eap-mschapv2']) {
    it(`ok/ttls with ${inner} inside`, async () => {
      const { code, out, err } = await login('ttls', '--inner', inner, '--anonymous', 'anonymous', ...tls)
      assert.equal(code, 0, out + err)
      assert.match(out, /Encryption keys match/)
    })
  }

  it('fail/peap with a wrong password', async () => {
    const { code, out } = await login('peap', '--password', 'wrong', ...tls)
    assert.equal(code, 1)
    assert.match(out, /Access-Reject: The server refused the login/)
  })

  it('fail/a server certificate of another CA', async () => {
    const { code, out } = await login('peap', '--ca', foreignCa)
    assert.equal(code, 1)
    assert.match(out, /The server's certificate is not from the CA given with --ca/)
  })

  it('fail/a server certificate for another name; ok/for the right one', async () => {
    const wrong = await login('peap', '--server-name', 'radius.example.com', ...tls)
    assert.equal(wrong.code, 1)
    assert.match(wrong.out, /The server's certificate is for another name/)
    const right = await login('peap', '--server-name', 'radius.example.org', ...tls)
    assert.equal(right.code, 0, right.out + right.err)
  })

  it('fail/a wrong shared secret', async () => {
    const { code, err } = await runCli([
      ...['test', 'pap', '--port', String(port), '--secret', 'wrong', '--user', 'alice'],
      ...['--password', PASSWORD, '--timeout', '1'],
    ])
    assert.equal(code, 1)
    assert.match(err, /No answer from 127\.0\.0\.1/)
    assert.match(err, /the shared secret is wrong/)
  })

  it('fail/an answer without Message-Authenticator, as this old server gives it to PAP', async () => {
    const { code, err } = await runCli([
      ...['test', 'pap', '--port', String(port), '--secret', SECRET, '--user', 'alice'],
      ...['--password', PASSWORD, '--timeout', '1'],
    ])
    assert.equal(code, 1)
    assert.match(err, /without Message-Authenticator: anybody could have forged it/)
  })

  it('fail/nothing listens there', async () => {
    const free = await freeUdpPort()
    const { code, err } = await runCli([
      ...['test', 'pap', '--port', String(free), '--secret', SECRET, '--user', 'alice'],
      ...['--password', PASSWORD, '--timeout', '1'],
    ])
    assert.equal(code, 1)
    assert.match(err, /Nothing listens on 127\.0\.0\.1/)
  })

  it('ok/--json is one JSON value', async () => {
    const { code, out } = await login('pap', '--json')
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(out), { outcome: 'accepted', keys: 'absent' })
  })
})
