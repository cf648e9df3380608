/** Every way to be refused has a reason code of its own, and the receipt holds the values that were seen. */
import assert from 'node:assert/strict'
import { asn1Time } from '../../certificates.ts'
import type { LabCase } from '../../scenario.ts'
import { PASSWORD } from './configuration.ts'
import { certificateLines, credentials, type EapHouse, type Login, type LoginOptions, upn } from './house.ts'
import { assertAccepted, keysOf, tls, tunnel, tunnelTls } from './methods.ts'

type Case = LabCase<EapHouse>
/** What the receipt must say; a pattern where the value depends on the day. */
type Values = Readonly<Record<string, string | number | readonly string[] | RegExp>>

const DAY = 86_400_000
const PEAP = (user: string, password = PASSWORD) => passwordLogin('PEAP', 'auth=MSCHAPV2', user, password)
const TTLS = (user: string, password = PASSWORD) => passwordLogin('TTLS', 'auth=PAP', user, password)

const PASSWORDS: readonly Case[] = [
  refused('wrong password, EAP-MSCHAPv2 in PEAP', PEAP('moody', 'wrong'), 'wrong-password', {
    user: 'moody',
    source: 'local',
    failures: 1,
    lockoutThreshold: 3,
  }),
  refused('wrong password, PAP in EAP-TTLS', TTLS('moody', 'wrong'), 'wrong-password', {
    user: 'moody',
    failures: 2,
  }),
  refused('unknown user, EAP-MSCHAPv2 in PEAP', PEAP('nobody'), 'user-not-found', {
    user: 'nobody',
    sources: ['local'],
  }),
  refused(
    'unknown user, EAP-GTC',
    () => ({ network: ['eap=GTC', ...credentials('nobody')] }),
    'user-not-found',
    {
      user: 'nobody',
    },
  ),
  refused('empty password', TTLS('alice', ''), 'empty-password', { user: 'alice' }),
]

const ACCOUNTS: readonly Case[] = [
  refused('disabled user', PEAP('disabled'), 'account-disabled', { user: 'disabled', source: 'local' }),
  refused('expired account', PEAP('expired'), 'account-expired', { user: 'expired', since: /^2024-02-29/ }),
  refused('password must be changed', TTLS('must-change'), 'must-change-password', { user: 'must-change' }),
  refused('outside logon hours', PEAP('off-hours'), 'outside-logon-hours', {
    user: 'off-hours',
    now: /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d$/,
  }),
  refused('certificate of a disabled user', (house) => tlsAs(house, 'disabled', {}), 'account-disabled', {
    user: 'disabled',
  }),
]

const CERTIFICATES: readonly Case[] = [
  refused(
    'certificate of another CA',
    (house) => tlsAs(house, 'mallory', { ca: house.strangerCa, subjectAltName: upn('alice@lab.test') }),
    'certificate-untrusted-ca',
    { subject: /mallory/, issuer: /Stranger CA/ },
  ),
  refused('expired certificate', (house) => tlsAs(house, 'old', dates(-30, -1)), 'certificate-expired', {
    subject: /old/,
    notAfter: new RegExp(dayText(-1)),
  }),
  refused(
    'certificate not yet valid',
    (house) => tlsAs(house, 'early', dates(1, 30)),
    'certificate-not-yet-valid',
    { subject: /early/, notBefore: new RegExp(dayText(1)) },
  ),
  refused(
    'certificate for another purpose',
    (house) =>
      tlsAs(house, 'webserver', { extendedKeyUsage: 'serverAuth', subjectAltName: upn('alice@lab.test') }),
    'certificate-wrong-purpose',
    { subject: /webserver/ },
  ),
  refused(
    'certificate that names nobody',
    (house) => tlsAs(house, 'machine', { subjectAltName: 'DNS:alice' }),
    'certificate-no-mapping',
    { subject: /machine/ },
  ),
  refused(
    'certificate of a computer: it is no person of its name',
    (house) => tlsAs(house, 'machine2', { subjectAltName: 'DNS:alice.lab.test' }),
    'user-not-found',
    { user: /host\/alice\.lab\.test/ },
  ),
  refused('certificate of a user we do not have', (house) => tlsAs(house, 'ghost', {}), 'user-not-found', {
    user: /ghost/,
  }),
  refused(
    'certificate of another CA inside PEAP',
    (house) => ({
      network: tunnelTls(
        'PEAP',
        'TLSv1.2',
        'auth=TLS',
      )(house).network.map((line) => line.replaceAll('/lab-ca/alice.', '/stranger-ca/mallory.')),
    }),
    'certificate-untrusted-ca',
    { issuer: /Stranger CA/ },
  ),
]

const [MSCHAPV2, CHALLENGE, FAILURE] = [26, 1, 4]

/** strongSwan and people who close the lid: told why, and gone. */
const GONE: Case = {
  name: 'wrong password, and the supplicant is killed when it is told: one receipt, long before eapSeconds',
  async run(house) {
    const network = ['eap=MSCHAPV2', ...credentials('quitter', 'wrong')]
    const station = await house.killedAt({ network }, ({ eap }) => eap[4] === MSCHAPV2 && eap[5] === FAILURE)
    const startedAt = performance.now()
    const { outcome, body } = await house.receipt(station)
    const { reason, eap } = body
    assert.deepEqual([outcome, reason.code, eap?.unanswered], ['reject', 'wrong-password', true])
    assert.equal(reason.values.failures, 1, 'it counts once')
    return `after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  },
}

const UNDER_WAY: Case = {
  name: 'the supplicant is killed half way: explain tells at once what was seen last, long before there is a decision',
  async run(house) {
    const network = ['eap=MSCHAPV2', ...credentials('quitter')]
    const station = await house.killedAt(
      { network },
      ({ eap }) => eap[4] === MSCHAPV2 && eap[5] === CHALLENGE,
    )
    const { code, output } = await house.server.cli('explain', '--station', station)
    assert.equal(code, 0, output)
    assert.match(output, /^UNDER WAY quitter through gateway by eap-mschapv2: begun \d+ s ago/)
    assert.match(output, /was offered eap-mschapv2 and neither began nor refused it/)
    return output.split('\n')[0] ?? ''
  },
}

/** The supplicant refuses us: its alert comes into the receipt. */
const OUR_CERTIFICATE: Case = refused(
  'supplicant that trusts another CA than ours',
  (house) => ({
    network: [
      'eap=PEAP',
      ...credentials(),
      'phase2="auth=MSCHAPV2"',
      `ca_cert="${house.strangerCa.certificate}"`,
    ],
  }),
  'tls-alert-unknown-ca',
  {},
)

const METHODS: readonly Case[] = [
  {
    name: 'certificate inside PEAP where only that is allowed',
    async run(house) {
      const login = await house.login({
        ...tunnelTls('PEAP', 'TLSv1.2', 'auth=TLS')(house),
        client: 'smart-card',
      })
      assertAccepted(login)
      return keysOf(login)
    },
  },
  refused(
    'password inside PEAP where only a certificate is allowed',
    (house) => ({ ...tunnel('PEAP', 'TLSv1.2', 'auth=MSCHAPV2')(house), client: 'smart-card' }),
    'eap-nak-to-forbidden-method',
    { offered: 'eap-tls', wanted: 'eap-mschapv2' },
  ),
  refused(
    'PEAP where only EAP-TLS is allowed',
    (house) => ({ ...tunnel('PEAP', 'TLSv1.2', 'auth=MSCHAPV2')(house), client: 'tls-only' }),
    'eap-nak-to-forbidden-method',
    { offered: 'eap-tls', wanted: 'peap' },
  ),
  refused(
    'method that only the rule of another group allows',
    (house) => ({ ...tunnel('PEAP', 'TLSv1.2', 'auth=MSCHAPV2')(house), client: 'by-group' }),
    'method-not-allowed',
    {
      rule: 'staff-by-password',
      method: 'peap',
      inner: 'eap-mschapv2',
      allowed: ['mschapv2', 'eap-mschapv2'],
    },
  ),
  refused(
    'EAP-PWD, which nobody offers',
    () => ({ network: ['eap=PWD', ...credentials()] }),
    'eap-nak-to-forbidden-method',
    {
      wanted: 'type 52',
    },
  ),
]

export const REFUSAL_CASES: readonly Case[] = [
  ...PASSWORDS,
  ...ACCOUNTS,
  ...CERTIFICATES,
  OUR_CERTIFICATE,
  GONE,
  UNDER_WAY,
  ...METHODS,
]

function refused(
  name: string,
  options: (house: EapHouse) => LoginOptions,
  code: string,
  values: Values,
): Case {
  return {
    name: `refused: ${name}`,
    async run(house) {
      const login = await house.login(options(house))
      assertRefused(login)
      const { reason, sentence, body } = await house.receipt(login.station)
      assert.equal(reason, code, String(sentence))
      for (const [key, wanted] of Object.entries(values)) {
        const seen = body.reason.values[key]
        if (wanted instanceof RegExp) assert.match(String(seen ?? ''), wanted, `${key}: ${String(seen)}`)
        else assert.deepEqual(seen, wanted, key)
      }
      return `${reason}: ${sentence}`
    },
  }
}

/** Refused by an Access-Reject, not by silence. */
export function assertRefused(login: Login): void {
  assert.equal(login.success, false, 'eapol_test succeeded')
  assert.equal(login.accepted, false, 'an Access-Accept came')
  assert.equal(login.rejected, true, `no Access-Reject came:\n${login.output.slice(-2000)}`)
}

function passwordLogin(method: 'PEAP' | 'TTLS', phase2: string, user: string, password: string) {
  return (house: EapHouse): LoginOptions => ({
    network: [`eap=${method}`, ...credentials(user, password), `phase2="${phase2}"`, ...house.trust],
  })
}

function tlsAs(house: EapHouse, name: string, flaws: Parameters<EapHouse['certificate']>[1]): LoginOptions {
  const { network } = tls('TLSv1.3')(house)
  const certificate = house.certificate(name, flaws)
  return {
    network: [
      ...network.filter((line) => !/^(client_cert|private_key)=/.test(line)),
      ...certificateLines(certificate),
    ],
  }
}

function dates(from: number, to: number) {
  return { notBefore: asn1Time(Date.now() + from * DAY), notAfter: asn1Time(Date.now() + to * DAY) }
}

function dayText(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
}
