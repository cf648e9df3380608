import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import {
  type ActionResult,
  configuration,
  type Dot1xHouse,
  OTHER_VLAN,
  PASSWORD,
  STAFF_VLAN,
} from './house.ts'

const peap = (user: string, password = PASSWORD): readonly string[] => [
  'eap=PEAP',
  `identity="${user}"`,
  `password="${password}"`,
  'phase2="auth=MSCHAPV2"',
]

/** A certificate of the own CA is issued for the user, by the command. */
async function eapTls({ server }: Dot1xHouse, user: string): Promise<readonly string[]> {
  const folder = join(server.data, `certificates-${user}`)
  const { code, output } = await server.cli('certificates', 'issue', '--user', user, '--out', folder)
  assert.equal(code, 0, output)
  const [certificate, key] = [join(folder, `${user}.pem`), join(folder, `${user}.key`)]
  return ['eap=TLS', `identity="${user}"`, `client_cert="${certificate}"`, `private_key="${key}"`]
}

/** The port follows what hostapd says a moment later. */
async function portIs({ port }: Dot1xHouse, vlan: number | undefined): Promise<void> {
  await until(`port in VLAN ${vlan ?? 'none'} (is in ${port.vlan ?? 'none'})`, () =>
    port.vlan === vlan ? true : undefined,
  )
}

export const DOT1X_CASES: readonly LabCase<Dot1xHouse>[] = [
  {
    name: 'fail/ before a login nothing is reachable',
    run: async (house) => {
      assert.deepEqual(await house.reachable(), [])
      return 'no ping came back'
    },
  },
  {
    name: 'ok/ EAP-TLS with a certificate of the own CA: VLAN of the profile, session in the directory',
    run: async (house) => {
      assert.ok(await house.logIn(await eapTls(house, 'alice')))
      await portIs(house, STAFF_VLAN)
      assert.deepEqual(await house.reachable(), [STAFF_VLAN])
      const session = await house.session('alice', ({ state }) => state === 'live')
      assert.equal(session.callingStationId?.replaceAll('-', ':').toLowerCase(), house.mac)
      assert.notEqual(session.receipt, undefined)
      return `VLAN ${STAFF_VLAN} alone answers; the session names its decision`
    },
  },
  {
    name: 'ok/ interim updates move the session on',
    run: async (house) => {
      const first = await house.session('alice', ({ state }) => state === 'live')
      const later = await house.session('alice', (each) => each.sessionSeconds > first.sessionSeconds)
      return `${first.sessionSeconds} s, then ${later.sessionSeconds} s`
    },
  },
  {
    name: 'ok/ gateways check finds no problem: secret, Message-Authenticator, accounting, its interval, names, method',
    run: async (house) => {
      const lines = await house.json<{ item: string; state: string; text: string }[]>(
        ...['gateways', 'check', 'switch-1'],
      )
      // No CoA was sent yet.
      const others = lines.filter(({ item, state }) => state !== 'ok' && item !== 'coa')
      assert.deepEqual(others, [])
      assert.match(lines.find(({ item }) => item === 'interim')?.text ?? '', /live session was reported/)
      return `${lines.length} lines`
    },
  },
  {
    name: 'ok/ sessions disconnect: hostapd acknowledges, the port closes, the Stop is recorded',
    run: async (house) => {
      assert.equal((await house.act('disconnect', 'alice')).outcome, 'acknowledged')
      await portIs(house, undefined)
      assert.deepEqual(await house.reachable(), [])
      const { terminateCause } = await house.session('alice', ({ state }) => state === 'stopped')
      const { items } = await house.json<{ items: { outcome: string; askedBy: string; receipt?: string }[] }>(
        'sessions',
        'actions',
      )
      assert.equal(items[0]?.outcome, 'acknowledged')
      assert.equal(items[0]?.askedBy, 'admin')
      assert.notEqual(items[0]?.receipt, undefined)
      return `Acct-Terminate-Cause ${terminateCause ?? 'none'}`
    },
  },
  {
    name: 'fail/ a session that has ended is told nothing',
    run: async (house) => {
      const { id } = await house.session('alice', ({ state }) => state === 'stopped')
      const [result] = await house.json<ActionResult[]>('sessions', 'disconnect', id)
      assert.equal(result?.outcome, 'unsupported')
      assert.equal(result.reason, 'session-ended')
      return result.reason
    },
  },
  {
    name: 'ok/ PEAP of a user without VLAN: the other network, not the one of staff',
    run: async (house) => {
      assert.ok(await house.logIn(peap('bob')))
      await portIs(house, OTHER_VLAN)
      assert.deepEqual(await house.reachable(), [OTHER_VLAN])
      await house.session('bob', ({ state }) => state === 'live')
      return `VLAN ${OTHER_VLAN} alone answers`
    },
  },
  {
    name: 'fail/ hostapd refuses a name it does not know: Error-Cause is shown, the session goes on',
    run: async (house) => {
      await house.server.apply(configuration(', identify: [NAS-Port-Type, User-Name]'))
      const result = await house.act('disconnect', 'bob')
      assert.equal(result.outcome, 'refused')
      assert.equal(result.errorCause, 'Unsupported-Attribute')
      await house.server.apply(configuration())
      assert.equal(house.port.vlan, OTHER_VLAN)
      return result.errorCause
    },
  },
  {
    name: 'fail/ silence of hostapd: unsigned, and on another port',
    run: async (house) => {
      await house.server.apply(configuration(', identify: [Acct-Session-Id], messageAuthenticator: false'))
      const unsigned = await house.act('disconnect', 'bob')
      assert.equal(unsigned.outcome, 'no-answer', 'it asks for Message-Authenticator')
      await house.server.apply(configuration(', port: 3798'))
      const result = await house.act('disconnect', 'bob')
      await house.server.apply(configuration())
      assert.equal(result.outcome, 'no-answer')
      return 'without Message-Authenticator, and on another port: silence'
    },
  },
  {
    name: 'fail/ hostapd knows no port bounce, and nothing is sent that could be taken for one',
    run: async (house) => {
      const result = await house.act('bounce', 'bob')
      assert.equal(result.outcome, 'unsupported')
      assert.equal(result.reason, 'dynamic-authorization-unsupported')
      return result.reason
    },
  },
  {
    name: 'ok/ Termination-Action RADIUS-Request: the port authenticates again at the Session-Timeout, open all the time',
    run: async (house) => {
      assert.ok(await house.logIn(peap('olga')))
      await portIs(house, STAFF_VLAN)
      const accepts = await until('two accepts of olga', async () => {
        const { output } = await house.server.cli('log', '--json')
        const items = output.split('\n').filter((line) => line.startsWith('{'))
        const own = items.filter((line) => /"user":"olga","outcome":"accept"/.test(line))
        return own.length >= 2 ? own.length : undefined
      })
      assert.equal(house.port.vlan, STAFF_VLAN)
      assert.equal((await house.sessions('--user', 'olga', '--all')).length, 1)
      return `${accepts} accepts, one session`
    },
  },
  {
    name: 'ok/ reauthenticate, where nothing better is known, is a Disconnect',
    run: async (house) => {
      const result = await house.act('reauthenticate', 'olga')
      assert.equal(result.outcome, 'acknowledged')
      await portIs(house, undefined)
      return 'the port is closed until the computer logs in again'
    },
  },
  {
    name: 'ok/ revoke = gone: the account is disabled, and the port closes by itself',
    run: async (house) => {
      assert.ok(await house.logIn(peap('bob')))
      await portIs(house, OTHER_VLAN)
      await house.session('bob', ({ state }) => state === 'live')
      const startedAt = performance.now()
      await house.server.cli('users', 'disable', 'bob')
      await portIs(house, undefined)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      assert.deepEqual(await house.reachable(), [])
      const done = await house.done('bob')
      assert.equal(done.reason, 'account-disabled')
      return `closed ${seconds} s after the command was started`
    },
  },
  {
    name: 'ok/ out of the group: authenticated again, the computer is in the other VLAN',
    run: async (house) => {
      assert.ok(await house.logIn(peap('alice')))
      await portIs(house, STAFF_VLAN)
      await house.session('alice', ({ state }) => state === 'live')
      await house.server.apply(configuration('', ''))
      await portIs(house, undefined)
      const done = await house.done('alice')
      assert.equal(done.reason, 'authorization-changed')
      // The run may have passed a full hour.
      const changes = done.changes.filter((change) => !change.startsWith('time.'))
      assert.deepEqual(changes, ['user.groups lost "Staff"'])
      assert.ok(await house.logIn(peap('alice')))
      await portIs(house, OTHER_VLAN)
      await house.server.apply(configuration())
      return `VLAN ${STAFF_VLAN}, then ${OTHER_VLAN}`
    },
  },
  {
    name: 'ok/ a certificate that is revoked closes the port it opened, by itself',
    run: async (house) => {
      assert.ok(await house.logIn(await eapTls(house, 'carol')))
      await portIs(house, STAFF_VLAN)
      await house.session('carol', ({ state }) => state === 'live')
      const { items } = await house.json<{ items: { serial: string }[] }>('certificates', 'list', 'carol')
      const startedAt = performance.now()
      const { code, output } = await house.server.cli('certificates', 'revoke', items[0]?.serial ?? '')
      assert.equal(code, 0, output)
      await portIs(house, undefined)
      assert.deepEqual(await house.reachable(), [])
      await house.session('carol', ({ state }) => state === 'stopped')
      return `closed after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`
    },
  },
  {
    // Last: hostapd ignores a port for a minute after a reject.
    name: 'fail/ a wrong password closes the port',
    run: async (house) => {
      assert.equal(await house.logIn(peap('alice', 'wrong')), false)
      await portIs(house, undefined)
      assert.deepEqual(await house.reachable(), [])
      return 'nothing is reachable'
    },
  },
]
