/** The way in: name, gateway, login, decision, tunnel. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import type { ClientMachine } from './client-machine.ts'
import type { VpnHouse } from './house.ts'
import { ADDRESSES, ADMIN_HOST, NEIGHBOUR, STAFF_HOST, STRANGER } from './network.ts'
import { ALICE_ADDRESS, GATEWAY_NAME, VPN_BY } from './site.ts'

type Case = LabCase<VpnHouse>

/** A profile that needs his password. */
export async function bobsProfile(house: VpnHouse, connection: string): Promise<string> {
  return await house.profile(connection, 'linux-swanctl', house.person('bob').upn)
}

export async function bobsMachine(house: VpnHouse, connection: string): Promise<ClientMachine> {
  const { upn: name, password } = house.person('bob')
  return await house.machine(await bobsProfile(house, connection), { password: { name, password } })
}

/** It holds her certificate, issued for this file. */
export async function alicesProfile(
  house: VpnHouse,
  connection: string = VPN_BY.certificate,
): Promise<string> {
  return await house.profile(connection, 'linux-swanctl', house.person('alice').upn)
}

export async function alicesMachine(house: VpnHouse, connection?: string): Promise<ClientMachine> {
  return await house.machine(await alicesProfile(house, connection))
}

export async function assertConnected(house: VpnHouse, machine: ClientMachine): Promise<void> {
  const { connected, output } = await machine.connect()
  if (connected) return
  const log = await house.sallyport('log')
  throw new Error(`${output}\n${house.gateway.log.slice(-3000)}\n${log}`)
}

function byPassword(method: string, connection: string): Case {
  return {
    name: `ok/ ${method}: a person of the domain, checked by winbind; the tunnel carries a ping`,
    async run(house) {
      await using machine = await bobsMachine(house, connection)
      await assertConnected(house, machine)
      assert.match(machine.address ?? '', /^10\.77\.101\./)
      assert.ok(await machine.reaches(STAFF_HOST))
      const { receipt } = await house.session('bob', ({ state }) => state === 'live')
      const { body, rule } = await house.receipt(receipt ?? '')
      assert.equal(rule, 'vpn-users')
      return `as ${machine.address}, ${body.inner === undefined ? method : `${body.inner} inside`}`
    },
  }
}

export const TUNNEL_CASES: readonly Case[] = [
  {
    name: 'ok/ outside: the DNS of the domain knows the gateway, and nothing behind it answers',
    async run(house) {
      await using machine = await bobsMachine(house, VPN_BY.password)
      assert.equal(await machine.resolve(GATEWAY_NAME), ADDRESSES.outside)
      assert.deepEqual([await machine.reaches(STAFF_HOST), await machine.reaches(ADMIN_HOST)], [false, false])
      return `${GATEWAY_NAME} is ${ADDRESSES.outside}`
    },
  },
  byPassword('EAP-MSCHAPv2', VPN_BY.password),
  byPassword('EAP-TTLS', VPN_BY.ttls),
  {
    ...byPassword('PEAP (plugin built for this)', VPN_BY.peap),
    obstacle: ({ peap }) => ('obstacle' in peap ? `no EAP-PEAP for strongSwan: ${peap.obstacle}` : undefined),
  },
  {
    name: 'ok/ EAP-TLS by the certificate that came with the profile: address and DNS of the decision, a ping',
    async run(house) {
      await using machine = await alicesMachine(house)
      await assertConnected(house, machine)
      assert.equal(machine.address, ALICE_ADDRESS)
      assert.match(machine.nameServers, new RegExp(`nameserver ${ADDRESSES.dc}.*strongSwan`))
      assert.ok(await machine.reaches(STAFF_HOST))
      // Asked through the tunnel, by the way every program there asks.
      assert.equal(await machine.resolve(house.controller.name), ADDRESSES.dc)
      return `as ${machine.address}, DNS ${ADDRESSES.dc}`
    },
  },
  {
    name: 'ok/ a full tunnel takes what no route names, and what is at the same cable; a split one does not',
    async run(house) {
      const ways = (machine: ClientMachine) => [STRANGER, NEIGHBOUR].map((host) => machine.deviceTo(host))
      {
        await using split = await alicesMachine(house)
        await assertConnected(house, split)
        assert.deepEqual(ways(split), ['wan', 'wan'])
        assert.deepEqual(
          [await split.reaches(STAFF_HOST), await split.reaches(STRANGER), await split.reaches(NEIGHBOUR)],
          [true, false, true],
        )
      }
      assert.deepEqual(await house.pings('gateway', NEIGHBOUR), [ADDRESSES.client])
      await using full = await alicesMachine(house, VPN_BY.full)
      await assertConnected(house, full)
      assert.deepEqual(ways(full), ['ipsec0', 'ipsec0'])
      assert.deepEqual([await full.reaches(STRANGER), await full.reaches(NEIGHBOUR)], [true, true])
      assert.deepEqual(await house.pings('inside', STRANGER), [ALICE_ADDRESS])
      assert.deepEqual(await house.pings('gateway', NEIGHBOUR), [ALICE_ADDRESS, ADDRESSES.client])
      return `${STRANGER} and ${NEIGHBOUR} saw ${ALICE_ADDRESS}`
    },
  },
  {
    name: 'ok/ two people, two access lists: alice may reach the host of the administrators, bob may not',
    async run(house) {
      const seen: Record<string, readonly boolean[]> = {}
      for (const [name, open] of [
        ['bob', () => bobsMachine(house, VPN_BY.password)],
        ['alice', () => alicesMachine(house)],
      ] as const) {
        await using machine = await open()
        await assertConnected(house, machine)
        seen[name] = await Promise.all([machine.reaches(STAFF_HOST), machine.reaches(ADMIN_HOST)])
      }
      assert.deepEqual(seen, { bob: [true, false], alice: [true, true] })
      return `${ADMIN_HOST}: alice yes, bob no; ${STAFF_HOST}: both`
    },
  },
  {
    name: 'ok/ accounting: sessions live and ended, with address and decision',
    async run(house) {
      await using machine = await alicesMachine(house)
      await assertConnected(house, machine)
      const live = await house.session('alice', ({ state }) => state === 'live')
      assert.equal(live.framedIpAddress, ALICE_ADDRESS)
      assert.notEqual(live.receipt, undefined)
      const text = await house.sallyport('sessions', '--user', 'alice')
      assert.match(text, new RegExp(ALICE_ADDRESS.replaceAll('.', '\\.')))
      await machine[Symbol.asyncDispose]()
      await house.session('alice', ({ id, state }) => id === live.id && state === 'stopped')
      return `alice at ${live.framedIpAddress}, then ended`
    },
  },
]
