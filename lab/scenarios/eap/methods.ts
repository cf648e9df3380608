/** Every method, eapol_test 2.10 on the other side. For one that derives keys, success means equal keys on both sides. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCase } from '../../scenario.ts'
import { certificateLines, credentials, type EapHouse, type Login, type LoginOptions } from './house.ts'

type Case = LabCase<EapHouse>
type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']
const ANONYMOUS = 'anonymous_identity="anonymous"'

/** wpa_supplicant leaves TLS 1.3 out unless it is told otherwise. */
function phase1(version: TlsVersion, ...words: string[]): string {
  return `phase1="${[version === 'TLSv1.3' ? 'tls_disable_tlsv1_3=0' : 'tls_disable_tlsv1_3=1', ...words].join(' ')}"`
}

const PASSWORD_METHODS: readonly Case[] = [
  accepted('EAP-MD5', () => ({ network: ['eap=MD5', ...credentials()], noKeys: true })),
  accepted('EAP-GTC', () => ({ network: ['eap=GTC', ...credentials()], noKeys: true })),
  accepted('EAP-GTC, password stored as argon2id', () => ({
    network: ['eap=GTC', ...credentials('argo')],
    noKeys: true,
  })),
  accepted('EAP-MSCHAPv2', () => ({ network: ['eap=MSCHAPV2', ...credentials()] })),
  accepted('EAP-MSCHAPv2, password stored as nt-hash', () => ({
    network: ['eap=MSCHAPV2', ...credentials('nora')],
  })),
]

const TLS: readonly Case[] = VERSIONS.flatMap((version) => [
  accepted(`EAP-TLS, ${version}`, tls(version), version),
  ...[100, 500, 1398].map((size) =>
    accepted(
      `EAP-TLS, ${version}, peer fragments of ${size}`,
      tls(version, `fragment_size=${size}`),
      version,
    ),
  ),
  accepted(
    `EAP-TLS, ${version}, our fragments of a Framed-MTU of 256`,
    (house) => ({ ...tls(version)(house), attributes: ['12:d:256'] }),
    version,
  ),
  accepted(
    `EAP-TLS, ${version}, RSA client certificate`,
    (house) => ({
      network: [
        'eap=TLS',
        'identity="alice@lab.test"',
        phase1(version),
        ...house.trust,
        ...certificateLines(
          house.certificate('alice-rsa', { keyType: 'rsa', subjectAltName: 'email:alice@lab.test' }),
        ),
      ],
    }),
    version,
  ),
])

const TUNNELS: readonly Case[] = VERSIONS.flatMap((version) => [
  ...['MSCHAPV2', 'GTC', 'MD5'].map((inner) =>
    accepted(`PEAP with EAP-${inner} inside, ${version}`, tunnel('PEAP', version, `auth=${inner}`), version),
  ),
  accepted(`PEAP with EAP-TLS inside, ${version}`, tunnelTls('PEAP', version, 'auth=TLS'), version),
  accepted(
    `PEAP with EAP-MSCHAPV2 inside, ${version}, crypto-binding required`,
    (house) => ({
      network: [
        'eap=PEAP',
        ...credentials(),
        phase1(version, 'crypto_binding=2'),
        'phase2="auth=MSCHAPV2"',
        ...house.trust,
      ],
    }),
    version,
  ),
  ...['PAP', 'CHAP', 'MSCHAP', 'MSCHAPV2'].map((inner) =>
    accepted(`EAP-TTLS with ${inner} inside, ${version}`, tunnel('TTLS', version, `auth=${inner}`), version),
  ),
  ...['MD5', 'MSCHAPV2', 'GTC'].map((inner) =>
    accepted(
      `EAP-TTLS with EAP-${inner} inside, ${version}`,
      tunnel('TTLS', version, `autheap=${inner}`),
      version,
    ),
  ),
  accepted(`EAP-TTLS with EAP-TLS inside, ${version}`, tunnelTls('TTLS', version, 'autheap=TLS'), version),
  ...(['PEAP', 'TTLS'] as const).map((method) =>
    accepted(
      `${method === 'TTLS' ? 'EAP-TTLS' : method}, ${version}, peer fragments of 100`,
      tunnel(method, version, 'auth=MSCHAPV2', 'fragment_size=100'),
      version,
    ),
  ),
])

/** The outer name is "anonymous"; the receipt and the Access-Accept carry the one that was proved. */
const PRIVACY: readonly Case[] = (['PEAP', 'TTLS'] as const).map((method) => ({
  name: `identity privacy, ${method === 'TTLS' ? 'EAP-TTLS' : method}`,
  async run(house) {
    const login = await house.login(tunnel(method, 'TLSv1.2', 'auth=MSCHAPV2', ANONYMOUS)(house))
    assertAccepted(login)
    const { user, body } = await house.receipt(login.station)
    assert.equal(user, 'alice')
    const auth = body.facts.auth as { outerIdentity: string } // the facts of a proved login have it
    assert.equal(auth.outerIdentity, 'anonymous')
    assert.deepEqual(
      body.reply?.find(({ name }) => name === 'User-Name'),
      { name: 'User-Name', value: 'alice' },
    )
    return `outside ${auth.outerIdentity}, proved ${user}, ${keysOf(login)}`
  },
}))

/** The cipher decides in TLS 1.2 which of our two certificates is shown. */
const SERVER_CERTIFICATES: readonly Case[] = (
  [
    ['ECDSA', 'ec', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
    ['RSA', 'rsa', 'ECDHE-RSA-AES256-GCM-SHA384', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  ] as const
).map(([name, keyType, opensslName, cipher]) => ({
  name: `server certificate ${name}`,
  async run(house) {
    const file = join(house.folder, `server-${keyType}.pem`)
    const { network } = tunnel('PEAP', 'TLSv1.2', 'auth=MSCHAPV2', `openssl_ciphers="${opensslName}"`)(house)
    const login = await house.login({ network, serverCertificate: file })
    assertAccepted(login)
    const leaf = certificatesIn(readFileSync(file, 'utf8')).find(({ ca }) => !ca)
    assert.equal(leaf?.publicKey.asymmetricKeyType, keyType)
    assert.equal((await house.receipt(login.station)).body.eap?.cipher, cipher)
    return `${cipher}, ${keyType} key, ${keysOf(login)}`
  },
}))

function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => new X509Certificate(block))
}

/** The profile of the rule arrives at the gateway. */
const AUTHORIZATION: Case = {
  name: 'the accept carries the profile of the rule, keys and Class',
  async run(house) {
    const login = await house.login(tunnel('PEAP', 'TLSv1.2', 'auth=MSCHAPV2')(house))
    assertAccepted(login)
    const accept = login.output.slice(login.output.indexOf('code=2 (Access-Accept)'))
    const attributes = new Map(
      [...accept.matchAll(/Attribute (\d+) \([\w-]+\) length=\d+\n\s+Value: (.*)/g)].map((found) => [
        Number(found[1]),
        found[2],
      ]),
    )
    assert.equal(attributes.get(27), '28800', 'Session-Timeout')
    assert.equal(attributes.get(1), "'alice'", 'User-Name')
    assert.match(attributes.get(81) ?? 'absent', /3432$/, 'Tunnel-Private-Group-Id')
    assert.ok(attributes.has(25), 'Class')
    // eapol_test shows no value of Filter-Id.
    const { reply } = (await house.receipt(login.station)).body
    assert.equal(reply?.find(({ name }) => name === 'Filter-Id')?.value, 'staff')
    return 'User-Name alice, Filter-Id staff, VLAN 42, Session-Timeout 28800, Class'
  },
}

export const METHOD_CASES: readonly Case[] = [
  ...PASSWORD_METHODS,
  ...TLS,
  ...TUNNELS,
  ...PRIVACY,
  ...SERVER_CERTIFICATES,
  AUTHORIZATION,
]

/** EAP-TLS with alice's certificate. */
export function tls(version: TlsVersion, ...lines: string[]): (house: EapHouse) => LoginOptions {
  return (house) => ({
    network: [
      'eap=TLS',
      'identity="alice@lab.test"',
      phase1(version),
      ...house.trust,
      ...certificateLines(house.certificate()),
      ...lines,
    ],
  })
}

/** A tunnel with a password inside. */
export function tunnel(
  method: 'PEAP' | 'TTLS',
  version: TlsVersion,
  phase2: string,
  ...lines: string[]
): (house: EapHouse) => LoginOptions {
  return (house) => ({
    network: [
      `eap=${method}`,
      ...credentials(),
      phase1(version),
      `phase2="${phase2}"`,
      ...house.trust,
      ...lines,
    ],
  })
}

/** A tunnel with alice's certificate inside. */
export function tunnelTls(
  method: 'PEAP' | 'TTLS',
  version: TlsVersion,
  phase2: string,
): (house: EapHouse) => LoginOptions {
  return (house) => ({
    network: [
      `eap=${method}`,
      'identity="alice@lab.test"',
      phase1(version),
      `phase2="${phase2}"`,
      ...house.trust,
      ...house.trust.map((line) => line.replace('=', '2=')),
      ...certificateLines(house.certificate(), true),
    ],
  })
}

function accepted(name: string, options: (house: EapHouse) => LoginOptions, tlsVersion?: TlsVersion): Case {
  return {
    name,
    async run(house) {
      const wanted = options(house)
      const login = await house.login(wanted)
      if (wanted.noKeys === true) assert.ok(login.success, failureText(login))
      else assertAccepted(login)
      assert.equal(login.tlsVersion, tlsVersion)
      return [`${login.roundTrips} round trips`, ...(wanted.noKeys === true ? [] : [keysOf(login)])].join(
        ', ',
      )
    },
  }
}

/** Accepted, and the supplicant derived the keys that the server sent. */
export function assertAccepted(login: Login, logins = 1): void {
  assert.ok(login.success, failureText(login))
  assert.deepEqual(login.keys, { ok: logins, mismatch: 0 })
}

export function keysOf({ keys }: Login): string {
  return `keys OK: ${keys?.ok} mismatch: ${keys?.mismatch}`
}

function failureText({ output }: Login): string {
  return `eapol_test did not succeed; its last lines:\n${output.split('\n').slice(-25).join('\n')}`
}
