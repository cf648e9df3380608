/** The directory is cut off: packets are lost, and nobody is told. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import type { VpnHouse } from './house.ts'
import { ADDRESSES, STAFF_HOST } from './network.ts'
import { VPN_BY } from './site.ts'
import { alicesProfile, assertConnected, bobsProfile } from './tunnels.ts'

export const OUTAGE_CASES: readonly LabCase<VpnHouse>[] = [
  {
    name: 'ok/ the directory is down: a password gets silence, a known certificate comes in; when it is back, all is well',
    async run(house) {
      const [alice, bob] = [await alicesProfile(house), await bobsProfile(house, VPN_BY.password)]
      const { upn: name, password } = house.person('bob')
      {
        await using machine = await house.machine(alice)
        await assertConnected(house, machine)
      }
      const known = new Set((await house.server.api.receipts()).map(({ id }) => id))
      house.controller.cutOff(ADDRESSES.server)
      try {
        await using machine = await house.machine(bob, { password: { name, password } })
        assert.equal((await machine.connect()).connected, false)
        const seen = await until('a receipt of the silence', async () => {
          const rows = (await house.server.api.receipts()).filter(
            ({ id, user }) => !known.has(id) && user?.startsWith('bob'),
          )
          return rows.length > 0 ? rows.map(({ outcome, reason }) => `${outcome} ${reason}`) : undefined
        })
        assert.deepEqual([...new Set(seen)], ['drop source-unavailable'])
        assert.match(house.gateway.log, /RADIUS .*(timed out|not responding|retransmit)/i)
        await machine[Symbol.asyncDispose]()
        await using another = await house.machine(alice)
        await assertConnected(house, another)
        assert.ok(await another.reaches(STAFF_HOST))
      } finally {
        house.controller.reconnect(ADDRESSES.server)
      }
      await using machine = await house.machine(bob, { password: { name, password } })
      await until('logins by password again', async () =>
        (await machine.connect(5)).connected ? true : undefined,
      )
      assert.ok(await machine.reaches(STAFF_HOST))
      return 'silence, never a reject; then in again'
    },
  },
]
