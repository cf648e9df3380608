/** Logins against the domain controller: every way to write a name, every state of an account, both filters. */
import assert from 'node:assert/strict'
import { COMMON_PASSWORD, type PersonName } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import type { DirectoryHouse } from './house.ts'
import {
  ACCEPTED,
  ACCEPTED_VPN,
  BLANK,
  EMPTY,
  expectLogin,
  OUTSIDE_GROUP,
  UNKNOWN,
  WRONG,
  wrongPassword,
} from './slapd-logins.ts'

type Case = LabCase<DirectoryHouse>

/** Who is kept out with the right password, by which reason, and AD's number for it. */
const STATES: readonly (readonly [who: PersonName, reason: string, data: string])[] = [
  ['disabled', 'account-disabled', '533'],
  ['expired', 'account-expired', '701'],
  ['mustChange', 'must-change-password', '773'],
  ['oldPassword', 'password-expired', '532'],
  ['outsideHours', 'outside-logon-hours', '530'],
  ['elsewhere', 'logon-workstation-denied', '531'],
]

const NAMES: Case = {
  name: 'AD: sAMAccountName, UPN and DOMAIN\\user are one account; a wrong password is one',
  async run(house) {
    for (const name of [
      'alice',
      'ALICE',
      'alice@ad.lab.test',
      'Alice@AD.LAB.TEST',
      'LAB\\alice',
      'lab\\Alice',
    ])
      await expectLogin(house, name, COMMON_PASSWORD, ACCEPTED_VPN)
    await expectLogin(house, 'paul', COMMON_PASSWORD, ACCEPTED)
    await expectLogin(house, 'nobody', COMMON_PASSWORD, UNKNOWN)
    await expectLogin(house, 'alice', BLANK, EMPTY)
    return await expectLogin(house, 'LAB\\alice', wrongPassword(), WRONG)
  },
}

const GROUPS: Case = {
  name: 'AD: nested groups and the primary group are among the facts, attributes too',
  async run(house) {
    const { station } = await house.login('alice', COMMON_PASSWORD)
    const { body } = await house.receipt(station)
    const user = body.facts.user as { groups: string[]; attributes: Record<string, string> }
    assert.deepEqual(user.groups.toSorted(), ['Domain Users', 'Users', 'VPN Nested', 'VPN Users'].toSorted())
    assert.equal(user.attributes.department, 'Research')
    return user.groups.join(', ')
  },
}

const STATE_CASES: readonly Case[] = STATES.map(([who, reason, data]) => ({
  name: `AD: ${who} (${data}) is refused as ${reason}`,
  async run(house) {
    const { upn, password } = house.backends.controller.person(who)
    const { output } = await house.backends.controller.bind(upn, password)
    assert.match(output, new RegExp(`data ${data}`), 'the controller itself does not say so')
    return await expectLogin(house, upn, password, { code: 'Access-Reject', reason })
  },
}))

const LOCKED: Case = {
  name: 'AD: an account that wrong passwords locked (775) is refused as account-locked, and comes back',
  async run(house) {
    const { controller } = house.backends
    const { upn, password, dn } = controller.person('locked')
    await expectLogin(house, upn, password, ACCEPTED)
    await controller.failPassword(upn)
    const seen = await expectLogin(house, upn, password, { code: 'Access-Reject', reason: 'account-locked' })
    await controller.unlock(dn)
    await expectLogin(house, upn, password, ACCEPTED)
    return seen
  },
}

const DIAL_IN: Case = {
  name: 'AD: dial-in permission counts where it is asked for, and nowhere else',
  async run(house) {
    const denied = house.backends.controller.person('dialInDenied').name
    const allowed = house.backends.controller.person('dialInAllowed').name
    await expectLogin(house, denied, COMMON_PASSWORD, ACCEPTED)
    await expectLogin(house, `${allowed}@dial-in.test`, COMMON_PASSWORD, ACCEPTED)
    await expectLogin(house, 'carol@dial-in.test', COMMON_PASSWORD, ACCEPTED)
    return await expectLogin(house, `${denied}@dial-in.test`, COMMON_PASSWORD, {
      code: 'Access-Reject',
      reason: 'dial-in-denied',
    })
  },
}

const FILTERS: Case = {
  name: 'AD: base DN, and base DN with group DN: only who is in both',
  async run(house) {
    await expectLogin(house, 'alice@rd1.test', COMMON_PASSWORD, ACCEPTED_VPN)
    await expectLogin(house, 'bob@rd1.test', COMMON_PASSWORD, UNKNOWN)
    await expectLogin(house, 'alice@vpn.test', COMMON_PASSWORD, ACCEPTED_VPN)
    await expectLogin(house, 'bob@vpn.test', COMMON_PASSWORD, ACCEPTED_VPN)
    await expectLogin(house, 'paul@vpn.test', COMMON_PASSWORD, UNKNOWN)
    return await expectLogin(house, 'carol@vpn.test', COMMON_PASSWORD, OUTSIDE_GROUP)
  },
}

/** Ways to reach it, each with a right and a wrong password. */
function reached(source: string, what: string): Case {
  return {
    name: `AD: ${what}`,
    async run(house) {
      await expectLogin(house, `alice@${source}.test`, COMMON_PASSWORD, ACCEPTED_VPN)
      return await expectLogin(house, `bob@${source}.test`, wrongPassword(), WRONG)
    },
  }
}

export const DOMAIN_CASES: readonly Case[] = [
  NAMES,
  GROUPS,
  ...STATE_CASES,
  LOCKED,
  DIAL_IN,
  FILTERS,
  reached('found-by-dns', "its servers found in Samba's own DNS"),
  reached('ad-starttls', 'StartTLS'),
  {
    name: 'AD: bind mode simple, one organizational unit',
    async run(house) {
      await expectLogin(house, 'alice@ad-simple.test', COMMON_PASSWORD, ACCEPTED_VPN)
      return await expectLogin(house, 'bob@ad-simple.test', COMMON_PASSWORD, WRONG)
    },
  },
  {
    name: 'AD: strong authentication required (8): silence, and the cause',
    run: (house) =>
      expectLogin(house, 'alice@ad-unencrypted.test', COMMON_PASSWORD, {
        ...{ code: undefined, reason: 'source-unavailable' },
        says: /strongerAuthRequired \(8\).*use ldaps:\/\/ or startTls/,
      }),
  },
]
