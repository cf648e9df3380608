/** Revocation of foreign client certificates: the CA is `openssl ca`, the responder `openssl ocsp`, the supplicant eapol_test. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import type { Receipt, ReceiptRow } from '@sallyport/lab/admin-api'
import { skipReason } from '@sallyport/lab/debian'
import { type EapolResult, eapolTest } from '@sallyport/lab/eapol-test'
import { freeTcpPort } from '@sallyport/lab/free-port'
import { type Running, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'
import { attribute, PacketCode } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, Class, NasIpAddress, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import { relayHoldingAccept } from './radius-relay.ts'
import { CrlServer, type Issued, RevokingCa, startResponder } from './revoking-ca.ts'

interface TrustedCa {
  readonly lists: readonly { readonly lastError?: { readonly detail: string } }[]
}

const SECRET = 'secret-of-the-clients'
const [WLAN, VPN] = ['127.0.0.1', '127.0.0.2']
const TLS12 = 'phase1="tls_disable_tlsv1_3=1"'
const TLS13 = 'phase1="tls_disable_tlsv1_3=0"'

describe('revocation of client certificates', { skip: skipReason('eapoltest', 'openssl') }, () => {
  const folder = temporaryFolder()
  let server: Sallyport
  let crls: CrlServer
  let ocspPort = 0
  let responder: Running | undefined
  let [byCrl, byOcsp, plain]: RevokingCa[] = []
  let count = 0

  /** Rules of revocation by entry. */
  const rules: Record<string, object> = {}
  const purposes: Record<string, object> = {}

  async function apply(): Promise<void> {
    const entry = (name: string, ca: RevokingCa | undefined) => ({
      ...{ name, kind: 'pem', pem: readFileSync(ca?.certificate ?? '', 'utf8') },
      revocation: { hosts: ['127.0.0.1'], ...rules[name] },
      purpose: purposes[name] ?? {},
    })
    const trust = [entry('lists', byCrl), entry('answers', byOcsp), entry('plain', plain)]
    const document = JSON.stringify({
      clients: [
        { name: 'wlan', address: WLAN, secret: SECRET },
        { name: 'vpn', address: VPN, secret: SECRET },
      ],
      sources: [{ name: 'local', kind: 'local', passwordStorage: 'reversible' }],
      realms: [
        { name: 'corp', default: true, suffixes: ['corp.test'], sources: ['local'] },
        { name: 'other', suffixes: ['other.test'], sources: ['local'] },
      ],
      rules: [{ name: 'everybody', when: 'true', effect: 'accept' }],
      users: [{ name: 'alice', password: 'Vpn-Passw0rd!' }],
      trust,
    })
    // The first one takes the place of what the first start made.
    await (count === 0 ? server.apply(document) : server.api.apply(document))
  }

  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    crls = await CrlServer.start()
    ocspPort = await freeTcpPort()
    byCrl = new RevokingCa(join(folder.path, 'lists'), 'CA with lists', {
      crl: `http://127.0.0.1:${crls.port}/ca.crl`,
    })
    byOcsp = new RevokingCa(join(folder.path, 'answers'), 'CA with answers', {
      ocsp: `http://127.0.0.1:${ocspPort}/`,
    })
    plain = new RevokingCa(join(folder.path, 'plain'), 'CA without', {})
    crls.serve(byCrl.crl(3600))
    server = await startSallyport({ data, args: ['--bind', '0.0.0.0'] })
    await apply()
  })
  after(async () => {
    await responder?.stop()
    await server?.[Symbol.asyncDispose]()
    await crls?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const refresh = () => server.api.send<TrustedCa>('POST', '/trust/lists/refresh')
  const ca = (of: RevokingCa | undefined): RevokingCa => of ?? assert.fail('no CA')
  const network = (issued: Issued, ...lines: string[]): string[] => [
    ...['eap=TLS', 'identity="alice"', `ca_cert="${join(server.data, 'ca.pem')}"`],
    ...[`client_cert="${issued.certificate}"`, `private_key="${issued.key}"`, ...lines],
  ]

  interface Seen {
    readonly login: EapolResult
    readonly receipt: Receipt
    readonly rows: readonly ReceiptRow[]
    readonly seconds: number
  }

  async function logIn(
    issued: Issued,
    {
      from = WLAN,
      lines = [TLS12],
      repeat = 0,
      port = server.authPort,
    }: {
      from?: string
      lines?: readonly string[]
      repeat?: number
      port?: number
    } = {},
  ): Promise<Seen> {
    const mac = `02:00:00:00:03:${(++count).toString(16).padStart(2, '0').toUpperCase()}`
    const begun = performance.now()
    const login = await eapolTest({
      ...{ network: network(issued, ...lines), folder: folder.path, mac, from, repeat, seconds: 4 },
      server: { port, secret: SECRET },
    })
    const seconds = (performance.now() - begun) / 1000
    const rows = await until(`a receipt of ${mac}`, async () => {
      const own = (await server.api.receipts({ limit: '200' })).filter(
        ({ callingStationId }) => callingStationId === mac.replaceAll(':', '-'),
      )
      return own.length > repeat ? own : undefined
    })
    const receipt = await server.api.receipt(rows[0]?.id ?? '')
    return { login, receipt, rows, seconds }
  }

  async function assertIn(
    issued: Issued,
    authority: string,
    revocation: string,
    source: RegExp,
  ): Promise<void> {
    const { login, receipt } = await logIn(issued)
    assert.ok(login.success, `${receipt.sentence}\n${login.output.slice(-800)}`)
    const facts = receipt.body.facts.certificate as Record<string, string>
    assert.deepEqual([facts.authority, facts.revocation], [authority, revocation])
    assert.match(facts.revocationSource ?? '', source)
  }

  async function assertRefused(issued: Issued, code: string, sentence: RegExp, from = WLAN): Promise<Seen> {
    const seen = await logIn(issued, { from })
    const { login, receipt } = seen
    assert.equal(login.accepted, false)
    assert.equal(receipt.reason, code, String(receipt.sentence))
    assert.match(String(receipt.sentence), sentence)
    return seen
  }

  it('ok/by a CRL the certificate names, fetched once', async () => {
    const issued = ca(byCrl).issue('alice')
    await assertIn(issued, 'lists', 'crl', /^CRL 1000 of 127\.0\.0\.1:\d+, \d minutes old, asked just now$/)
    await assertIn(issued, 'lists', 'crl', /known from before$/)
    await assertIn(ca(byCrl).issue('alice'), 'lists', 'crl', /known from before$/)
    assert.equal(crls.requests, 1)
  })

  it('fail/revoked by the next CRL: after a refresh, resumed logins included', async () => {
    const issued = ca(byCrl).issue('alice')
    await using relay = await relayHoldingAccept(server.authPort, async () => {
      ca(byCrl).revoke(issued)
      crls.serve(ca(byCrl).crl(3600))
      const { code, output } = await server.cli('trust', 'refresh', 'lists')
      assert.equal(code, 0, output)
    })
    const { rows, login } = await logIn(issued, { repeat: 1, port: relay.port, lines: [TLS13] })
    assert.deepEqual(
      rows.map(({ outcome, reason }) => `${outcome} ${reason}`),
      ['reject certificate-revoked', 'accept accepted'],
    )
    assert.match(login.output.slice(login.output.lastIndexOf('code=2 (Access-Accept)')), /resumed=1/)
    await assertRefused(issued, 'certificate-revoked', /\(keyCompromise\), says CRL 1001 of 127\.0\.0\.1/)
  })

  it('ok/a session that is up is decided again when a fetched list names its certificate', async () => {
    const issued = ca(byCrl).issue('alice')
    const { receipt } = await logIn(issued)
    assert.equal(receipt.outcome, 'accept')
    const to = { host: '127.0.0.1', port: server.acctPort, secret: SECRET }
    const accounting = new RadiusClient(to)
    try {
      await accounting.send(PacketCode.AccountingRequest, [
        attribute(AcctStatusType, 1),
        attribute(AcctSessionId, 'session-1'),
        attribute(UserName, 'alice'),
        attribute(NasIpAddress, '127.0.0.1'),
        attribute(Class, fromUtf8(`sallyport:${receipt.id}`)),
      ])
    } finally {
      await accounting.close()
    }
    ca(byCrl).revoke(issued)
    crls.serve(ca(byCrl).crl(3600))
    await refresh()
    const action = await until('an action about the session of alice', async () => {
      const { items } = await server.api.send<{ items: { cause: string; changes: unknown }[] }>(
        'GET',
        '/grants?user=alice',
      )
      return items[0]
    })
    assert.match(JSON.stringify(action), /certificate-revoked/)
  })

  it('ok/a list survives a restart, though its server is gone', async () => {
    const { data, authPort, httpsPort, acctPort } = server
    await server[Symbol.asyncDispose]()
    crls.answer = { status: 503, octets: new Uint8Array() }
    const before = crls.requests
    const args = ['--bind', '0.0.0.0']
    server = await startSallyport({ data, authPort, httpsPort, acctPort, args })
    await assertIn(ca(byCrl).issue('alice'), 'lists', 'crl', /known from before$/)
    assert.equal(crls.requests, before)
  })

  it('fail/a CRL that ended, that another CA signed, that is no CRL, behind a redirect', async () => {
    const issued = ca(byCrl).issue('alice')
    crls.serve(ca(byCrl).crl(1))
    await refresh()
    await new Promise((done) => setTimeout(done, 1500))
    await assertRefused(issued, 'certificate-revocation-stale', /out of date: it ended /)
    for (const [answer, error] of [
      [{ status: 200, octets: ca(plain).crl(3600) }, /no CRL signed by the CA/],
      [{ status: 200, octets: Buffer.from('<html>') }, /no CRL signed by the CA/],
      [{ status: 302, octets: Buffer.of(), location: 'http://169.254.169.254/' }, /a redirect \(HTTP 302\)/],
      [{ status: 404, octets: Buffer.of() }, /HTTP 404/],
    ] as const) {
      crls.answer = answer
      const [list] = (await refresh()).lists
      assert.match(list?.lastError?.detail ?? '', error)
      await assertRefused(issued, 'certificate-revocation-stale', /out of date/)
    }
    crls.serve(ca(byCrl).crl(3600))
    await refresh()
    await assertIn(issued, 'lists', 'crl', /^CRL/)
  })

  it('ok/by OCSP, of the CA itself and of a responder it has certified', async () => {
    const first = ca(byOcsp).issue('alice')
    responder = await startResponder(ca(byOcsp), ocspPort)
    await assertIn(first, 'answers', 'ocsp', /^OCSP of 127\.0\.0\.1:\d+, 0 minutes old/)
    const issued = ca(byOcsp).issue('alice')
    await responder.stop()
    responder = await startResponder(ca(byOcsp), ocspPort, ca(byOcsp).issue('responder', 'responder'))
    await assertIn(issued, 'answers', 'ocsp', /asked just now$/)
    await assertIn(issued, 'answers', 'ocsp', /known from before$/)
  })

  it('fail/revoked and unknown by OCSP, a responder of another CA', async () => {
    const [bad, fine] = [ca(byOcsp).issue('alice'), ca(byOcsp).issue('alice')]
    ca(byOcsp).revoke(bad)
    await restart(ca(byOcsp))
    await assertRefused(bad, 'certificate-revoked', /\(keyCompromise\), says OCSP of 127\.0\.0\.1/)
    // Issued after the responder read its index: it does not know it.
    await assertRefused(
      ca(byOcsp).issue('alice'),
      'certificate-ocsp-unknown',
      /does not know the certificate/,
    )
    const stranger = { certificate: ca(plain).certificate, key: ca(plain).key }
    await restart(ca(byOcsp), stranger)
    await assertRefused(
      fine,
      'certificate-responder-untrusted',
      /not signed by its CA: its certificate is not of/,
    )
    await restart(ca(byOcsp), ca(byOcsp).issue('nobody'))
    await assertRefused(fine, 'certificate-responder-untrusted', /not for OCSP signing/)
  })

  async function restart(of: RevokingCa, signer?: Issued): Promise<void> {
    await responder?.stop()
    responder = await startResponder(of, ocspPort, signer)
  }

  it('fail/the responder is down: reject, or silence where that was chosen', async () => {
    const issued = ca(byOcsp).issue('alice')
    await responder?.stop()
    await assertRefused(
      issued,
      'certificate-revocation-unreachable',
      /at 127\.0\.0\.1:\d+: the connection was refused/,
    )
    rules.answers = { whenUnreachable: 'silence' }
    await apply()
    const { login, receipt } = await logIn(issued)
    assert.deepEqual([login.accepted, login.rejected], [false, false])
    assert.deepEqual([receipt.outcome, receipt.reason], ['drop', 'certificate-revocation-unreachable'])
  })

  it('ok/within grace by the last answer, and never without one', async () => {
    rules.answers = { whenUnreachable: 'accept-within-grace', graceHours: 1 }
    await apply()
    const [known, never] = [ca(byOcsp).issue('alice'), ca(byOcsp).issue('alice')]
    await responder?.stop()
    // Without a next update an answer counts for five minutes: too long to wait for, so one that ends at once.
    responder = await startResponder(ca(byOcsp), ocspPort, undefined, ['-nmin', '60'])
    await assertIn(known, 'answers', 'ocsp', /^OCSP/)
    await responder.stop()
    await assertIn(known, 'answers', 'ocsp', /known from before$/)
    await assertRefused(never, 'certificate-revocation-unreachable', /refused|left alone/)
    rules.lists = { whenUnreachable: 'accept-within-grace', graceHours: 1 }
    await apply()
    const listed = ca(byCrl).issue('alice')
    crls.serve(ca(byCrl).crl(1))
    await refresh()
    await new Promise((done) => setTimeout(done, 1500))
    crls.answer = { status: 503, octets: new Uint8Array() }
    await assertIn(listed, 'lists', 'grace', /^the last answer of 127\.0\.0\.1/)
    ca(byCrl).revoke(listed)
    crls.serve(ca(byCrl).crl(1))
    await refresh()
    await new Promise((done) => setTimeout(done, 1500))
    crls.answer = { status: 503, octets: new Uint8Array() }
    await assertRefused(listed, 'certificate-revoked', /keyCompromise/)
  })

  it('fail/a slow responder costs a login its deadline, and no other login anything', async () => {
    rules.answers = { ocspUrl: `http://127.0.0.1:${crls.port}/slow` }
    await apply()
    crls.answer = undefined
    const slow = assertRefused(
      ca(byOcsp).issue('alice'),
      'certificate-revocation-unreachable',
      /no answer within 2\.5 s/,
    )
    const others = await Promise.all([1, 2, 3].map(() => logIn(ca(plain).issue('alice'))))
    for (const { login, seconds } of others) {
      assert.ok(login.success, login.output.slice(-800))
      assert.ok(seconds < 2, `${seconds} s`)
    }
    const { seconds } = await slow
    assert.ok(seconds > 2 && seconds < 4.5, `${seconds} s`)
  })

  it('ok/a CA whose certificates name nobody: auto lets in, required does not', async () => {
    const issued = ca(plain).issue('alice')
    await assertIn(issued, 'plain', 'none', /names nobody to ask/)
    rules.plain = { check: 'required' }
    await apply()
    await assertRefused(issued, 'certificate-revocation-unnamed', /names neither an OCSP responder nor/)
    delete rules.plain
    await apply()
  })

  it('fail/hosts that are not allowed are not asked', async () => {
    const before = crls.requests
    crls.serve(ca(byCrl).crl(3600))
    rules.lists = { hosts: ['pki.example.org'] }
    await apply()
    const issued = ca(byCrl).issue('alice')
    await assertRefused(issued, 'certificate-revocation-unreachable', /not among those allowed/)
    // Without a list of hosts: everybody but this machine and its link.
    rules.lists = { hosts: [] }
    await apply()
    await refresh()
    assert.equal(crls.requests, before)
    delete rules.lists
    await apply()
  })

  it('fail/a CA trusted for one client, realm or usage does not let in elsewhere', async () => {
    const issued = ca(plain).issue('alice')
    const refused = (sentence: RegExp, from = WLAN) =>
      assertRefused(issued, 'certificate-authority-not-for-this', sentence, from)
    purposes.plain = { clients: ['vpn'] }
    await apply()
    await refused(/"plain" is trusted for RADIUS clients vpn alone.*\(wlan\)/)
    assert.ok((await logIn(issued, { from: VPN })).login.success)
    purposes.plain = { realms: ['other'] }
    await apply()
    await refused(/trusted for realms other alone.*\(corp\)/, VPN)
    purposes.plain = { extendedKeyUsages: ['1.3.6.1.4.1.311.20.2.2'] }
    await apply()
    await refused(/extended key usages 1\.3\.6\.1\.4\.1\.311\.20\.2\.2 alone/, VPN)
    purposes.plain = { realms: ['corp'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'] }
    await apply()
    assert.ok((await logIn(issued, { from: VPN })).login.success)
  })

  it('ok/the command line shows the CAs, what they are for, and their lists', async () => {
    await assertIn(ca(byCrl).issue('alice'), 'lists', 'crl', /^CRL/)
    const { code, output } = await server.cli('trust')
    assert.equal(code, 0, output)
    assert.match(
      output,
      /^plain +CN=CA without +\S+ \S+ +realms corp; usages 1\.3\.6\.1\.5\.5\.7\.3\.2 +auto +reject/m,
    )
    assert.match(output, /^lists +http:\/\/127\.0\.0\.1:\d+\/ca\.crl +\S+ +\d+ /m)
    assert.match(output, /^answers +ocsp 127\.0\.0\.1:\d+/m)
    const unknown = await server.cli('trust', 'refresh', 'nobody')
    assert.deepEqual([unknown.code, unknown.output], [1, 'There is no trusted CA "nobody".\n'])
    assert.match(
      await server.api.metrics(),
      /sallyport_revocation_fetches_total\{kind="ocsp",outcome="failed"\}/,
    )
  })
})
