/** Several server certificates by RADIUS client and realm, and their replacement under load; the supplicant is eapol_test. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { issue, type LabCa, type LabCertificate, makeCa } from '@sallyport/lab/certificates'
import { skipReason } from '@sallyport/lab/debian'
import { type EapolResult, eapolTest } from '@sallyport/lab/eapol-test'
import { temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { relayHoldingAccept } from './radius-relay.ts'

const SECRET = 'secret-of-the-clients'
const WLAN = '127.0.0.1'
const VPN = '127.0.0.2'
interface Trusting {
  readonly outer?: string
  readonly ca: string
  readonly name: string
  /** The file the server's certificate goes into. */
  readonly shown?: string
  readonly port?: number
}

/** A certificate as YAML text: a block two levels below a list entry. */
const BEGIN = '-----BEGIN CERTIFICATE-----'

/** Of the last certificate in a file: eapol_test writes down the server's own one last. */
function fingerprintIn(file: string): string {
  const text = readFileSync(file, 'utf8')
  return new X509Certificate(text.slice(text.lastIndexOf(BEGIN))).fingerprint256
}

const block = (pem: string): string => `|\n${pem.trim().replaceAll(/^/gm, '      ')}`

describe('several server certificates', { skip: skipReason('eapoltest', 'openssl') }, () => {
  const folder = temporaryFolder()
  let server: Sallyport
  let [gatewayCa, partnerCa]: LabCa[] = []
  let count = 0

  function serverCertificate(ca: LabCa | undefined, name: string): LabCertificate & { ca: string } {
    assert.ok(ca)
    const made = issue(ca, `server-${++count}`, {
      commonName: name,
      subjectAltName: `DNS:${name}`,
      extendedKeyUsage: 'serverAuth',
    })
    return { ...made, ca: ca.certificate }
  }

  function entry(name: string, { certificate, key }: LabCertificate, selection: string): string {
    const [chain, secret] = [certificate, key].map((file) => block(readFileSync(file, 'utf8')))
    return `  - name: ${name}\n    kind: pem\n    ${selection}\n    chain: ${chain}\n    key: ${secret}\n`
  }

  const configuration = (certificates: string): string => `
settings: { serverName: built-in.test }
clients:
  - { name: wlan, address: ${WLAN}, secret: ${SECRET} }
  - { name: vpn, address: ${VPN}, secret: ${SECRET} }
sources: [{ name: local, kind: local, passwordStorage: reversible }]
realms:
  - { name: default, default: true, sources: [local] }
  - { name: partner, suffixes: [partner.test], sources: [local] }
rules: [{ name: everybody, when: 'true', effect: accept }]
users: [{ name: alice, password: Vpn-Passw0rd! }]
serverCertificates:
${certificates}`

  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    gatewayCa = makeCa(join(folder.path, 'gateway'), 'Gateway CA')
    partnerCa = makeCa(join(folder.path, 'partner'), 'Partner CA')
    server = await startSallyport({ data, args: ['--bind', '0.0.0.0'] })
    const gateway = entry('gateway', serverCertificate(gatewayCa, 'vpn.test'), 'clients: [vpn]')
    const partner = entry('partner', serverCertificate(partnerCa, 'aaa.partner.test'), 'realms: [partner]')
    const lobby =
      '  - { name: lobby, kind: own, serverName: lobby.test, clients: [wlan], realms: [default] }\n'
    await server.apply(configuration(gateway + partner + lobby))
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  /** A supplicant that trusts one CA and one name. */
  function logIn(
    from: string,
    { outer = 'alice', ca, name, shown, port = server.authPort }: Trusting,
    lines: readonly string[] = [],
    repeat = 0,
  ): Promise<EapolResult> {
    return eapolTest({
      network: [
        ...['eap=PEAP', 'identity="alice"', `anonymous_identity="${outer}"`, 'password="Vpn-Passw0rd!"'],
        ...['phase2="auth=MSCHAPV2"', `ca_cert="${ca}"`, `domain_suffix_match="${name}"`, ...lines],
      ],
      ...{ folder: folder.path, server: { port, secret: SECRET }, from, repeat, seconds: 5 },
      ...(shown === undefined ? {} : { serverCertificate: shown }),
    })
  }

  const own = () => join(server.data, 'ca.pem')

  it('ok/by client, by realm of the outer identity, by both: each supplicant meets the one it trusts', async () => {
    const [gateway = '', partner = ''] = [gatewayCa?.certificate, partnerCa?.certificate]
    for (const [from, outer, ca, name] of [
      [VPN, 'alice', gateway, 'vpn.test'],
      [VPN, 'anonymous@partner.test', gateway, 'vpn.test'],
      [WLAN, 'anonymous@partner.test', partner, 'aaa.partner.test'],
      [WLAN, 'alice', own(), 'lobby.test'],
      [WLAN, 'nobody@unknown.test', own(), 'built-in.test'],
    ] as const) {
      const { success, output } = await logIn(from, { outer, ca, name })
      const isKnown = outer !== 'nobody@unknown.test'
      assert.equal(
        success,
        isKnown || output.includes('EAP-MSCHAPV2'),
        `${from} ${outer}\n${output.slice(-1500)}`,
      )
    }
  })

  it('fail/a supplicant that trusts another one is not shown it', async () => {
    for (const [from, ca, name] of [
      [WLAN, gatewayCa?.certificate ?? '', 'vpn.test'],
      [VPN, own(), 'built-in.test'],
      [WLAN, own(), 'built-in.test'],
    ] as const) {
      const { accepted } = await logIn(from, { ca, name })
      assert.equal(accepted, false)
    }
  })

  it('ok/TLS sessions resume under their own certificate and under no other', async () => {
    const ca = gatewayCa?.certificate ?? ''
    const resumed = await logIn(VPN, { ca, name: 'vpn.test' }, ['phase1="tls_disable_tlsv1_3=1"'], 1)
    assert.deepEqual([resumed.success, resumed.resumed > 0], [true, true])
  })

  it('fail/a TLS session begun under one certificate is not resumed under the next one', async () => {
    const tls12 = ['phase1="tls_disable_tlsv1_3=1"']
    const lobby = (name: string) =>
      server.api.apply(
        `serverCertificates: [{ name: lobby, kind: own, serverName: ${name}, clients: [wlan], realms: [default] }]`,
      )
    const twice = async (between: () => Promise<unknown>) => {
      await using relay = await relayHoldingAccept(server.authPort, async () => void (await between()))
      return await logIn(WLAN, { ca: own(), name: 'test', port: relay.port }, tls12, 1)
    }
    const same = await twice(async () => {})
    assert.deepEqual([same.success, same.resumed > 0], [true, true], 'the same certificate')
    const other = await twice(() => lobby('hall.test'))
    assert.deepEqual([other.success, other.resumed], [true, 0], 'another certificate')
    await lobby('lobby.test')
  })

  it('ok/the command line says what is served to whom, and the receipt which one it was', async () => {
    const { code, output } = await server.cli('certificates', 'server')
    assert.equal(code, 0, output)
    assert.match(output, /^gateway +clients vpn +vpn\.test +ecdsa .*CN=Gateway CA/m)
    assert.match(output, /^partner +realms partner +aaa\.partner\.test +ecdsa/m)
    assert.match(output, /^lobby +clients wlan; realms default +lobby\.test +rsa/m)
    assert.match(output, /^built-in +everybody else +built-in\.test +ecdsa/m)
    const metrics = await server.api.metrics()
    assert.match(
      metrics,
      /sallyport_certificate_not_after_seconds\{kind="server certificate",name="gateway",/,
    )
    const receipts = await server.api.receipts({ limit: '20' })
    const bodies = await Promise.all(receipts.map(({ id }) => server.api.receipt(id)))
    const shown = new Set(bodies.map(({ body }) => body.eap?.serverCertificate))
    for (const name of ['gateway', 'partner', 'lobby']) assert.ok(shown.has(name), [...shown].join())
  })

  it('ok/the key is sealed in the database and a reference in the export; a wrong one is refused', async () => {
    const stored = readFileSync(join(server.data, 'sallyport.db')).toString('latin1')
    const log = readFileSync(join(server.data, 'sallyport.db-wal')).toString('latin1')
    assert.ok(!`${stored}${log}`.includes('BEGIN PRIVATE KEY'))
    const { output } = await server.cli('export')
    assert.match(output, /ref: serverCertificates\/gateway\/key/)
    assert.ok(!output.includes('PRIVATE KEY'))
    const [one, two] = [serverCertificate(gatewayCa, 'a.test'), serverCertificate(gatewayCa, 'b.test')]
    const mixed = entry('mixed', { ...one, key: two.key }, 'clients: [vpn]')
    await assert.rejects(server.api.apply(`serverCertificates:\n${mixed}`), /server-key-mismatch/)
  })

  it('ok/a new certificate replaces the old one under load: no login fails, the fingerprint changes', async () => {
    const ca = gatewayCa?.certificate ?? ''
    const shown: string[] = []
    let isOver = false
    const load = async (): Promise<void> => {
      while (!isOver) {
        const file = join(folder.path, `shown-${++count}.pem`)
        const { success, output } = await logIn(VPN, { ca, name: 'vpn.test', shown: file })
        assert.ok(success, output.slice(-1500))
        shown.push(fingerprintIn(file))
      }
    }
    const loads = [load(), load(), load()]
    const applied: string[] = []
    for (let turn = 0; turn < 3; turn++) {
      const next = serverCertificate(gatewayCa, 'vpn.test')
      applied.push(fingerprintIn(next.certificate))
      await server.api.apply(`serverCertificates:\n${entry('gateway', next, 'clients: [vpn]')}`)
      const before = shown.length
      while (shown.length < before + 6)
        await Promise.race([...loads, new Promise((done) => setTimeout(done, 20))])
    }
    isOver = true
    await Promise.all(loads)
    const last = applied.at(-1)
    assert.deepEqual(new Set(shown.slice(-3)), new Set([last]))
    for (const fingerprint of applied) assert.ok(shown.includes(fingerprint))
  })
})
