/** `npm run lab` lists the scenarios, `npm run lab -- NAME` runs one, `npm run lab -- NAME WORD` its cases with WORD in the name. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { bringCounterparts, COUNTERPARTS, type Counterpart, installObstacle } from './debian.ts'
import type { Scenario } from './scenario.ts'
import { abuse } from './scenarios/abuse.ts'
import { addresses } from './scenarios/addresses.ts'
import { clients } from './scenarios/clients.ts'
import { coa } from './scenarios/coa.ts'
import { diagnosis } from './scenarios/diagnosis.ts'
import { differential } from './scenarios/differential.ts'
import { directory } from './scenarios/directory.ts'
import { directoryOutage } from './scenarios/directory-outage.ts'
import { dot1x } from './scenarios/dot1x.ts'
import { eap, eapOnPostgres } from './scenarios/eap.ts'
import { enrolment, enrolmentOnPostgres } from './scenarios/enrolment.ts'
import { ipv6 } from './scenarios/ipv6.ts'
import { mab } from './scenarios/mab.ts'
import { proxy } from './scenarios/proxy.ts'
import { radius } from './scenarios/radius.ts'
import { sessions, sessionsOnPostgres } from './scenarios/sessions.ts'
import { tacacs } from './scenarios/tacacs.ts'
import { vendors } from './scenarios/vendors.ts'
import { vpn } from './scenarios/vpn.ts'
import { vpnCoa } from './scenarios/vpn-coa.ts'

interface Entry {
  readonly name: string
  readonly summary: string
  readonly counterparts: readonly Counterpart[]
  readonly obstacle?: () => string | undefined
  /** Resolves with the number of failed cases. */
  readonly run: (word: string) => Promise<number>
}

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true })
const seed = Number(values.seed ?? randomInt(2 ** 31))
const SCENARIOS = [
  entryOf(eap),
  entryOf(eapOnPostgres),
  entryOf(radius),
  entryOf(sessions),
  entryOf(sessionsOnPostgres),
  entryOf(abuse),
  entryOf(differential),
  entryOf(coa),
  entryOf(dot1x),
  entryOf(vpnCoa),
  entryOf(vpn),
  entryOf(mab),
  entryOf(proxy),
  entryOf(tacacs),
  entryOf(vendors),
  entryOf(ipv6),
  entryOf(addresses),
  entryOf(diagnosis(seed)),
  entryOf(clients),
  entryOf(directory),
  entryOf(directoryOutage),
  entryOf(enrolment),
  entryOf(enrolmentOnPostgres),
]

const [wanted, word = ''] = positionals
const scenario = SCENARIOS.find(({ name }) => name === wanted)
if (wanted === undefined || scenario === undefined) {
  if (wanted !== undefined) console.error(`There is no scenario "${wanted}".`)
  for (const { name, summary } of SCENARIOS) console.log(`${name.padEnd(12)} ${summary}`)
  process.exitCode = wanted === undefined ? 0 : 2
} else if (lacksCounterparts(scenario.counterparts)) {
  process.exitCode = 2
} else if (scenario.obstacle?.() !== undefined) {
  console.log(`skipped: ${scenario.obstacle()}`)
} else {
  process.exitCode = (await scenario.run(word)) === 0 ? 0 : 1
}

function lacksCounterparts(names: readonly Counterpart[]): boolean {
  const missing = bringCounterparts([...names])
  for (const name of missing) {
    console.error(
      `missing Debian package ${name} (${COUNTERPARTS[name].use}): ${installObstacle() ?? 'apt-get could not install it'}`,
    )
  }
  return missing.length > 0
}

function entryOf<House extends AsyncDisposable>(scenario: Scenario<House>): Entry {
  return { ...scenario, run: (part) => runScenario(scenario, part) }
}

async function runScenario<House extends AsyncDisposable>(
  { open, cases }: Scenario<House>,
  part: string,
): Promise<number> {
  let [passed, failed] = [0, 0]
  await using house = await open()
  for (const { name, run, obstacle } of cases.filter((each) => each.name.includes(part))) {
    const why = process.env.CI ? undefined : obstacle?.(house)
    if (why !== undefined) {
      console.log(`skip ${name.padEnd(76)} ${''.padStart(6)}     ${why}`)
      continue
    }
    const startedAt = performance.now()
    const [mark, seen] = await run(house).then(
      (text) => ['ok  ', text] as const,
      (error: unknown) => ['FAIL', error instanceof Error ? error.message : String(error)] as const,
    )
    if (mark === 'FAIL') failed++
    else passed++
    const milliseconds = Math.round(performance.now() - startedAt)
    console.log(`${mark} ${name.padEnd(76)} ${String(milliseconds).padStart(6)} ms  ${seen}`)
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed
}
