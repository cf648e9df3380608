/** The same people at a switch port with 802.1X: hostapd and wpa_supplicant on generated files. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import type { LabSession, VpnHouse } from './house.ts'
import { OTHER_VLAN, STAFF_VLAN } from './network.ts'
import { LAN_BY } from './site.ts'

type Case = LabCase<VpnHouse>

async function portIs({ port }: VpnHouse, vlan: number | undefined): Promise<void> {
  await until(`port in VLAN ${vlan ?? 'none'} (is in ${port.vlan ?? 'none'})`, () =>
    port.vlan === vlan ? true : undefined,
  )
}

/** alice's computer: her certificate comes along with the profile. */
async function alicesDesk(house: VpnHouse): Promise<boolean> {
  const { upn } = house.person('alice')
  const bring = ['--certificate', 'pkcs12']
  return await house.desk.plugIn(
    await house.profile(LAN_BY.certificate, 'linux-wpa-supplicant', upn, ...bring),
  )
}

export const WIRED_CASES: readonly Case[] = [
  {
    name: 'ok/ wired: EAP-TLS by the certificate in the profile opens the port into the VLAN of staff',
    async run(house) {
      assert.deepEqual(await house.desk.reachable(), [])
      assert.ok(await alicesDesk(house))
      await portIs(house, STAFF_VLAN)
      assert.deepEqual(await house.desk.reachable(), [STAFF_VLAN])
      return `VLAN ${STAFF_VLAN} alone answers`
    },
  },
  {
    name: 'ok/ wired: PEAP with a password typed when it is asked for opens it into the other VLAN',
    async run(house) {
      const { upn, password } = house.person('bob')
      assert.ok(
        await house.desk.plugIn(await house.profile(LAN_BY.password, 'linux-wpa-supplicant', upn), password),
      )
      await portIs(house, OTHER_VLAN)
      assert.deepEqual(await house.desk.reachable(), [OTHER_VLAN])
      return `VLAN ${OTHER_VLAN} alone answers`
    },
  },
  {
    name: 'ok/ wired: the certificate is revoked, and the port closes',
    async run(house) {
      assert.ok(await alicesDesk(house))
      await portIs(house, STAFF_VLAN)
      const isHere = ({ state, framedIpAddress }: LabSession) =>
        state === 'live' && framedIpAddress === undefined
      const serial = await house.serialOf(await house.session('alice', isHere))
      const startedAt = performance.now()
      await house.sallyport('certificates', 'revoke', serial, '--reason', 'keyCompromise')
      await portIs(house, undefined)
      const seconds = (performance.now() - startedAt) / 1000
      assert.ok(seconds < 5, `${seconds} s`)
      assert.deepEqual(await house.desk.reachable(), [])
      return `closed ${seconds.toFixed(1)} s after the command was started`
    },
  },
]
