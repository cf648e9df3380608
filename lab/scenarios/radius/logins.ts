/** radclient and pyrad log in and report sessions. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { runToEnd } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { CLIENTS, PASSWORD, type RadiusHouse } from './house.ts'

type Case = LabCase<RadiusHouse>

const ALICE = 'User-Name = "alice"'

interface SessionRow {
  readonly acctSessionId: string
  readonly state: string
  readonly user?: string
  readonly receipt?: string
  readonly inputOctets: number
  readonly sessionSeconds: number
  readonly terminateCause?: string
}

const DIRECT: readonly Case[] = [
  {
    name: 'radclient: Proxy-State that leaves no room for the accept: a reject, with all of it in order',
    async run(house) {
      const state = (length: number, at: number): string =>
        `Proxy-State = 0x${at.toString(16).padStart(2, '0').repeat(length)}`
      const states = [...Array.from({ length: 15 }, (_, at) => state(253, at)), state(200, 15)]
      for (const password of [PASSWORD, 'wrong']) {
        const request = [ALICE, `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR, ...states]
        const { code, attributes, output } = await house.ask(request)
        assert.equal(code, 'Access-Reject', output)
        const returned = attributes.filter((line) => line.startsWith('Proxy-State'))
        assert.deepEqual(returned, states)
      }
      return `${states.length} Proxy-States, 4025 octets`
    },
  },
  {
    name: 'radclient: PAP, with every attribute of the profile, Message-Authenticator first',
    async run(house) {
      const { code, attributes, output } = await house.ask([
        ALICE,
        `User-Password = "${PASSWORD}"`,
        MESSAGE_AUTHENTICATOR,
      ])
      assert.equal(code, 'Access-Accept', output)
      assert.match(attributes[0] ?? '', /^Message-Authenticator = 0x/)
      for (const line of [
        'User-Name = "alice"',
        'Filter-Id = "staff"',
        'Session-Timeout = 28800',
        'Idle-Timeout = 1800',
        'Framed-IP-Address = 10.0.0.7',
        'Class = 0x76706e',
        'Cisco-AVPair = "ip:inacl#1=permit ip any any"',
      ]) {
        assert.ok(attributes.includes(line), `${line} is missing:\n${output}`)
      }
      for (const pattern of [
        /^Tunnel-Type(:\d+)? = VLAN$/,
        /^Tunnel-Medium-Type(:\d+)? = IEEE-802$/,
        /^Tunnel-Private-Group-Id(:\d+)? = "42"$/,
      ]) {
        assert.ok(
          attributes.some((line) => pattern.test(line)),
          `${pattern} is missing:\n${output}`,
        )
      }
      return `${code} with ${attributes.length} attributes`
    },
  },
  ...(
    [
      ['CHAP', `CHAP-Password = "${PASSWORD}"`, 'CHAP-Password = "wrong"'],
      ['MS-CHAP', `MS-CHAP-Password = "${PASSWORD}"`, 'MS-CHAP-Password = "wrong"'],
      ['PAP', `User-Password = "${PASSWORD}"`, 'User-Password = "wrong"'],
    ] as const
  ).map(([method, right, wrong]) => ({
    name: `radclient: ${method}, right and wrong password`,
    async run(house: RadiusHouse) {
      const accept = await house.ask([ALICE, right, MESSAGE_AUTHENTICATOR])
      assert.equal(accept.code, 'Access-Accept', accept.output)
      const reject = await house.ask([ALICE, wrong, MESSAGE_AUTHENTICATOR])
      assert.equal(reject.code, 'Access-Reject', reject.output)
      assert.match(reject.attributes[0] ?? '', /^Message-Authenticator = 0x/)
      assert.ok(!reject.attributes.some((line) => line.startsWith('Class')), 'a reject grants nothing')
      return `${accept.code}, ${reject.code}`
    },
  })),
]

const ACCOUNTING: Case = {
  name: 'radclient: a session from its decision to its end',
  async run(house) {
    const { attributes } = await house.ask([ALICE, `User-Password = "${PASSWORD}"`, MESSAGE_AUTHENTICATOR])
    const classes = attributes.filter((line) => line.startsWith('Class'))
    const report = async (...lines: string[]) => {
      // The NAS sends back every Class, and an outer name that says nothing.
      const all = ['User-Name = "anonymous"', 'Acct-Session-Id = "radclient-1"', ...classes, ...lines]
      const { code, output } = await house.ask(all, { command: 'acct' })
      assert.equal(code, 'Accounting-Response', output)
      const { items } = await house.server.api.send<{ items: SessionRow[] }>('GET', '/sessions?limit=100')
      return items.find(({ acctSessionId }) => acctSessionId === 'radclient-1')
    }
    const started = await report('Acct-Status-Type = Start')
    assert.equal(started?.state, 'live')
    const decision = await until('the receipt', async () =>
      (await house.server.api.receipts({ outcome: 'accept' })).find(({ id }) => id === started.receipt),
    )
    assert.equal(decision.user, 'alice')
    const interim = await report(
      'Acct-Status-Type = Interim-Update',
      'Acct-Input-Octets = 1000',
      'Acct-Session-Time = 60',
    )
    assert.deepEqual([interim?.state, interim?.inputOctets, interim?.sessionSeconds], ['live', 1000, 60])
    const stopped = await report(
      'Acct-Status-Type = Stop',
      'Acct-Input-Octets = 2000',
      'Acct-Input-Gigawords = 1',
      'Acct-Session-Time = 120',
      'Acct-Terminate-Cause = User-Request',
    )
    assert.deepEqual([stopped?.state, stopped?.inputOctets], ['stopped', 2 ** 32 + 2000])
    return `live, live, stopped; joined to receipt ${decision.id} of ${decision.user}`
  },
}

const RESTARTED: Case = {
  name: 'radclient: Accounting-On ends what the client had, and nobody else’s sessions',
  async run(house) {
    const report = async (from: keyof typeof CLIENTS, id: string, type: string) => {
      const lines = [`Acct-Session-Id = "${id}"`, `Acct-Status-Type = ${type}`]
      const { code, output } = await house.ask(lines, { command: 'acct', from })
      assert.equal(code, 'Accounting-Response', output)
    }
    const states = async () => {
      const { items } = await house.server.api.send<{ items: SessionRow[] }>('GET', '/sessions?limit=100')
      return ['before-restart', 'of-another'].map(
        (id) => items.find(({ acctSessionId }) => acctSessionId === id)?.state,
      )
    }
    await report('rotating', 'before-restart', 'Start')
    await report('gateway', 'of-another', 'Start')
    assert.deepEqual(await states(), ['live', 'live'])
    await report('rotating', 'boot-1', 'Accounting-On')
    assert.deepEqual(await states(), ['lost', 'live'])
    return 'live and live, then lost and live'
  },
}

const STATUS: Case = {
  name: 'radclient: Status-Server on both ports',
  async run(house) {
    const { authPort, acctPort } = house.server
    const [auth, acct] = await Promise.all(
      [authPort, acctPort].map((port) => house.ask([MESSAGE_AUTHENTICATOR], { command: 'status', port })),
    )
    assert.equal(auth?.code, 'Access-Accept')
    assert.equal(acct?.code, 'Accounting-Response')
    return `${auth?.code}, ${acct?.code}`
  },
}

const PYRAD: Case = {
  name: 'pyrad: login and accounting, both signed with Message-Authenticator',
  async run(house) {
    const { authPort, acctPort } = house.server
    const script = join(import.meta.dirname, 'pyrad-client.py')
    const args = [script, String(authPort), String(acctPort), CLIENTS.gateway.secret, 'alice', PASSWORD]
    const { code, output } = await runToEnd('/usr/bin/python3', args)
    assert.equal(code, 0, output)
    assert.equal(output, 'auth 2 signed\nauth 3 signed\nacct 5 signed\n')
    return 'Access-Accept, Access-Reject, Accounting-Response; every authenticator right'
  },
}

export const LOGIN_CASES: readonly Case[] = [...DIRECT, ACCOUNTING, RESTARTED, STATUS, PYRAD]
