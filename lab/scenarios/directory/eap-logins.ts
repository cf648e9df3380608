/** eapol_test: methods whose inner password is checked by a bind, those that need winbind, and certificates. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import type { DirectoryHouse } from './house.ts'
import { wrongPassword } from './slapd-logins.ts'

type Case = LabCase<DirectoryHouse>

/** PAP inside TTLS and GTC inside PEAP hand the password over, so that a directory can check it. */
export function bindMethods(what: string, realm: string, password: string): readonly Case[] {
  const methods = [
    ['TTLS-PAP', ['eap=TTLS', 'phase2="auth=PAP"']],
    ['PEAP-GTC', ['eap=PEAP', 'phase2="auth=GTC"']],
    ['TTLS-EAP-GTC', ['eap=TTLS', 'phase2="autheap=GTC"']],
  ] as const
  return methods.map(([method, lines]) => ({
    name: `${what}: ${method}, right and wrong`,
    async run(house) {
      const at = (word: string) => [
        ...lines,
        ...[`identity="alice@${realm}"`, `anonymous_identity="anonymous@${realm}"`, `password="${word}"`],
      ]
      const right = await house.eap(at(password))
      assert.ok(right.success, right.output.slice(-3000))
      assert.deepEqual(right.keys, { ok: 1, mismatch: 0 })
      const wrong = await house.eap(at(wrongPassword()))
      assert.ok(wrong.rejected && !wrong.accepted, wrong.output.slice(-3000))
      const { body } = await house.receipt(wrong.station)
      assert.equal(body.reason.code, 'wrong-password')
      return `${right.roundTrips} rounds, keys match`
    },
  }))
}

export const SLAPD_EAP_CASES: readonly Case[] = bindMethods('slapd', 'regular.test', LDAP_PASSWORD)
