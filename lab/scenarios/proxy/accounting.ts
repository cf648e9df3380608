/** Accounting that is stored here first and then passed on, whatever happens in between. */
import assert from 'node:assert/strict'
import { radclient } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { NAS_SECRET } from './configuration.ts'
import type { ProxyHouse } from './house.ts'

type Case = LabCase<ProxyHouse>

let sessions = 0

async function report(
  house: ProxyHouse,
  session: string,
  status: string,
  user = 'bob@partner.test',
): Promise<void> {
  const { code, output } = await radclient({
    command: 'acct',
    port: house.server.acctPort,
    secret: NAS_SECRET,
    attributes: [
      `User-Name = "${user}"`,
      `Acct-Session-Id = "${session}"`,
      `Acct-Status-Type = ${status}`,
      'NAS-Identifier = "ap-1"',
      ...(status === 'Start' ? [] : ['Acct-Session-Time = 60']),
    ],
  })
  assert.equal(code, 'Accounting-Response', output)
}

/** Records of one session at the upstreams, in the order they arrived. */
function arrived(house: ProxyHouse, session: string): string[] {
  return [house.first, house.second]
    .flatMap(({ server }) => server.accounted())
    .filter((record) => record.includes(`Acct-Session-Id = "${session}"`))
}

function statusOf(record: string): string {
  return /Acct-Status-Type = ([\w-]+)/.exec(record)?.[1] ?? ''
}

async function allArrived(house: ProxyHouse, session: string, count: number, milliseconds = 15_000) {
  return await until(
    `${count} records of ${session}`,
    () => {
      const records = arrived(house, session)
      return records.length >= count ? records : undefined
    },
    milliseconds,
  )
}

export const ACCOUNTING_CASES: readonly Case[] = [
  {
    name: 'accounting of a proxied user reaches the upstream, and the session directory here',
    async run(house) {
      await house.mend()
      const session = `acct-${++sessions}`
      for (const status of ['Start', 'Interim-Update', 'Stop']) await report(house, session, status)
      const records = await allArrived(house, session, 3)
      assert.deepEqual(records.map(statusOf), ['Start', 'Interim-Update', 'Stop'])
      const { code, output } = await house.server.cli('sessions', session, '--all')
      assert.equal(code, 0, output)
      assert.match(output, /bob@partner\.test/)
      await report(house, `${session}-local`, 'Start', 'alice')
      assert.equal(arrived(house, `${session}-local`).length, 0)
      return records.map(statusOf).join(', ')
    },
  },
  {
    name: 'kill -9 with accounting queued: answered, kept, and passed on in order with Acct-Delay-Time raised',
    async run(house) {
      for (const { accountingWire } of [house.first, house.second]) accountingWire.loses = () => true
      const names = Array.from({ length: 5 }, () => `acct-${++sessions}`)
      try {
        for (const session of names)
          for (const status of ['Start', 'Stop']) await report(house, session, status)
        const { output } = await house.server.cli('upstreams')
        assert.match(output, /Accounting records waiting for group partner: 10/)
        await house.crash()
        await new Promise((resolve) => setTimeout(resolve, 1200))
      } finally {
        await house.mend()
      }
      for (const session of names) {
        const records = await allArrived(house, session, 2, 20_000)
        assert.deepEqual([...new Set(records.map(statusOf))], ['Start', 'Stop'], session)
        const delay = Number(/Acct-Delay-Time = (\d+)/.exec(records[0] ?? '')?.[1])
        assert.ok(delay >= 1, String(records[0]))
      }
      const { output } = await house.server.cli('upstreams')
      assert.doesNotMatch(output, /waiting for group/)
      return '10 of 10 arrived'
    },
  },
]
