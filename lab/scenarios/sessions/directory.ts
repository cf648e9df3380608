/** What becomes of sessions whose reports come late, twice, in the wrong order, or not at all. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import type { SessionsHouse } from './house.ts'

const NAS = 'NAS-Identifier = "vpn-1"'
/** Seconds since the epoch; radclient writes Event-Timestamp so. */
const NOW = Math.floor(Date.now() / 1000)

function report(status: string, session: string, at: number, ...more: readonly string[]): readonly string[] {
  return [
    NAS,
    `Acct-Status-Type = ${status}`,
    `Acct-Session-Id = "${session}"`,
    'User-Name = "erin"',
    `Event-Timestamp = ${NOW - 3600 + at}`,
    ...more,
  ]
}

const octets = (input: number, packets: number, seconds: number): readonly string[] => [
  `Acct-Input-Octets = ${input}`,
  `Acct-Input-Packets = ${packets}`,
  `Acct-Session-Time = ${seconds}`,
]

async function duplicates(house: SessionsHouse): Promise<number> {
  const [, count] =
    /^sallyport_accounting_records\{kind="duplicate"\} (\d+)$/m.exec(await house.server.api.metrics()) ?? []
  return Number(count)
}

export const DIRECTORY_CASES: readonly LabCase<SessionsHouse>[] = [
  {
    name: 'radclient: Stop, Interim, Start: one ended session with the counters of the Stop',
    async run(house) {
      await house.report(
        report('Stop', 'swapped', 120, ...octets(9000, 90, 120), 'Acct-Terminate-Cause = User-Request'),
        report('Interim-Update', 'swapped', 60, ...octets(5000, 50, 60)),
        report('Start', 'swapped', 0),
      )
      const session = await house.session('swapped')
      assert.equal(session.state, 'stopped')
      assert.equal(session.inputOctets, 9000)
      assert.equal(session.sessionSeconds, 120)
      assert.equal(session.startedAt, new Date((NOW - 3600) * 1000).toISOString())
      return `${session.state}, ${session.inputOctets} octets, ${session.terminateCause}`
    },
  },
  {
    name: 'radclient: a counter without Gigawords passes 2^32, one with Gigawords is taken as it is',
    async run(house) {
      await house.report(
        report('Start', 'wraps', 0),
        report('Interim-Update', 'wraps', 60, ...octets(4_200_000_000, 4_000_000, 60)),
        report('Interim-Update', 'wraps', 120, ...octets(100_000_000, 4_200_000, 120)),
        report('Start', 'wide', 0),
        report('Stop', 'wide', 60, ...octets(7, 4_000_000, 60), 'Acct-Input-Gigawords = 2'),
      )
      const wraps = await house.session('wraps')
      assert.equal(wraps.inputOctets, 2 ** 32 + 100_000_000)
      assert.equal(wraps.counterWraps, 1)
      const wide = await house.session('wide')
      assert.equal(wide.inputOctets, 2 * 2 ** 32 + 7)
      return `${wraps.inputOctets} and ${wide.inputOctets} octets`
    },
  },
  {
    name: 'radclient: Accounting-On ends the sessions of that device alone; the number used again is a new session',
    async run(house) {
      const other = (status: string): readonly string[] => [
        ...report(status, 'elsewhere', 0).filter((line) => line !== NAS),
        'NAS-Identifier = "vpn-2"',
      ]
      await house.report(report('Start', 'reused', 0), other('Start'))
      await house.report([NAS, 'Acct-Status-Type = Accounting-On', `Event-Timestamp = ${NOW - 3000}`])
      assert.equal((await house.session('reused')).state, 'lost')
      assert.equal((await house.session('elsewhere')).state, 'live')
      await house.report(report('Start', 'reused', 700))
      const states = (await house.sessions({ acctSessionId: 'reused' })).map(({ state }) => state)
      assert.deepEqual(states, ['live', 'lost'])
      return states.join(', ')
    },
  },
  ...(['clock', 'no-clock'] as const).map((clock) => ({
    name: `pyrad: retransmissions with another Identifier and a raised Acct-Delay-Time, ${clock}: one event`,
    async run(house: SessionsHouse) {
      const session = `again-${clock}`
      const before = await duplicates(house)
      assert.match(await house.pyrad(session, clock, '0,1,3'), /acknowledged 3/)
      assert.equal((await house.session(session)).inputOctets, 1000)
      assert.equal((await duplicates(house)) - before, 2)
      return '3 acknowledged, 1 stored'
    },
  })),
  {
    name: 'radclient: a session is lost when its updates stop coming, and lives again with the next one',
    async run(house) {
      const live = (seconds: number, ...more: readonly string[]): readonly string[] => [
        ...[NAS, 'Acct-Session-Id = "silent"', 'User-Name = "erin"', ...more],
        `Acct-Status-Type = ${seconds === 0 ? 'Start' : 'Interim-Update'}`,
        `Acct-Session-Time = ${seconds}`,
      ]
      await house.report(live(0, 'Acct-Interim-Interval = 1'))
      assert.equal((await house.session('silent')).state, 'live')
      const lost = await until(
        'the silent session is lost',
        async () => {
          const session = await house.session('silent')
          return session.state === 'lost' ? session : undefined
        },
        15_000,
      )
      assert.equal(lost.terminateCause, 'Interim-Update-Missing')
      await house.report(live(12, 'Acct-Interim-Interval = 600'))
      assert.equal((await house.session('silent')).state, 'live')
      return `${lost.terminateCause}, then live`
    },
  },
  {
    name: 'sallyport sessions finds by MAC in any format, by address and by prefix',
    async run(house) {
      await house.report(
        report(
          'Start',
          'found',
          1200,
          'Calling-Station-Id = "AA-BB-CC-DD-EE-0F:corp"',
          'Framed-IP-Address = 10.20.30.40',
          'Framed-IPv6-Prefix = 2001:db8:0:7::/64',
        ),
      )
      const searches = [
        ['--mac', 'aabb.ccdd.ee0f'],
        ['--mac', 'aabbccddee0f'],
        ['--address', '10.20.30.40'],
        ['--address', '10.20.0.0/16'],
        ['--address', '2001:db8:0:7::9'],
        ['--session', 'found', '--state', 'live', '--since', '2h'],
      ]
      for (const words of searches) {
        const { code, output } = await house.server.cli('sessions', ...words)
        assert.equal(code, 0, output)
        assert.match(output, /erin.*10\.20\.30\.40/, words.join(' '))
        assert.equal(output.trim().split('\n').length, 2, output)
      }
      const { code, output } = await house.server.cli('sessions', '--mac', 'nothing')
      assert.notEqual(code, 0, output)
      return `${searches.length} searches`
    },
  },
]
