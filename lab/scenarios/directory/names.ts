/** Names and passwords made to be misread: only the literal user can be found, whatever stands in a filter or a DN. */
import assert from 'node:assert/strict'
import { COMMON_PASSWORD } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import type { DirectoryHouse } from './house.ts'
import { ACCEPTED, expectLogin } from './slapd-logins.ts'

type Case = LabCase<DirectoryHouse>

/** None of them is alice. */
const NOT_ALICE = [
  '*',
  'al*',
  'a*e',
  'alice)(uid=*',
  'alice)(objectClass=*',
  '*)(uid=alice',
  'x)(|(uid=alice',
  'alice\\2a',
  '\\61lice',
  'alice,ou=RD1',
  'alice+cn=alice',
  'uid=alice',
  'uid=alice,ou=RD1,ou=People,dc=example,dc=org',
  'alice"',
  "alice'--",
  'alice#',
  'alice;',
  'alice/',
  '(alice)',
  '&(alice)',
  'alice\u0000',
  'alice\u0000x',
  // Letters that look like those of alice, or that a directory may take for them.
  '\u0430lice',
  '\uff41lice',
  'ali\u0441e',
  'al\u0131ce',
  'alice\u0301',
  'ali\u200dce',
  'ali\u00adce',
  'al\u0456ce',
  'ａｌｉｃｅ',
  'alice ',
  ' alice',
  'ali  ce',
] as const

/** With the right password of alice; what is refused, and how often by which reason. */
async function refuseAll(house: DirectoryHouse, realm: string, password: string): Promise<string> {
  const reasons = new Map<string, number>()
  const refuse = async (name: string): Promise<void> => {
    const { code, station } = await house.login(`${name}@${realm}`, password, 4)
    assert.notEqual(code, 'Access-Accept', JSON.stringify(name))
    const { body } = await house.receipt(station)
    reasons.set(body.reason.code, (reasons.get(body.reason.code) ?? 0) + 1)
  }
  for (let at = 0; at < NOT_ALICE.length; at += 9)
    await Promise.all(NOT_ALICE.slice(at, at + 9).map((name) => refuse(name)))
  assert.deepEqual([...reasons.keys()].toSorted(), ['user-name-malformed', 'user-not-found'])
  return [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ')
}

export const SLAPD_NAME_CASES: readonly Case[] = [
  {
    name: `slapd: ${NOT_ALICE.length} names that are not alice, with the password of alice: none is let in`,
    async run(house) {
      const seen = await refuseAll(house, 'regular.test', LDAP_PASSWORD)
      // What slapd understood: every assertion on uid is one whole value, and never one of presence or of a part.
      const filters = house.backends.slapd.log.match(/filter="[^\n]*"/g) ?? []
      assert.ok(
        filters.some((filter) => filter.includes('uid=\\2A')),
        'slapd saw no escaped asterisk',
      )
      for (const filter of filters) assert.doesNotMatch(filter, /\((uid|cn|memberUid)=[^)]*\*/, filter)
      return seen
    },
  },
  {
    name: 'a password with a NUL, of blanks alone, or of four kilobytes is wrong, and slapd is not asked about it',
    async run(house) {
      const binds = (): number => (house.backends.slapd.log.match(/BIND dn="uid=alice/g) ?? []).length
      const before = binds()
      // eapol_test takes them with P"..."; radclient ends a password at its NUL.
      const passwords = [
        `\\x00${LDAP_PASSWORD}`,
        `${LDAP_PASSWORD}\\x00x`,
        `${LDAP_PASSWORD}\\x00`.repeat(2),
        '   ',
        `${LDAP_PASSWORD}${'x'.repeat(4096)}`,
      ]
      for (const password of passwords) {
        const { accepted, output } = await house.eap([
          ...['eap=TTLS', 'phase2="auth=PAP"', 'anonymous_identity="anonymous@regular.test"'],
          ...['identity="alice@regular.test"', `password=P"${password}"`],
        ])
        assert.ok(!accepted, output.slice(-2000))
      }
      assert.equal(binds(), before)
      return `${passwords.length} refused, no bind`
    },
  },
]

export const DOMAIN_NAME_CASES: readonly Case[] = [
  {
    name: `AD: ${NOT_ALICE.length} names that are not alice, with the password of alice: none is let in`,
    run: (house) => refuseAll(house, 'domain.test', COMMON_PASSWORD),
  },
  {
    name: 'AD: an account with parentheses in its name logs in, and no other by it',
    async run(house) {
      await expectLogin(house, 'o(d)d', COMMON_PASSWORD, ACCEPTED)
      return await expectLogin(house, 'o(d)*', COMMON_PASSWORD, {
        code: 'Access-Reject',
        reason: 'user-not-found',
      })
    },
  },
]
