/** The directory is cut off: packets are lost, and nobody is told. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import type { VpnHouse } from './house.ts'
import { ADDRESSES, STAFF_HOST } from './network.ts'
import { VPN_BY } from './site.ts'
import { alicesMachine, assertConnected, bobsMachine } from './tunnels.ts'

export const OUTAGE_CASES: readonly LabCase<VpnHouse>[] = [
  {
    name: 'ok/ the directory is down: passwords get silence, an enrolled device comes in; when it is back, all is well',
    async run(house) {
      // Known from before: the directory let this certificate in.
      await using alice = await alicesMachine(house)
      await assertConnected(house, alice)
      await alice[Symbol.asyncDispose]()
      await using bob = await bobsMachine(house, VPN_BY.password)
      const before = (await house.server.api.receipts()).length
      house.controller.cutOff(ADDRESSES.server)
      try {
        const { connected } = await bob.connect()
        assert.equal(connected, false)
        const seen = await until('a receipt of the silence', async () => {
          const rows = await house.server.api.receipts()
          return rows.length > before ? rows.slice(0, rows.length - before) : undefined
        })
        assert.deepEqual(
          [...new Set(seen.map(({ outcome, reason }) => `${outcome} ${reason}`))],
          ['drop source-unavailable'],
        )
        assert.match(house.gateway.log, /RADIUS .*(timed out|not responding|retransmit)/i)
      } finally {
        house.controller.reconnect(ADDRESSES.server)
      }
      await until('logins by password again', async () =>
        (await bob.connect(5)).connected ? true : undefined,
      )
      assert.ok(await bob.reaches(STAFF_HOST))
      return 'silence, never a reject; then in again'
    },
  },
]
