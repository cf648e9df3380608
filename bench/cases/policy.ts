/** What a policy of a thousand rules adds to a PAP login: the same server, the same load, a short policy or a long one. */
import { temporaryFolder } from '../../lab/process.ts'
import type { Sallyport } from '../../lab/sallyport.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { load } from '../load.ts'
import { journalAtRest, startOurs } from '../ours.ts'
import { oursBelow, row } from '../row.ts'
import { cpuSeconds } from '../usage.ts'

const RULES = 1000

interface Run {
  /** CPU microseconds a login, receipts included. */
  readonly microseconds: number
}

export const policy: BenchCase = {
  name: 'policy',
  summary: `what ${RULES} rules add to a PAP login`,
  counterparts: ['gcc', 'libc6-dev'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using one = temporaryFolder('sallyport-bench-')
    using other = temporaryFolder('sallyport-bench-')
    await using long = await startOurs({ folder: one.path })
    await using short = await startOurs({ folder: other.path })
    await long.apply(manyRules())
    for (const server of [long, short]) await run(server, warmUpSeconds)
    const runs = await alternate(
      'policy',
      count,
      () => run(long, loadSeconds),
      () => run(short, loadSeconds),
    )
    const added = runs.ours.map(({ microseconds }, index) => ({
      microseconds: microseconds - (runs.peer[index]?.microseconds ?? 0),
    }))
    const peerName = 'Sallyport with 2 rules'
    return {
      rows: [
        row(
          {
            case: `policy, ${RULES} rules, added`,
            unit: 'CPU µs/login',
            goal: oursBelow(50, 'µs'),
            runs: { ours: added, peer: [] as Run[] },
          },
          ({ microseconds }) => microseconds,
        ),
        row(
          { case: `policy, ${RULES} rules`, unit: 'CPU µs/login', peerName, runs },
          ({ microseconds }) => microseconds,
        ),
      ],
      raw: runs,
    }
  },
}

/** Half of them about other clients, half about other groups; the last one lets the login in. */
function manyRules(): string {
  const others = Array.from({ length: RULES - 1 }, (_, number) => ({
    name: `rule ${number}`,
    when:
      number % 2 === 0
        ? `client.name == "gateway-${number}" && "Staff" in user.groups`
        : `"Department ${number}" in user.groups && client.vendor == "cisco"`,
    effect: 'accept',
  }))
  const last = {
    name: 'vpn-users',
    when: '"VPN Users" in user.groups && client.name == "gateway"',
    effect: 'accept',
    profiles: ['vpn'],
  }
  return JSON.stringify({ rules: [...others, last] }) // JSON is YAML
}

async function run(server: Sallyport, seconds: number): Promise<Run> {
  const { pid } = server.process
  await journalAtRest(server)
  const before = cpuSeconds(pid)
  const { accepted, late } = await load('pap', server.authPort, seconds)
  await journalAtRest(server)
  return { microseconds: ((cpuSeconds(pid) - before) / (accepted + late)) * 1e6 }
}
