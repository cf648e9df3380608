/** One supplicant, two servers: the same login comes to the same end. */
import assert from 'node:assert/strict'
import type { EapolResult } from '../../eapol-test.ts'
import type { LabCase } from '../../scenario.ts'
import { type DifferentialHouse, PASSWORD, SERVER_NAME, type Server } from './house.ts'

/** Lines of the network block for one of the two servers. */
type Network = (house: DifferentialHouse, server: Server) => readonly string[]

interface Login {
  readonly name: string
  readonly network: Network
  /** The method derives no keys. */
  readonly noKeys?: boolean
}

type Outcome =
  | 'in, keys match'
  | 'in, no keys'
  | 'in, keys differ'
  | 'rejected'
  | 'given up by the supplicant'

const ALICE = ['identity="alice"', `password="${PASSWORD}"`]
const WRONG = ['identity="alice"', 'password="not the password"']
const GHOST = ['identity="ghost"', `password="${PASSWORD}"`]
const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const

const trust = (server: Server): string[] => [`ca_cert="${server.authority}"`, `domain_match="${SERVER_NAME}"`]

function phase1(version: (typeof TLS_VERSIONS)[number], ...words: string[]): string {
  return `phase1="${[`tls_disable_tlsv1_3=${version === 'TLSv1.3' ? 0 : 1}`, ...words].join(' ')}"`
}

function plain(method: string, credentials = ALICE): Network {
  return () => [`eap=${method}`, ...credentials]
}

function tunnel(method: string, inner: string, credentials = ALICE, ...more: string[]): Network {
  return (_, server) => [`eap=${method}`, ...credentials, `phase2="${inner}"`, ...trust(server), ...more]
}

function tls(
  certificate: (house: DifferentialHouse) => { certificate: string; key: string },
  ...more: string[]
): Network {
  return (house, server) => {
    const files = certificate(house)
    return [
      ...['eap=TLS', 'identity="alice@lab.test"', ...trust(server)],
      ...[`client_cert="${files.certificate}"`, `private_key="${files.key}"`, ...more],
    ]
  }
}

const good = (house: DifferentialHouse) => house.certificate('alice')

const LOGINS: readonly Login[] = [
  ...['MD5', 'GTC', 'MSCHAPV2'].flatMap((method) => [
    { name: `EAP-${method}`, network: plain(method), noKeys: method !== 'MSCHAPV2' },
    { name: `EAP-${method}, wrong password`, network: plain(method, WRONG), noKeys: true },
    { name: `EAP-${method}, nobody of that name`, network: plain(method, GHOST), noKeys: true },
  ]),
  ...TLS_VERSIONS.flatMap((version) => [
    { name: `EAP-TLS, ${version}`, network: tls(good, phase1(version)) },
    {
      name: `EAP-TLS, ${version}, small fragments`,
      network: tls(good, phase1(version), 'fragment_size=100'),
    },
    {
      name: `EAP-TLS, ${version}, certificate of a stranger CA`,
      network: tls((house) => house.certificate('stranger', house.strangerCa), phase1(version)),
    },
    {
      name: `EAP-TLS, ${version}, expired certificate`,
      network: tls(
        (house) =>
          house.certificate('old', house.ca, { notBefore: '20200101000000Z', notAfter: '20210101000000Z' }),
        phase1(version),
      ),
    },
    {
      name: `EAP-TLS, ${version}, certificate of a server`,
      network: tls(
        (house) => house.certificate('server', house.ca, { extendedKeyUsage: 'serverAuth' }),
        phase1(version),
      ),
    },
    ...['MSCHAPV2', 'GTC', 'MD5'].map((inner) => ({
      name: `PEAP with ${inner}, ${version}`,
      network: tunnel('PEAP', `auth=${inner}`, ALICE, phase1(version, 'peapver=0')),
    })),
    ...['PAP', 'CHAP', 'MSCHAP', 'MSCHAPV2'].map((inner) => ({
      name: `EAP-TTLS with ${inner}, ${version}`,
      network: tunnel('TTLS', `auth=${inner}`, ALICE, phase1(version)),
    })),
    {
      name: `PEAP, ${version}, wrong password`,
      network: tunnel('PEAP', 'auth=MSCHAPV2', WRONG, phase1(version, 'peapver=0')),
    },
    {
      name: `EAP-TTLS with PAP, ${version}, wrong password`,
      network: tunnel('TTLS', 'auth=PAP', WRONG, phase1(version)),
    },
    {
      name: `PEAP, ${version}, identity privacy`,
      network: tunnel(
        'PEAP',
        'auth=MSCHAPV2',
        [...ALICE, 'anonymous_identity="anonymous"'],
        phase1(version, 'peapver=0'),
      ),
    },
    {
      name: `PEAP, ${version}, crypto-binding required`,
      network: tunnel('PEAP', 'auth=MSCHAPV2', ALICE, phase1(version, 'peapver=0', 'crypto_binding=2')),
    },
    {
      name: `PEAP, ${version}, a server the supplicant does not trust`,
      network: (house: DifferentialHouse) => [
        ...['eap=PEAP', ...ALICE, 'phase2="auth=MSCHAPV2"', phase1(version, 'peapver=0')],
        `ca_cert="${house.strangerCa.certificate}"`,
      ],
    },
  ]),
  {
    name: 'PEAP, a server of another name',
    network: (_, server) => [
      ...['eap=PEAP', ...ALICE, 'phase2="auth=MSCHAPV2"', `ca_cert="${server.authority}"`],
      'domain_match="another.lab.test"',
    ],
  },
  { name: 'a method no server has', network: plain('PWD'), noKeys: true },
]

export const LOGIN_CASES: readonly LabCase<DifferentialHouse>[] = LOGINS.map((login) => ({
  name: `both: ${login.name}`,
  async run(house) {
    const ask = async (server: Server): Promise<Outcome> =>
      outcomeOf(await house.login(server, login.network(house, server), login.noKeys ?? false))
    const [ours, hostapd] = [await ask(house.ours), await ask(house.hostapd)]
    assert.equal(ours, hostapd, 'ours, and hostapd')
    return ours
  },
}))

function outcomeOf({ success, keys, rejected, accepted }: EapolResult): Outcome {
  if (success) {
    if (keys === undefined || keys.ok + keys.mismatch === 0) return 'in, no keys'
    return keys.mismatch === 0 ? 'in, keys match' : 'in, keys differ'
  }
  assert.equal(accepted, false, 'an Access-Accept the supplicant does not believe')
  return rejected ? 'rejected' : 'given up by the supplicant'
}
