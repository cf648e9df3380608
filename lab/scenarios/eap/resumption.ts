/** Resumption is fast, and decides again: account, groups and certificate are those of now, not of the first login. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { clientCa } from './configuration.ts'
import { certificateLines, credentials, type EapHouse, type LoginOptions } from './house.ts'
import { assertAccepted, keysOf, tls, tunnel } from './methods.ts'

type Case = LabCase<EapHouse>

const RESUMED: readonly Case[] = (
  [
    ['EAP-TLS, TLSv1.2', tls('TLSv1.2'), 1],
    ['EAP-TLS, TLSv1.3', tls('TLSv1.3'), 1],
    ['PEAP, TLSv1.2', tunnel('PEAP', 'TLSv1.2', 'auth=MSCHAPV2'), 1],
    ['EAP-TTLS, TLSv1.2', tunnel('TTLS', 'TLSv1.2', 'auth=MSCHAPV2'), 1],
    // TLS 1.3 hands out its tickets before the password was seen: not for tunnels.
    ['PEAP, TLSv1.3', tunnel('PEAP', 'TLSv1.3', 'auth=MSCHAPV2'), 0],
    ['EAP-TTLS, TLSv1.3', tunnel('TTLS', 'TLSv1.3', 'auth=MSCHAPV2'), 0],
  ] as const
).map(([name, options, resumed]) => ({
  name: `second login ${resumed === 1 ? 'resumes' : 'does not resume'}: ${name}`,
  async run(house) {
    const login = await house.login({ ...options(house), repeat: 1 })
    assertAccepted(login, 2)
    assert.equal(login.resumed > 0, resumed === 1)
    const rows = await house.receipts(login.station, 2)
    const eap = await Promise.all(rows.map(async ({ id }) => (await house.server.api.receipt(id)).body.eap))
    assert.deepEqual(
      eap.map((summary) => summary?.resumed),
      [false, resumed === 1],
    )
    return `resumed=${resumed}, ${keysOf(login)}, ${eap.map((summary) => `${summary?.rounds} rounds`).join(' then ')}`
  },
}))

interface Change {
  readonly name: string
  readonly login: (house: EapHouse) => LoginOptions
  readonly change: (house: EapHouse) => Promise<unknown>
  readonly undo: (house: EapHouse) => Promise<unknown>
  readonly reason: string
  /** False where the session itself ends with the change, and the login becomes a whole one. */
  readonly resumes: boolean
}

const resumer = (house: EapHouse): LoginOptions => ({
  network: ['eap=PEAP', ...credentials('resumer'), 'phase2="auth=MSCHAPV2"', ...house.trust],
})

const byCertificate =
  (version: 'TLSv1.2' | 'TLSv1.3') =>
  (house: EapHouse): LoginOptions => ({
    network: [
      ...tls(version)(house).network.filter((line) => !/^(client_cert|private_key)=/.test(line)),
      ...certificateLines(house.certificate('resumer')),
    ],
  })

const setUser = (fields: object) => (house: EapHouse) => house.server.api.changeUser('resumer', fields)
const trust = (ca: 'ca' | 'strangerCa') => (house: EapHouse) =>
  house.server.api.apply(`trust:\n${clientCa(readFileSync(house[ca].certificate, 'utf8'))}\n`)

const DISABLED = {
  change: setUser({ disabled: true }),
  undo: setUser({ disabled: false }),
  reason: 'account-disabled',
  resumes: true,
}
const REMOVED = {
  change: setUser({ groups: [] }),
  undo: setUser({ groups: ['Staff'] }),
  reason: 'no-rule-matched',
  resumes: true,
}
const SWAPPED = {
  change: trust('strangerCa'),
  undo: trust('ca'),
  reason: 'certificate-untrusted-ca',
  resumes: false,
}
const PASSWORD_SET = {
  change: (house: EapHouse) =>
    house.server.api.send('PUT', '/users/resumer/password', { password: 'Another-Passw0rd!' }),
  undo: (house: EapHouse) =>
    house.server.api.send('PUT', '/users/resumer/password', { password: 'Vpn-Passw0rd!' }),
  reason: 'password-changed-since',
  resumes: true,
}

const CHANGES: readonly Change[] = [
  { name: 'PEAP after the user was disabled', login: resumer, ...DISABLED },
  { name: 'PEAP after the user left the group', login: resumer, ...REMOVED },
  { name: 'PEAP after the password was set anew', login: resumer, ...PASSWORD_SET },
  ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => [
    { name: `EAP-TLS, ${version}, after the user was disabled`, login: byCertificate(version), ...DISABLED },
    { name: `EAP-TLS, ${version}, after the user left the group`, login: byCertificate(version), ...REMOVED },
    {
      name: `EAP-TLS, ${version}, after the trusted CA was swapped`,
      login: byCertificate(version),
      ...SWAPPED,
    },
  ]),
]

/** A login whose handshake was over when the fact changed has resumed, whatever changed: then it is tried anew. */
const ATTEMPTS = 3

const DECIDED_AGAIN: readonly Case[] = CHANGES.map((change) => ({
  name: `resumed login is refused: ${change.name}`,
  async run(house) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { resumed, seen } = await refusedAfter(change, house)
      if (resumed === change.resumes) return seen
    }
    throw new Error(
      `the supplicant ${change.resumes ? 'never resumed' : 'resumed'} the login that was refused`,
    )
  },
}))

/**
 * eapol_test logs in ten times a second. Once a resumed login was accepted, the fact changes; the next login is refused.
 */
async function refusedAfter({ login, change, undo, reason }: Change, house: EapHouse) {
  const { process, station } = house.repeatLogin(login(house))
  try {
    await until('a resumed and accepted login', async () => {
      const newest = (await house.receipts(station, 2)).at(-1)
      return newest?.outcome === 'accept' ? true : undefined
    })
    await change(house)
    const rows = await until('a refused login', async () => {
      const all = await house.receipts(station, 2)
      return all.at(-1)?.outcome === 'reject' ? all : undefined
    })
    const first = rows.findIndex(({ outcome }) => outcome === 'reject')
    assert.ok(
      rows.slice(first).every(({ outcome }) => outcome === 'reject'),
      'accepted after the change',
    )
    const accepted = await house.server.api.receipt(rows[first - 1]?.id ?? '')
    assert.equal(accepted.body.eap?.resumed, true, 'the last accept was resumed')
    const refused = await house.server.api.receipt(rows[first]?.id ?? '')
    assert.equal(refused.reason, reason, String(refused.sentence))
    // The receipt of a login that failed before the rules does not say it; the supplicant does.
    await process.stop()
    const output = process.output()
    const last = output.slice(output.lastIndexOf('code=2 (Access-Accept)'))
    const seen = `${first} accepted, then ${refused.reason}: ${refused.sentence}`
    return { resumed: last.includes('resumed=1'), seen }
  } finally {
    await process.stop()
    await undo(house)
  }
}

export const RESUMPTION_CASES: readonly Case[] = [...RESUMED, ...DECIDED_AGAIN]
