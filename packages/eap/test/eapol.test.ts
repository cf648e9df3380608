import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import {
  type EapFailure,
  EapType,
  eapTlsServer,
  gtcServer,
  md5Server,
  mschapV2Server,
  peapServer,
  ResumptionStore,
  ttlsServer,
} from '../src/index.ts'
import { NodeTlsEngine } from '../src/node.ts'
import { makePki } from './certificates.ts'
import { eapolTest, withoutEapolTest } from './eapol.ts'
import { LoginVerifier } from './login-verifier.ts'
import { startRadius } from './radius-harness.ts'

const PASSWORD = 'Vpn-Passw0rd!'

suite('eapol_test', { skip: withoutEapolTest() }, () => {
  const pki = makePki()
  after(() => pki.remove())
  for (const name of ['alice', 'mallory', 'expired'] as const) {
    writeFileSync(join(pki.folder, `${name}.pem`), pki[name].chain)
  }

  /** A server with every method, offering one; `inner`: EAP types inside the tunnel. */
  async function start(
    type: number,
    inner: readonly number[],
    more: { mtu?: number; binding?: 'optional' | 'required'; accept?: () => boolean } = {},
  ) {
    const verifier = new LoginVerifier('vpn-user', PASSWORD)
    verifier.wrong = { ...verifier.wrong, retry: false } // nobody there to type the password again
    const engine = new NodeTlsEngine()
    const resumption = new ResumptionStore({ now: () => performance.now() })
    const tls = eapTlsServer({
      engine,
      verifier,
      certificates: pki.server,
      clientAuthorities: [pki.ca],
      resumption,
    })
    const tunnel = {
      engine,
      verifier,
      certificates: pki.server,
      resumption,
      inner: {
        methods: new Map([
          [EapType.Md5Challenge, md5Server({ verifier })],
          [EapType.Gtc, gtcServer({ verifier })],
          [EapType.MsChapV2, mschapV2Server({ verifier })],
          [
            EapType.Tls,
            eapTlsServer({ engine, verifier, certificates: pki.server, clientAuthorities: [pki.ca] }),
          ],
        ]),
        offer: () => inner,
        passwordMethods: () => new Set(['pap', 'chap', 'mschap', 'mschapv2'] as const),
      },
    }
    const methods = new Map([
      [EapType.Tls, tls],
      [EapType.Peap, peapServer({ ...tunnel, cryptoBinding: more.binding ?? 'optional' })],
      [EapType.Ttls, ttlsServer(tunnel)],
    ])
    const radius = await startRadius({ eap: { methods, offer: () => [type] }, ...more })
    return { radius, verifier, resumption }
  }

  const ca = `ca_cert="${pki.folder}/ca.pem"`
  const name = 'domain_suffix_match="radius.example.org"'
  const user = ['identity="vpn-user"', `password="${PASSWORD}"`]
  const anonymous = 'anonymous_identity="anonymous@example.org"'
  const tls13 = 'phase1="tls_disable_tlsv1_3=0"'
  const certificate = (who: string) => [
    'identity="alice@example.org"',
    `client_cert="${pki.folder}/${who}.pem"`,
    `private_key="${pki.folder}/${who}.key"`,
  ]
  const innerCertificate = [
    'identity="alice@example.org"',
    `ca_cert2="${pki.folder}/ca.pem"`,
    `client_cert2="${pki.folder}/alice.pem"`,
    `private_key2="${pki.folder}/alice.key"`,
  ]
  const { Tls, Peap, Ttls, MsChapV2, Gtc, Md5Challenge } = EapType

  interface Case {
    readonly type: number
    readonly inner?: number
    readonly network: readonly string[]
    readonly args?: readonly string[]
    readonly mtu?: number
    readonly binding?: 'required'
    readonly resumed?: number
    readonly version?: string
    readonly method?: string
  }

  const peap = (inner: number, ...network: string[]): Case => ({
    type: Peap,
    inner,
    network: ['eap=PEAP', anonymous, ca, name, ...network],
  })
  const ttls = (phase2: string, inner: number, ...network: string[]): Case => ({
    type: Ttls,
    inner,
    network: ['eap=TTLS', anonymous, ca, name, `phase2="${phase2}"`, ...network],
  })
  const eapTls = (...network: string[]): Case => ({
    type: Tls,
    network: ['eap=TLS', ca, name, ...certificate('alice'), ...network],
  })

  const cases: Readonly<Record<string, Case>> = {
    'ok/tls12': { ...eapTls(), version: 'TLSv1.2' },
    'ok/tls13': { ...eapTls(tls13), version: 'TLSv1.3' },
    'ok/tls-frag-100': { ...eapTls('fragment_size=100'), mtu: 120 },
    'ok/tls-frag-500': { ...eapTls('fragment_size=500'), mtu: 500 },
    'ok/tls-frag-1398': { ...eapTls('fragment_size=1398'), mtu: 1398 },
    'ok/tls13-frag-100': { ...eapTls('fragment_size=100', tls13), mtu: 200 },
    'ok/resume-tls12': { ...eapTls(), args: ['-r1'], resumed: 1 },
    'ok/resume-tls13': { ...eapTls(tls13), args: ['-r1'], resumed: 1 },
    'ok/peap-mschapv2': peap(MsChapV2, ...user, 'phase2="auth=MSCHAPV2"'),
    'ok/peap-mschapv2-tls13': {
      ...peap(MsChapV2, ...user, 'phase2="auth=MSCHAPV2"', tls13),
      version: 'TLSv1.3',
    },
    'ok/peap-gtc': peap(Gtc, ...user, 'phase2="auth=GTC"'),
    'ok/peap-md5': peap(Md5Challenge, ...user, 'phase2="auth=MD5"'),
    'ok/peap-tls': peap(Tls, ...innerCertificate, 'phase2="auth=TLS"'),
    'ok/peap-tls-frag-500': {
      ...peap(Tls, ...innerCertificate, 'phase2="auth=TLS"', 'fragment_size=500'),
      mtu: 500,
    },
    'ok/peap-cryptobinding': {
      ...peap(MsChapV2, ...user, 'phase1="crypto_binding=2"', 'phase2="auth=MSCHAPV2"'),
      binding: 'required',
    },
    'ok/peap-cryptobinding-tls13': {
      ...peap(MsChapV2, ...user, 'phase1="crypto_binding=2 tls_disable_tlsv1_3=0"', 'phase2="auth=MSCHAPV2"'),
      binding: 'required',
      version: 'TLSv1.3',
    },
    'ok/peap-no-cryptobinding': peap(
      MsChapV2,
      ...user,
      'phase1="crypto_binding=0"',
      'phase2="auth=MSCHAPV2"',
    ),
    'ok/peap-tls-cryptobinding': {
      ...peap(Tls, ...innerCertificate, 'phase1="crypto_binding=2"', 'phase2="auth=TLS"'),
      binding: 'required',
    },
    'ok/resume-peap': { ...peap(MsChapV2, ...user, 'phase2="auth=MSCHAPV2"'), args: ['-r1'], resumed: 1 },
    'ok/resume-peap-cryptobinding': {
      ...peap(MsChapV2, ...user, 'phase1="crypto_binding=2"', 'phase2="auth=MSCHAPV2"'),
      args: ['-r1'],
      resumed: 1,
      binding: 'required',
    },
    'ok/peap-tls13-again': {
      ...peap(MsChapV2, ...user, 'phase2="auth=MSCHAPV2"', tls13),
      args: ['-r1'],
      resumed: 0,
    },
    'ok/ttls-pap': ttls('auth=PAP', 0, ...user),
    'ok/ttls-chap': ttls('auth=CHAP', 0, ...user),
    'ok/ttls-mschap': ttls('auth=MSCHAP', 0, ...user),
    'ok/ttls-mschapv2': ttls('auth=MSCHAPV2', 0, ...user),
    'ok/ttls-eap-md5': ttls('autheap=MD5', Md5Challenge, ...user),
    'ok/ttls-eap-gtc': ttls('autheap=GTC', Gtc, ...user),
    'ok/ttls-eap-mschapv2': ttls('autheap=MSCHAPV2', MsChapV2, ...user),
    'ok/ttls-eap-tls': ttls('autheap=TLS', Tls, ...innerCertificate),
    'ok/ttls-pap-tls13': { ...ttls('auth=PAP', 0, ...user, tls13), version: 'TLSv1.3' },
    'ok/ttls-chap-tls13': { ...ttls('auth=CHAP', 0, ...user, tls13), version: 'TLSv1.3' },
    'ok/ttls-mschapv2-tls13': { ...ttls('auth=MSCHAPV2', 0, ...user, tls13), version: 'TLSv1.3' },
    'ok/ttls-eap-mschapv2-tls13': {
      ...ttls('autheap=MSCHAPV2', MsChapV2, ...user, tls13),
      version: 'TLSv1.3',
    },
    'ok/resume-ttls': { ...ttls('auth=MSCHAPV2', 0, ...user), args: ['-r1'], resumed: 1 },
  }

  for (const [label, it] of Object.entries(cases)) {
    test(label, async () => {
      const { radius } = await start(it.type, it.inner === undefined ? [] : [it.inner], it)
      try {
        const run = await eapolTest(radius, pki.folder, it.network, it.args)
        const reasons = JSON.stringify(
          radius.ended.map((end) => (end.kind === 'failure' ? end.reason : end.kind)),
        )
        assert.ok(run.success, `${reasons}\n${run.output.slice(-6000)}`)
        const logins = it.args === undefined ? 1 : 2
        assert.equal(run.keys, `MPPE keys OK: ${logins}  mismatch: 0`)
        if (it.version !== undefined) assert.equal(run.tls, it.version)
        const resumed = radius.ended.filter((end) => end.kind === 'done' && end.result.tls?.resumed === true)
        assert.equal(resumed.length, it.resumed ?? 0)
        if (it.mtu !== undefined) assert.ok(radius.largest <= it.mtu, `sent ${radius.largest} octets`)
      } finally {
        await radius.close()
      }
    })
  }

  const wrongCa = `ca_cert="${pki.folder}/other-ca.pem"`
  const refused: Readonly<Record<string, Case & { readonly reason: EapFailure }>> = {
    'fail/tls12-wrong-ca': {
      type: Tls,
      network: ['eap=TLS', wrongCa, ...certificate('alice')],
      reason: { code: 'tls-alert-received', detail: { alert: 'unknown_ca' } },
    },
    'fail/tls13-wrong-ca': {
      type: Tls,
      network: ['eap=TLS', wrongCa, ...certificate('alice'), tls13],
      reason: { code: 'tls-alert-received', detail: { alert: 'unknown_ca' } },
    },
    'fail/tls12-foreign-certificate': {
      type: Tls,
      network: ['eap=TLS', ca, ...certificate('mallory')],
      reason: { code: 'refused', detail: { openssl: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } },
    },
    'fail/tls13-expired-certificate': {
      type: Tls,
      network: ['eap=TLS', ca, ...certificate('expired'), tls13],
      reason: { code: 'refused', detail: { openssl: 'CERT_HAS_EXPIRED' } },
    },
    'fail/tls13-no-certificate': {
      type: Tls,
      network: ['eap=TLS', ca, 'identity="alice@example.org"', tls13],
      reason: { code: 'no-common-method' },
    },
    'fail/peap-wrong-ca': {
      type: Peap,
      inner: MsChapV2,
      network: ['eap=PEAP', wrongCa, ...user, 'phase2="auth=MSCHAPV2"'],
      reason: { code: 'tls-alert-received', detail: { alert: 'unknown_ca' } },
    },
    'fail/peap-wrong-server-name': {
      type: Peap,
      inner: MsChapV2,
      network: ['eap=PEAP', ca, 'domain_match="other.example.org"', ...user, 'phase2="auth=MSCHAPV2"'],
      // What wpa_supplicant 2.10 sends for a name that does not match.
      reason: { code: 'tls-alert-received', detail: { alert: 'internal_error' } },
    },
    'fail/peap-wrong-password': {
      ...peap(MsChapV2, 'identity="vpn-user"', 'password="wrong"', 'phase2="auth=MSCHAPV2"'),
      reason: { code: 'refused' },
    },
    'fail/peap-without-cryptobinding': {
      ...peap(MsChapV2, ...user, 'phase1="crypto_binding=0"', 'phase2="auth=MSCHAPV2"'),
      binding: 'required',
      reason: { code: 'crypto-binding-missing' },
    },
    'fail/ttls-pap-wrong-password': {
      ...ttls('auth=PAP', 0, 'identity="vpn-user"', 'password="wrong"'),
      reason: { code: 'refused' },
    },
    'fail/ttls-mschapv2-wrong-password': {
      ...ttls('auth=MSCHAPV2', 0, 'identity="vpn-user"', 'password="wrong"'),
      reason: { code: 'refused' },
    },
  }

  for (const [label, it] of Object.entries(refused)) {
    test(label, async () => {
      const { radius } = await start(it.type, it.inner === undefined ? [] : [it.inner], it)
      try {
        const run = await eapolTest(radius, pki.folder, it.network, ['-t', '3'])
        assert.equal(run.success, false)
        const [end] = radius.ended
        assert.ok(end?.kind === 'failure', `${JSON.stringify(end)}\n${run.output.slice(-3000)}`)
        assert.equal(end.reason.code, it.reason.code)
        if (it.reason.detail !== undefined) assert.deepEqual(end.reason.detail, it.reason.detail)
      } finally {
        await radius.close()
      }
    })
  }

  test('fail/resume after policy refused the first login: a full login is demanded', async () => {
    for (const it of [
      cases['ok/resume-peap'],
      cases['ok/resume-ttls'],
      cases['ok/resume-tls12'],
      cases['ok/resume-tls13'],
    ]) {
      assert.ok(it !== undefined)
      const { radius, resumption } = await start(it.type, it.inner === undefined ? [] : [it.inner], {
        accept: () => false,
      })
      try {
        const run = await eapolTest(radius, pki.folder, it.network, ['-r1', '-t', '3'])
        assert.equal(run.success, false)
        assert.equal(resumption.size, 0)
        for (const end of radius.ended) assert.ok(end.kind !== 'done' || end.result.tls?.resumed === false)
      } finally {
        await radius.close()
      }
    }
  })
})
