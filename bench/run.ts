/**
 * `npm run bench -- [--quick] [NAME]`: Sallyport and FreeRADIUS side by side, in one run; NAME chooses the cases that
 * begin with it. Writes results.json and results.md beside this file (with NAME results-NAME.json and .md too) and ends with
 * the table.
 */
import { bringCounterparts, COUNTERPARTS, installObstacle } from '../lab/debian.ts'
import { readArguments } from '../tools/arguments.ts'
import { type BenchCase, type CaseResult, FULL, QUICK } from './case.ts'
import { accountingPostgres, accountingSqlite } from './cases/accounting.ts'
import { certificatesSearch, crl } from './cases/certificates.ts'
import { directoryHang } from './cases/directory-hang.ts'
import { directoryMschapv2 } from './cases/directory-mschapv2.ts'
import { directoryPap } from './cases/directory-pap.ts'
import { eapPeap, eapResumed, eapTls } from './cases/eap.ts'
import { enrolmentAcme } from './cases/enrolment-acme.ts'
import { enrolmentEst } from './cases/enrolment-est.ts'
import { enrolmentScep } from './cases/enrolment-scep.ts'
import { latency } from './cases/latency.ts'
import { memory } from './cases/memory.ts'
import { ocsp } from './cases/ocsp.ts'
import { pap } from './cases/pap.ts'
import { policy } from './cases/policy.ts'
import { sessions } from './cases/sessions.ts'
import { start } from './cases/start.ts'
import { leaveServerCore } from './cores.ts'
import { machine, versions } from './machine.ts'
import { table, writeReport } from './report.ts'

const CASES: readonly BenchCase[] = [
  pap,
  latency,
  policy,
  eapTls,
  eapResumed,
  eapPeap,
  accountingSqlite,
  accountingPostgres,
  directoryPap,
  directoryMschapv2,
  directoryHang,
  enrolmentEst,
  enrolmentAcme,
  enrolmentScep,
  certificatesSearch,
  crl,
  ocsp,
  memory,
  sessions,
  start,
]

const USAGE = `Usage: npm run bench -- [--quick] [NAME]   NAME: ${CASES.map(({ name }) => name).join(', ')}`
const { values, positionals } = readArguments(USAGE, {
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [prefix = ''] = positionals
const chosen = CASES.filter(({ name }) => name.startsWith(prefix))

if (chosen.length === 0) {
  console.error(`No case begins with "${prefix}". There are:`)
  for (const { name, summary } of CASES) console.error(`  ${name.padEnd(22)} ${summary}`)
  process.exitCode = 2
} else if (lacksCounterparts(chosen)) {
  process.exitCode = 2
} else {
  await runCases(chosen, values.quick)
}

function lacksCounterparts(cases: readonly BenchCase[]): boolean {
  const missing = bringCounterparts([...new Set(cases.flatMap(({ counterparts }) => counterparts))])
  for (const name of missing) {
    console.error(
      `missing Debian package ${name} (${COUNTERPARTS[name].use}): ${installObstacle() ?? 'apt-get could not install it'}`,
    )
  }
  return missing.length > 0
}

/** A case that fails has no rows, and the others still run. */
async function runCases(cases: readonly BenchCase[], quick: boolean): Promise<void> {
  const about = { date: new Date().toISOString(), quick, machine: machine(), versions: versions() }
  leaveServerCore()
  const results: Record<string, CaseResult> = {}
  for (const { name, run } of cases) {
    try {
      results[name] = await run(quick ? QUICK : FULL)
    } catch (error) {
      console.error(`${name} failed:`, error)
      process.exitCode = 1
    }
  }
  const rows = Object.values(results).flatMap((result) => result.rows)
  const raw = Object.fromEntries(Object.entries(results).map(([name, result]) => [name, result.raw]))
  writeReport({ ...about, rows, raw }, prefix)
  console.log(table(rows))
}
