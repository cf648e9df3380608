/**
 * The lock-out shield: devices with old passwords hammer, and what the domain controller counts tells whether they were
 * kept from it. Another program than ours reads that count.
 */
import assert from 'node:assert/strict'
import { COMMON_PASSWORD, LOCKOUT_THRESHOLD, type PersonName } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import type { DirectoryHouse } from './house.ts'

type Case = LabCase<DirectoryHouse>

const OLD = 'Last-M0nths-Passw0rd'
const HAMMERS = 50
/** Every so many wrong passwords the owner logs in. */
const OWNER_AFTER = 10

/** badPwdCount, as the controller keeps it. Fails where the account is locked. */
async function wrongPasswords(house: DirectoryHouse, who: PersonName): Promise<number> {
  const { controller } = house.backends
  const { name } = controller.person(who)
  const ldif = await controller.search([`(sAMAccountName=${name})`, 'badPwdCount', 'lockoutTime'])
  const locked = /^lockoutTime: (\d+)$/m.exec(ldif)?.[1] ?? '0'
  assert.equal(locked, '0', `${name} is locked: ${ldif}`)
  return Number(/^badPwdCount: (\d+)$/m.exec(ldif)?.[1] ?? 0)
}

/** Times a reason was given, in the order they came. */
class Reasons {
  readonly counts = new Map<string, number>()

  note(reason: string): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1)
  }

  get text(): string {
    return [...this.counts].map(([reason, times]) => `${reason} x${times}`).join(', ')
  }
}

/** Of one login of each of these devices. */
async function reasonsOf(house: DirectoryHouse, stations: readonly string[]): Promise<Reasons> {
  const reasons = new Reasons()
  for (const station of stations) reasons.note((await house.receipt(station)).body.reason.code)
  return reasons
}

/** Waits until a receipt of the device says so: receipts are stored behind the answers. */
async function reasonSeen(house: DirectoryHouse, station: string, reason: string): Promise<void> {
  await until(`${reason} of ${station}`, async () =>
    (await house.server.api.receipts()).find(
      (row) => row.callingStationId === station && row.reason === reason,
    ),
  )
}

const REPEATED: Case = {
  name: 'shield: 50 logins with one old password over PAP cost one guess, and the owner comes in throughout',
  async run(house) {
    const laptop = '02-00-00-05-00-01'
    const first = await house.login('carol', OLD)
    assert.equal((await house.receipt(first.station)).body.reason.code, 'wrong-password')
    for (let n = 1; n < HAMMERS; n++) {
      assert.equal((await house.login('carol', OLD, 8, '02-00-00-05-00-02')).code, 'Access-Reject')
      if (n % OWNER_AFTER !== 0) continue
      assert.ok((await wrongPasswords(house, 'carol')) <= 1)
      assert.equal((await house.login('carol', COMMON_PASSWORD, 8, laptop)).code, 'Access-Accept')
    }
    await reasonSeen(house, '02-00-00-05-00-02', 'wrong-password-repeated')
    const { output } = await house.server.cli('shield', 'list')
    assert.match(output, /carol +domain .*02:00:00:05:00:02 +gateway/)
    return output.trim().split('\n').at(-1) ?? ''
  },
}

const EVER_NEW: Case = {
  name: 'shield: 50 wrong passwords from ever new devices leave the owner guesses and the way in',
  async run(house) {
    const laptop = '02-00-00-05-00-11'
    assert.equal((await house.login('paul', COMMON_PASSWORD, 8, laptop)).code, 'Access-Accept')
    const stations: string[] = []
    for (let n = 0; n < HAMMERS; n++) {
      const { code, station } = await house.login('paul', `guess ${n}`)
      assert.equal(code, 'Access-Reject')
      stations.push(station)
    }
    const counted = await wrongPasswords(house, 'paul')
    assert.equal(counted, LOCKOUT_THRESHOLD - 2)
    const { text } = await reasonsOf(house, [...stations.slice(0, 4), ...stations.slice(-2)])
    assert.equal(text, 'wrong-password x3, guesses-kept-back x3')
    assert.equal((await house.login('paul', COMMON_PASSWORD, 8, laptop)).code, 'Access-Accept')
    assert.equal(await wrongPasswords(house, 'paul'), 0)
    return `${HAMMERS} guesses, badPwdCount ${counted} of ${LOCKOUT_THRESHOLD}: ${text}`
  },
}

const STRICT: Case = {
  name: 'shield: a password settings object that locks after three, read or not',
  async run(house) {
    const laptop = '02-00-00-05-00-21'
    assert.equal((await house.login('stella.strict', COMMON_PASSWORD, 8, laptop)).code, 'Access-Accept')
    for (let n = 0; n < 10; n++) {
      const { code } = await house.login('stella.strict', `guess ${n}`)
      assert.equal(code, 'Access-Reject')
    }
    const counted = await wrongPasswords(house, 'strict')
    assert.equal(counted, 1)
    assert.equal((await house.login('stella.strict', COMMON_PASSWORD, 8, laptop)).code, 'Access-Accept')
    return `badPwdCount ${counted} of 3`
  },
}

const RELEASE: Case = {
  name: 'shield: an administrator lets a device try again, by command',
  async run(house) {
    const phone = '02-00-00-05-00-31'
    for (let n = 0; n < 3; n++) await house.login('bob', `guess ${n}`, 8, phone)
    await reasonSeen(house, phone, 'device-held-back')
    const { code, output } = await house.server.cli('shield', 'release', 'bob', '--device', phone)
    assert.equal(code, 0, output)
    assert.equal((await house.login('bob', COMMON_PASSWORD, 8, phone)).code, 'Access-Accept')
    return output.trim()
  },
}

const PEAP: Case = {
  name: 'shield: 50 logins with an old password over PEAP-MSCHAPv2 and winbind; the laptop comes in throughout',
  async run(house) {
    const winbind = { name: 'winbind', kind: 'winbind', directory: 'domain', processes: 2 }
    await house.serve({}, { sources: [{ ...winbind, configurationFile: house.member.configuration }] })
    const phone = '02-00-00-05-00-41'
    const laptop = '02-00-00-05-00-42'
    const login = (station: string, password: string) =>
      house.eap(peap('ally.allowed', password), { station })
    assert.ok((await login(laptop, COMMON_PASSWORD)).success)
    for (let n = 0; n < HAMMERS; n += OWNER_AFTER) {
      const at = Array.from({ length: OWNER_AFTER }, () => login(phone, OLD))
      for (const { accepted, rejected, output } of await Promise.all(at)) {
        assert.ok(rejected && !accepted, output.slice(-2000))
      }
      assert.ok((await wrongPasswords(house, 'dialInAllowed')) <= 2)
      const { success, output } = await login(laptop, COMMON_PASSWORD)
      assert.ok(success, output.slice(-2000))
    }
    await reasonSeen(house, phone, 'device-held-back')
    const { output } = await login(phone, OLD)
    // RFC 2759 section 6: the same error as of any wrong password, and no retry.
    assert.match(output, /E=691 R=0|error 691/)
    await house.serve()
    return `badPwdCount ${await wrongPasswords(house, 'dialInAllowed')} of ${LOCKOUT_THRESHOLD}`
  },
}

function peap(user: string, password: string): readonly string[] {
  return [
    ...['eap=PEAP', 'phase2="auth=MSCHAPV2"', `identity="${user}@winbind.test"`],
    ...['anonymous_identity="anonymous@winbind.test"', `password="${password}"`],
  ]
}

export const SHIELD_CASES: readonly Case[] = [REPEATED, EVER_NEW, STRICT, RELEASE, PEAP]
