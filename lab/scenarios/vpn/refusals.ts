/** Who does not get in, and that `explain` says why. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, makeCa } from '../../certificates.ts'
import type { PersonName } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import type { ClientMachine } from './client-machine.ts'
import type { VpnHouse } from './house.ts'
import { VPN_BY } from './site.ts'
import { alicesProfile, bobsMachine } from './tunnels.ts'

type Case = LabCase<VpnHouse>

/** The machine is refused, the last receipt has this reason, and `explain` says a sentence and what to do. */
async function refused(
  house: VpnHouse,
  machine: ClientMachine,
  user: string,
  reason: string,
): Promise<string> {
  const before = new Set((await house.server.api.receipts()).map(({ id }) => id))
  const { connected, output } = await machine.connect()
  assert.equal(connected, false, 'it got in')
  assert.match(
    output,
    /AUTHENTICATION_FAILED|EAP_FAILURE|authentication .* failed|establishing .* failed/i,
    output,
  )
  const last = await until('its receipt', async () =>
    (await house.server.api.receipts()).find(({ id }) => !before.has(id)),
  )
  // strongSwan does not answer the refusal of a password: its receipt comes all the same, long before `eapSeconds`.
  assert.equal(last.outcome, 'reject', `${last.reason}: ${last.sentence}`)
  assert.equal(last.reason, reason, `${last.sentence}`)
  // An identity that nobody proved is kept as the device sent it.
  assert.ok(last.user === user || last.user?.startsWith(`${user}@`), `${last.user}`)
  const text = await house.explanation(last.user ?? user)
  assert.ok(text.includes(last.reason ?? reason), text)
  return last.sentence ?? ''
}

function byPassword(name: string, who: PersonName, reason: string): Case {
  return {
    name,
    async run(house) {
      const { upn, password, name: user } = house.person(who)
      const profile = await house.profile(VPN_BY.password, 'linux-swanctl', upn)
      await using machine = await house.machine(profile, { password: { name: upn, password } })
      return await refused(house, machine, user, reason)
    },
  }
}

export const REFUSAL_CASES: readonly Case[] = [
  byPassword('fail/ a person outside "VPN Users"', 'carol', 'no-rule-matched'),
  {
    name: 'ok/ explain --client-error 812 joins what a client shows with what was seen of the person',
    async run(house) {
      const text = await house.sallyport('explain', '--client-error', '812', '--user', 'carol')
      const [seen = ''] = /This server refused carol .*No rule lets this login in.*/.exec(text) ?? []
      assert.notEqual(seen, '', text)
      return seen
    },
  },
  {
    name: 'fail/ an account that was disabled since the profile was handed out',
    async run(house) {
      const { dn } = house.person('bob')
      await using machine = await bobsMachine(house, VPN_BY.password)
      await house.controller.change(dn, 'userAccountControl', '514')
      try {
        return await refused(house, machine, 'bob', 'account-disabled')
      } finally {
        await house.controller.change(dn, 'userAccountControl', '512')
      }
    },
  },
  byPassword(
    'fail/ a device that is not enrolled: a password where a certificate is wanted',
    'alice',
    'method-not-allowed',
  ),
  {
    name: 'fail/ a device that is not enrolled: a certificate of another CA, with the right name',
    async run(house) {
      const { upn } = house.person('alice')
      const bring = ['--certificate', 'installed']
      const profile = await house.profile(VPN_BY.certificate, 'linux-swanctl', upn, ...bring)
      const ca = makeCa(`${profile}-ca`, 'Another CA')
      const leaf = issue(ca, 'alice', {
        commonName: 'alice',
        subjectAltName: `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:${upn},email:${upn}`,
      })
      await using machine = await house.machine(profile, { certificate: leaf })
      return await refused(house, machine, 'alice', 'certificate-untrusted-ca')
    },
  },
  {
    name: 'fail/ a certificate that was revoked',
    async run(house) {
      const profile = await alicesProfile(house)
      await house.sallyport('certificates', 'revoke', serialIn(profile), '--reason', 'keyCompromise')
      await using machine = await house.machine(profile)
      return await refused(house, machine, 'alice', 'certificate-revoked')
    },
  },
]

/** Of the person's certificate among the files of a profile. */
export function serialIn(profile: string): string {
  const name = readdirSync(profile).find((each) => each.endsWith('.pem') && !/-ca-\d+\.pem$/.test(each)) ?? ''
  return new X509Certificate(readFileSync(join(profile, name))).serialNumber.toLowerCase().replace(/^0+/, '')
}
