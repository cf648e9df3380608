import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseResult } from './case.ts'
import type { machine, versions } from './machine.ts'
import type { Row } from './row.ts'

export interface Report {
  readonly date: string
  readonly quick: boolean
  readonly machine: ReturnType<typeof machine>
  readonly versions: ReturnType<typeof versions>
  readonly rows: readonly Row[]
  /** By case. */
  readonly raw: Readonly<Record<string, CaseResult['raw']>>
}

/** `bench/results.json` and `bench/results.md`; of a run of some cases `results-NAME` besides. */
export function writeReport(report: Report, prefix: string): void {
  // Of some cases alone the next run keeps nothing: they have files of their own besides.
  const names = prefix === '' ? ['results'] : ['results', `results-${prefix}`]
  for (const name of names) {
    const file = (suffix: string): string => join(import.meta.dirname, `${name}.${suffix}`)
    writeFileSync(file('json'), `${JSON.stringify(report, undefined, 2)}\n`)
    writeFileSync(file('md'), `${heading(report)}\n\n${table(report.rows)}\n`)
  }
}

function heading({ date, quick, machine, versions }: Report): string {
  const kind = quick ? 'Quick run' : 'Run'
  const where = `${machine.processor}, ${machine.cores} cores, Linux ${machine.kernel}, load average ${machine.loadAverage.join(' ')}`
  const what = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${kind} of ${date} on ${where}.\n\nVersions: ${what.join(', ')}.`
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.case,
    row.unit,
    figure(row.ours),
    figure(row.peer),
    row.peerName,
    row.ratio?.toFixed(2) ?? '',
    row.goal,
    row.met === undefined ? '' : row.met ? 'yes' : '**no**',
  ])
  return [
    ['case', 'unit', 'ours', 'peer', 'peer name', 'ratio', 'goal', 'met'],
    ['---', '---', '---:', '---:', '---', '---:', '---', '---'],
    ...lines,
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** Three digits that mean something. */
function figure(value: number | undefined): string {
  if (value === undefined) return ''
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}
