/** Logins against slapd: how it is bound to, what is refused, who is found where, and what is said of a server that refuses. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import { VLAN_OF_VPN_USERS } from './configuration.ts'
import type { DirectoryHouse } from './house.ts'

type Case = LabCase<DirectoryHouse>

export interface Expected {
  /** `Access-Accept`, `Access-Reject`; undefined: silence. */
  readonly code: 'Access-Accept' | 'Access-Reject' | undefined
  /** In the receipt. */
  readonly reason: string
  /** The explanation has it. */
  readonly says?: RegExp
  readonly vlan?: number
}

let wrongPasswords = 0

/** Never the same: one that was wrong before need not reach the directory. */
export function wrongPassword(): string {
  return `not-the-password-${++wrongPasswords}`
}

/** One login by PAP that ends as expected; its receipt's reason and sentence are what is returned. */
export async function expectLogin(
  house: DirectoryHouse,
  user: string,
  password: string,
  { code, reason, says, vlan }: Expected,
): Promise<string> {
  // Silence is looked for in the receipt, which a late answer would stand in as well.
  const reply = await house.login(user, password, code === undefined ? 1 : 8)
  const { id, body } = await house.receipt(reply.station)
  const { sentence, text } = await house.server.api.explain(id)
  const seen = `${user}: ${reply.code ?? 'silence'} ${body.reason.code}: ${sentence}`
  assert.equal(reply.code, code, seen)
  assert.equal(body.reason.code, reason, seen)
  if (says !== undefined) assert.match(text, says)
  const vlans = reply.attributes.filter((line) => line.startsWith('Tunnel-Private-Group-Id'))
  if (vlan !== undefined) assert.deepEqual(vlans, [`Tunnel-Private-Group-Id:0 = "${vlan}"`], seen)
  else assert.deepEqual(vlans, [], seen)
  return `${body.reason.code}: ${sentence}`
}

export const ACCEPTED = { code: 'Access-Accept', reason: 'accepted' } as const
export const ACCEPTED_VPN = { ...ACCEPTED, vlan: VLAN_OF_VPN_USERS } as const
export const WRONG = { code: 'Access-Reject', reason: 'wrong-password' } as const
export const UNKNOWN = { code: 'Access-Reject', reason: 'user-not-found' } as const
/** radclient leaves an empty password out. */
export const BLANK = '   '
export const EMPTY = { code: 'Access-Reject', reason: 'empty-password' } as const
export const OUTSIDE_GROUP = { code: 'Access-Reject', reason: 'outside-directory-group' } as const
export const UNAVAILABLE = { code: undefined, reason: 'source-unavailable' } as const

/**
 * What everybody expects of a way to bind: the right password, a wrong one, nobody, a blank password. alice is in the
 * group by another group.
 *
 * @param outsider whom the group DN keeps out
 */
function bindMode(source: string, what: string, outsider?: string): Case {
  return {
    name: `${what}: right, wrong, unknown, blank`,
    async run(house) {
      const at = (user: string): string => `${user}@${source}.test`
      await expectLogin(house, at('alice'), LDAP_PASSWORD, ACCEPTED_VPN)
      await expectLogin(house, at('bob'), LDAP_PASSWORD, ACCEPTED_VPN)
      await expectLogin(house, at('carol'), LDAP_PASSWORD, outsider === 'carol' ? OUTSIDE_GROUP : ACCEPTED)
      await expectLogin(house, at('bob'), wrongPassword(), WRONG)
      await expectLogin(house, at('nobody'), LDAP_PASSWORD, UNKNOWN)
      return await expectLogin(house, at('bob'), BLANK, EMPTY)
    },
  }
}

export const SLAPD_CASES: readonly Case[] = [
  bindMode('regular', 'slapd, bind mode regular over LDAPS'),
  bindMode('anonymous', 'slapd, bind mode anonymous'),
  bindMode('starttls', 'slapd, bind mode regular over StartTLS'),
  bindMode('ldap-vpn', 'slapd, base DN and group DN', 'carol'),
  {
    name: 'slapd, bind mode simple: one place, and nobody outside it',
    async run(house) {
      await expectLogin(house, 'dave@simple.test', LDAP_PASSWORD, ACCEPTED)
      await expectLogin(house, 'dave@simple.test', wrongPassword(), WRONG)
      await expectLogin(house, 'dave@simple.test', BLANK, EMPTY)
      // Below another organizational unit: the template names somebody who does not exist.
      return await expectLogin(house, 'alice@simple.test', LDAP_PASSWORD, WRONG)
    },
  },
  {
    name: 'slapd: attributes reach the facts, groups of both kinds too',
    async run(house) {
      const { station } = await house.login('carol@regular.test', LDAP_PASSWORD)
      const { body } = await house.receipt(station)
      const user = body.facts.user as { groups: string[]; attributes: Record<string, string>; lookup: string }
      assert.deepEqual(user.groups, ['staff'])
      assert.equal(user.attributes.mail, 'carol@example.org')
      assert.equal(user.lookup, 'live')
      return JSON.stringify(user.attributes)
    },
  },
]

/** A server that will not have us: silence, never a reject, and the cause in words. */
export const REFUSING_CASES: readonly Case[] = [
  refusing('slapd: a certificate for another name', 'alice@misnamed.test', /another\.example\.org|name/i),
  refusing(
    'slapd: a certificate of a CA nobody trusts',
    'alice@stranger-ca.test',
    /certificate|authority|issuer/i,
  ),
  refusing('slapd: a search without a name refused', 'alice@anonymous-refused.test', /use bindMode regular/),
  {
    name: 'slapd: wrong password of the service account',
    async run(house) {
      const expected = { code: undefined, reason: 'directory-service-account-refused' }
      return await expectLogin(house, 'alice@wrong-service.test', LDAP_PASSWORD, expected)
    },
  },
]

export function refusing(name: string, user: string, says: RegExp, password: string = LDAP_PASSWORD): Case {
  return { name, run: (house) => expectLogin(house, user, password, { ...UNAVAILABLE, says }) }
}
