/** A certificate of the own CA from `sallyport certificates issue` to its revocation; supplicant and judge are foreign. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { ReceiptRow } from '@sallyport/lab/admin-api'
import { skipReason } from '@sallyport/lab/debian'
import { type EapolResult, type EapolTest, eapolTest } from '@sallyport/lab/eapol-test'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'
import { relayHoldingAccept } from './radius-relay.ts'

const CLI = join(import.meta.dirname, '../src/cli/sallyport.js')
const TLS12 = 'phase1="tls_disable_tlsv1_3=1"'
const TLS13 = 'phase1="tls_disable_tlsv1_3=0"'

interface Issued {
  readonly serial: string
  readonly certificate: string
  readonly key: string
  readonly ca: string
  readonly output: string
}

describe('certificates of the own CA', { skip: skipReason('eapoltest', 'openssl') }, () => {
  const folder = temporaryFolder()
  let server: Sallyport
  let secret = ''
  let count = 0

  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    secret = / {3}secret (\S+)$/m.exec(server.process.output())?.[1] ?? assert.fail('no secret was shown')
    await server.api.send('POST', '/users', { name: 'carol', groups: ['VPN Users'] })
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function issue(user = 'demo', ...args: string[]): Promise<Issued> {
    const out = join(folder.path, `issued-${++count}`)
    // The template of the first start lets one account have a handful; here it gets many.
    const words = ['--user', user, '--out', out, '--template', 'built-in', ...args]
    const { code, output } = await server.cli('certificates', 'issue', ...words)
    assert.equal(code, 0, output)
    const serial = /^Issued ([0-9a-f]+) /.exec(output)?.[1] ?? assert.fail(output)
    const at = (file: string): string => join(out, file)
    return { serial, certificate: at(`${user}.pem`), key: at(`${user}.key`), ca: at('ca.pem'), output }
  }

  async function revoke({ serial }: Issued): Promise<void> {
    const { code, output } = await server.cli('certificates', 'revoke', serial, '--reason', 'keyCompromise')
    assert.equal(code, 0, output)
  }

  const tls = (issued: Issued, ...lines: string[]): string[] => [
    'eap=TLS',
    'identity="demo"',
    `ca_cert="${issued.ca}"`,
    `client_cert="${issued.certificate}"`,
    `private_key="${issued.key}"`,
    ...lines,
  ]
  /** The name inside the tunnel is that of somebody else: it must not count. */
  const peap = (issued: Issued, ...lines: string[]): string[] => [
    'eap=PEAP',
    'identity="carol"',
    'anonymous_identity="anonymous"',
    'phase2="auth=TLS"',
    `ca_cert="${issued.ca}"`,
    `ca_cert2="${issued.ca}"`,
    `client_cert2="${issued.certificate}"`,
    `private_key2="${issued.key}"`,
    ...lines,
  ]

  function supplicant(
    network: readonly string[],
    { repeat = 0, port = server.authPort } = {},
  ): EapolTest & { readonly mac: string } {
    const mac = `02:00:00:00:01:${(++count).toString(16).padStart(2, '0').toUpperCase()}`
    return { network, folder: folder.path, server: { port, secret }, mac, repeat, seconds: 5 }
  }

  async function receipts({ mac }: { mac: string }, least = 1): Promise<ReceiptRow[]> {
    return await until(`${least} receipts of ${mac}`, async () => {
      const rows = await server.api.receipts({ limit: '500' })
      const own = rows.filter(({ callingStationId }) => callingStationId === mac.replaceAll(':', '-'))
      return own.length >= least ? own.toReversed() : undefined
    })
  }

  async function logIn(network: readonly string[]): Promise<{ login: EapolResult; receipt: ReceiptRow }> {
    const test = supplicant(network)
    const login = await eapolTest(test)
    const [receipt] = await receipts(test)
    return { login, receipt: receipt ?? assert.fail('no receipt') }
  }

  async function assertIn(network: readonly string[], version: string): Promise<void> {
    const { login, receipt } = await logIn(network)
    assert.ok(login.success, login.output.slice(-2000))
    assert.deepEqual([login.keys?.mismatch, login.tlsVersion], [0, version])
    assert.deepEqual([receipt.outcome, receipt.user], ['accept', 'demo'])
  }

  /** @param reasons where two speak against it, whichever reached the worker first is told */
  async function assertRefused(network: readonly string[], ...reasons: string[]): Promise<void> {
    const { login, receipt } = await logIn(network)
    assert.deepEqual([login.accepted, login.rejected], [false, true])
    assert.equal(receipt.outcome, 'reject')
    assert.ok(reasons.includes(String(receipt.reason)), String(receipt.sentence))
  }

  it('ok/issued by one command: logs in by EAP-TLS and inside PEAP, and is refused once revoked', async () => {
    const issued = await issue()
    assert.equal(statSync(issued.key).mode & 0o777, 0o600)
    await assertIn(tls(issued, TLS12), 'TLSv1.2')
    await assertIn(tls(issued, TLS13), 'TLSv1.3')
    await assertIn(peap(issued, TLS12), 'TLSv1.2')
    await revoke(issued)
    for (const network of [tls(issued, TLS12), tls(issued, TLS13), peap(issued, TLS12)])
      await assertRefused(network, 'certificate-revoked')
    const { output } = await server.cli('certificates', 'list', issued.serial)
    assert.match(output, /client +CN=demo .*revoked \(keyCompromise\)/)
  })

  it('ok/the line that issue prints logs in, by the template of the first start', async () => {
    const { output } = await issue('demo', '--template', 'user')
    const line = /^ {2}npx sallyport (test eap-tls .*)$/m.exec(output)?.[1] ?? assert.fail(output)
    const words = [CLI, ...line.split(' '), '--port', String(server.authPort)]
    const test = await runToEnd(process.execPath, words, {
      env: { ...process.env, SALLYPORT_TEST_SECRET: secret },
    })
    assert.equal(test.code, 0, test.output)
  })

  for (const [name, network] of [
    ['EAP-TLS 1.2', (issued: Issued) => tls(issued, TLS12)],
    ['EAP-TLS 1.3', (issued: Issued) => tls(issued, TLS13)],
    ['PEAP 1.2 with EAP-TLS inside', (issued: Issued) => peap(issued, TLS12)],
  ] as const) {
    it(`fail/a resumed login after the revocation: ${name}`, async () => {
      const issued = await issue()
      await using relay = await relayHoldingAccept(server.authPort, () => revoke(issued))
      const test = supplicant(network(issued), { repeat: 1, port: relay.port })
      const { output } = await eapolTest(test)
      const [accepted, refused] = await receipts(test, 2)
      assert.deepEqual([accepted?.outcome, accepted?.user], ['accept', 'demo'])
      assert.deepEqual([refused?.outcome, refused?.reason], ['reject', 'certificate-revoked'])
      // The receipt of a login that failed does not say whether it was resumed; the supplicant does.
      assert.match(output.slice(output.lastIndexOf('code=2 (Access-Accept)')), /resumed=1/)
    })
  }

  it('ok/a resumed tunnel is of the user in the certificate, whatever the name inside', async () => {
    const test = supplicant(peap(await issue(), TLS12), { repeat: 1 })
    const { success } = await eapolTest(test)
    const rows = await receipts(test, 2)
    const second = await server.api.receipt(rows[1]?.id ?? '')
    assert.deepEqual([success, second.body.eap?.resumed], [true, true])
    assert.deepEqual(
      rows.map(({ user }) => user),
      ['demo', 'demo'],
    )
  })

  it('fail/a certificate of a user who is disabled', async () => {
    const issued = await issue('carol')
    const { login } = await logIn(tls(issued))
    assert.ok(login.success, 'before')
    await server.api.changeUser('carol', { disabled: true })
    try {
      // The account says so at once; its certificates are put on hold right after.
      await assertRefused(tls(issued), 'account-disabled', 'certificate-revoked')
    } finally {
      await server.api.changeUser('carol', { disabled: false })
    }
  })

  it('fail/a certificate of a user who was deleted, also where somebody has the name again', async () => {
    const dora = { name: 'dora', groups: ['VPN Users'] }
    await server.api.send('POST', '/users', dora)
    const former = await issue('dora')
    const { login } = await logIn(tls(former))
    assert.ok(login.success, 'before')
    await server.api.send('DELETE', '/users/dora')
    // With the account its certificates are revoked.
    await assertRefused(tls(former), 'user-not-found', 'certificate-revoked')
    await server.api.send('POST', '/users', dora)
    for (const network of [tls(former, TLS12), tls(former, TLS13), peap(former, TLS12)]) {
      await assertRefused(network, 'certificate-no-mapping', 'certificate-revoked')
    }
    const { login: fresh, receipt } = await logIn(tls(await issue('dora')))
    assert.deepEqual([fresh.success, receipt.user], [true, 'dora'])
  })

  it('ok/a request of openssl is signed; its subject is ignored, and the name of another is refused', async () => {
    const [key, request] = [join(folder.path, 'own.key'), join(folder.path, 'own.csr')]
    const make = async (...names: string[]) => {
      const made = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', ...names, '-keyout', key, '-out', request]
      assert.equal((await runToEnd('openssl', made)).code, 0)
    }
    await make('-subj', '/CN=carol', '-addext', 'subjectAltName=email:carol@example.org')
    const foreign = await server.cli(
      ...['certificates', 'issue', '-u', 'demo', '--request', request, '--out', folder.path],
    )
    assert.equal(foreign.code, 1)
    assert.match(foreign.output, /asks for the name email:carol@example\.org, which is not its own/)
    await make('-subj', '/CN=carol')
    const issued = await issue('demo', '--request', request)
    assert.deepEqual(readdirSync(join(issued.ca, '..')).sort(), ['ca.pem', 'demo.pem'])
    await assertIn(tls({ ...issued, key }, TLS12), 'TLSv1.2')
    writeFileSync(request, 'rubbish')
    const wrong = await server.cli(
      'certificates',
      'issue',
      '-u',
      'demo',
      '--request',
      request,
      '--out',
      folder.path,
    )
    assert.deepEqual([wrong.code, /cannot be read: it must be PKCS #10 in PEM/.test(wrong.output)], [1, true])
  })

  it('fail/unknown users, unknown serials, CAs: told, and nothing is written', async () => {
    const out = join(folder.path, 'nobody')
    const nobody = await server.cli('certificates', 'issue', '--user', 'nobody', '--out', out)
    assert.deepEqual([nobody.code, nobody.output], [1, 'There is no user "nobody".\n'])
    assert.deepEqual(readdirSync(out), [])
    const unknown = await server.cli('certificates', 'revoke', '4a01')
    assert.deepEqual(
      [unknown.code, /no certificate with serial 4a01\. Give the whole/.test(unknown.output)],
      [1, true],
    )
    const { items } = await server.api.send<{ items: { serial: string; kind: string }[] }>(
      'GET',
      '/certificates',
    )
    assert.ok(!JSON.stringify(items).includes('PRIVATE KEY'))
    for (const { serial } of items.filter(({ kind }) => kind.endsWith('-ca'))) {
      const { code, output } = await server.cli('certificates', 'revoke', serial)
      assert.deepEqual([code, output], [1, `${serial} cannot be revoked: it is a CA.\n`])
    }
  })

  it('ok/openssl agrees with chain and CRL before and after the revocation, which may be said twice', async () => {
    const issued = await issue()
    const verify = async () => {
      const { crl } = await server.api.send<{ crl: string }>('GET', '/ca')
      const file = join(folder.path, 'crl.pem')
      writeFileSync(file, crl)
      const crls = ['-crl_check', '-CRLfile', file, '-purpose', 'sslclient']
      const chain = ['-CAfile', issued.ca, '-untrusted', issued.certificate, issued.certificate]
      return (await runToEnd('openssl', ['verify', ...crls, ...chain])).output
    }
    assert.equal(await verify(), `${issued.certificate}: OK\n`)
    await revoke(issued)
    assert.match(await verify(), /certificate revoked/)
    await revoke(issued)
  })

  it('ok/a certificate names the realm where it has a suffix, and leads back to its user', async () => {
    const realms = [{ name: 'default', default: true, suffixes: ['corp.test'], sources: ['local'] }]
    await server.api.apply(JSON.stringify({ realms }))
    const issued = await issue()
    assert.match(issued.output, /^Issued \S+ for demo@corp\.test,/)
    const text = await runToEnd('openssl', [
      'x509',
      '-noout',
      '-ext',
      'subjectAltName',
      '-in',
      issued.certificate,
    ])
    assert.match(text.output, /demo@corp\.test/)
    await assertIn(tls(issued, TLS13), 'TLSv1.3')
  })

  it('ok/no key of a user is kept, and who did what stands in the audit trail', () => {
    const database = readFileSync(join(server.data, 'sallyport.db')).toString('latin1')
    const log = readFileSync(join(server.data, 'sallyport.db-wal')).toString('latin1')
    assert.ok(!`${database}${log}${server.process.output()}`.includes('BEGIN PRIVATE KEY'))
    assert.match(`${database}${log}`, /POST \/api\/v1\/certificates\/:serial\/revoke/)
  })
})
