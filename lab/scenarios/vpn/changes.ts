/** What ends a live tunnel by itself, and how soon. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import type { VpnHouse } from './house.ts'
import { STAFF_HOST } from './network.ts'
import { VPN_BY } from './site.ts'
import { alicesMachine, assertConnected, bobsMachine } from './tunnels.ts'

const SECONDS = 5

interface CheckLine {
  readonly item: string
  readonly state: string
}

export const CHANGE_CASES: readonly LabCase<VpnHouse>[] = [
  {
    name: `ok/ out of the group in Active Directory: the live tunnel ends within ${SECONDS} s`,
    async run(house) {
      const { dn } = house.person('bob')
      await using machine = await bobsMachine(house, VPN_BY.password)
      await assertConnected(house, machine)
      assert.ok(await machine.reaches(STAFF_HOST))
      await house.session('bob', ({ state }) => state === 'live')
      const seconds = await house.secondsToTheEnd(() => house.controller.removeMember('VPN Users', dn))
      await house.controller.addMember('VPN Users', dn)
      assert.ok(seconds < SECONDS, `${seconds} s`)
      assert.equal(await machine.reaches(STAFF_HOST), false)
      return `${seconds.toFixed(1)} s after the group was changed`
    },
  },
  {
    name: `ok/ the certificate is revoked: the live tunnel ends within ${SECONDS} s`,
    async run(house) {
      await using machine = await alicesMachine(house)
      await assertConnected(house, machine)
      const serial = await house.serialOf(await house.session('alice', ({ state }) => state === 'live'))
      const revoke = () => house.sallyport('certificates', 'revoke', serial, '--reason', 'keyCompromise')
      const seconds = await house.secondsToTheEnd(revoke)
      assert.ok(seconds < SECONDS, `${seconds} s`)
      assert.equal(await machine.reaches(STAFF_HOST), false)
      return `${seconds.toFixed(1)} s after the command was started`
    },
  },
  {
    name: 'ok/ gateways check: logins, secret, Message-Authenticator, accounting and CoA of the gateway were seen',
    async run(house) {
      const items = await house.json<readonly CheckLine[]>('gateways', 'check', 'vpn-1')
      const wrong = items.filter(({ state }) => state !== 'ok')
      assert.deepEqual(wrong, [])
      const seen = items.map(({ item }) => item)
      for (const item of ['secret', 'message-authenticator', 'accounting', 'coa'])
        assert.ok(seen.includes(item), item)
      return seen.join(', ')
    },
  },
]
