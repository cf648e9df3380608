import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { ADMINS, configuration, type VpnHouse } from './house.ts'

/** Ends the one tunnel there is. */
async function hangUp(house: VpnHouse): Promise<void> {
  assert.equal((await house.act('disconnect')).outcome, 'acknowledged')
  await until('no IKE_SA on the client', async () =>
    (await house.client.associations()) === 0 ? true : undefined,
  )
}

/** The first line of what `explain` says of alice's last login. */
async function explained(house: VpnHouse): Promise<string> {
  const { output } = await house.server.cli('explain', '--user', 'alice')
  return output.trim().split('\n')[0] ?? ''
}

export const VPN_COA_CASES: readonly LabCase<VpnHouse>[] = [
  {
    name: 'ok/ IKEv2 with EAP-MSCHAPv2 through eap-radius: the tunnel carries a ping, the session has its address',
    run: async (house) => {
      assert.equal(await house.reachesInside(), false)
      await house.connect()
      assert.equal(await house.reachesInside(), true)
      const { framedIpAddress } = await house.session('live')
      assert.match(framedIpAddress ?? '', /^10\.77\.101\./)
      return `inside as ${framedIpAddress}`
    },
  },
  {
    name: 'ok/ reauthenticate is a CoA with Session-Timeout, which strongSwan acknowledges and applies',
    run: async (house) => {
      assert.equal((await house.act('reauthenticate')).outcome, 'acknowledged')
      await until('strongSwan applies it', () => /applying 60s lifetime/.exec(house.gateway.log)?.[0])
      assert.equal(await house.gateway.associations(), 1)
      return 'applying 60s lifetime'
    },
  },
  {
    name: 'ok/ change: a profile with Session-Timeout is applied',
    run: async (house) => {
      assert.equal((await house.act('change', '--profile', 'two-minutes')).outcome, 'acknowledged')
      await until('strongSwan applies it', () => /applying 120s lifetime/.exec(house.gateway.log)?.[0])
      return 'applying 120s lifetime'
    },
  },
  {
    name: 'fail/ change: one without is refused, and strongSwan does not say why',
    run: async (house) => {
      const { outcome, errorCause, reason } = await house.act('change', '--profile', 'filtered')
      assert.deepEqual({ outcome, errorCause }, { outcome: 'refused', errorCause: undefined })
      assert.equal(reason, 'dynamic-authorization-refused')
      return 'NAK without Error-Cause'
    },
  },
  {
    name: 'fail/ named by Acct-Session-Id instead of User-Name strongSwan finds nothing',
    run: async (house) => {
      await house.server.apply(configuration({ settings: ', identify: [Acct-Session-Id]' }))
      assert.equal((await house.act('disconnect')).outcome, 'refused')
      await house.server.apply(configuration())
      assert.equal(await house.gateway.associations(), 1)
      return 'refused; the tunnel stays'
    },
  },
  {
    name: 'fail/ signed with another secret: silence',
    run: async (house) => {
      await house.server.apply(configuration({ secret: 'not-its-dae-secret' }))
      const { outcome, reason } = await house.act('disconnect')
      assert.deepEqual([outcome, reason], ['no-answer', 'dynamic-authorization-no-answer'])
      await house.server.apply(configuration())
      return 'no answer; the tunnel stays'
    },
  },
  {
    name: 'ok/ disconnect ends the tunnel on both sides, and the Stop is recorded',
    run: async (house) => {
      assert.equal((await house.act('disconnect')).outcome, 'acknowledged')
      await until('no IKE_SA on either side', async () => {
        const left = (await house.gateway.associations()) + (await house.client.associations())
        return left === 0 ? true : undefined
      })
      assert.equal(await house.reachesInside(), false)
      await house.session('stopped')
      return 'no ping comes back'
    },
  },
  {
    name: 'ok/ gateways check finds nothing to do: secret, Message-Authenticator, accounting, CoA, names, method',
    run: async (house) => {
      const lines = await house.json<{ item: string; state: string; text: string }[]>(
        ...['gateways', 'check', 'vpn-1'],
      )
      const others = lines.filter(({ state }) => state !== 'ok')
      assert.deepEqual(others, [])
      assert.match(lines.find(({ item }) => item === 'coa')?.text ?? '', /Disconnect .* acknowledged/)
      return `${lines.length} lines, all ok`
    },
  },
  {
    name: 'ok/ the role of a profile is the group by which strongSwan chooses the connection',
    run: async (house) => {
      await house.server.apply(configuration({ granted: 'group-staff' }))
      await house.connect()
      const { framedIpAddress } = await house.session('live')
      assert.match(framedIpAddress ?? '', /^10\.77\.102\./)
      await hangUp(house)
      await house.server.apply(configuration())
      return `in the pool of staff: ${framedIpAddress}`
    },
  },
  {
    name: 'fail/ whoever is accepted without a role of the gateway gets no tunnel, unless the gateway says so',
    run: async (house) => {
      await house.loadGateway('refused')
      await assert.rejects(house.connect(), /group membership to 'staff' required/)
      assert.equal(await house.gateway.associations(), 0)
      await house.loadGateway('connection')
      return 'charon: group membership to staff required'
    },
  },
  {
    name: 'ok/ the decision knows by which connection a login comes: the one it names, the first where it names none',
    run: async (house) => {
      const seen: Record<string, string> = {}
      for (const child of ['admins', 'nameless']) {
        await house.connect(child)
        await house.session('live')
        seen[child] = await explained(house)
        await hangUp(house)
      }
      assert.deepEqual(seen, {
        admins: `ACCEPT alice through vpn, ${ADMINS}, by eap-mschapv2`,
        nameless: 'ACCEPT alice through vpn, Lab VPN, by eap-mschapv2',
      })
      return Object.values(seen).join('; ')
    },
  },
  {
    name: 'fail/ whoever names a connection the rules do not give them gets no tunnel; with a role neither',
    run: async (house) => {
      const when = 'request.connection == "Lab VPN"'
      // Where charon goes on to another section it is one of the same connection: that of the role.
      for (const [granted, child, section, pool] of [
        ['', 'net', 'Lab-VPN', '10.77.101.'],
        ['group-staff', 'nameless', 'Lab-VPN-staff', '10.77.102.'],
      ] as const) {
        await house.server.apply(configuration({ when, granted }))
        await assert.rejects(house.connect('admins'), /AUTHENTICATION_FAILED|EAP_FAILURE/)
        assert.match(await explained(house), new RegExp(`^REJECT alice.* through vpn, ${ADMINS}`))
        assert.equal(await house.gateway.associations(), 0)
        await house.connect(child)
        assert.ok((await house.session('live')).framedIpAddress?.startsWith(pool))
        const { output } = await house.gateway.swanctl('--list-sas')
        assert.match(output, new RegExp(`^${section}: `, 'm'))
        await hangUp(house)
      }
      await house.server.apply(configuration())
      return `refused through "${ADMINS}", let in through "Lab VPN"`
    },
  },
  {
    name: 'ok/ a client that is told what stands in the profile for Apple systems connects',
    run: async (house) => {
      const gatewayCa = readFileSync(house.gatewayCa, 'utf8')
      await house.server.apply(configuration({ gatewayCa }))
      const { RemoteAddress } = await house.loadApplePayload('Lab VPN', 'alice')
      await house.connect('apple')
      assert.equal(await house.reachesInside(), true)
      const { framedIpAddress } = await house.session('live')
      await hangUp(house)
      return `inside of ${String(RemoteAddress)} as ${framedIpAddress}`
    },
  },
  {
    name: 'fail/ a wrong password: charon breaks off at the refusal, and explain knows it within seconds',
    run: async (house) => {
      const startedAt = performance.now()
      await assert.rejects(
        house.connectAs('a wrong password'),
        /EAP_MSCHAPV2 method failed|AUTHENTICATION_FAILED/i,
      )
      let said = 'nothing'
      const refused = () => {
        const seconds = (performance.now() - startedAt) / 1000
        return /^REJECT alice.*wrong-password.*has not answered/s.test(said) ? seconds : undefined
      }
      // A fraction of `eapSeconds`, which is 60.
      const seconds = await until(
        () => `explain about the wrong password; it said:\n${said}`,
        async () => {
          said = (await house.server.cli('explain', '--user', 'alice')).output
          return refused()
        },
        20_000,
      )
      await house.connectAs(undefined)
      assert.equal((await house.act('disconnect')).outcome, 'acknowledged')
      await house.session('stopped')
      return `explained ${seconds.toFixed(1)} s after the client was started`
    },
  },
  {
    name: 'ok/ revoke = gone: the account is disabled, and the tunnel ends by itself',
    run: async (house) => {
      await house.connect()
      assert.equal(await house.reachesInside(), true)
      await house.session('live')
      const startedAt = performance.now()
      const { code, output } = await house.server.cli('users', 'disable', 'alice')
      assert.equal(code, 0, output)
      await until('no IKE_SA on the gateway', async () =>
        (await house.gateway.associations()) === 0 ? true : undefined,
      )
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      assert.equal(await house.reachesInside(), false)
      return `gone ${seconds} s after the command was started`
    },
  },
]
