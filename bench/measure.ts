/** What a benchmark measures with: CPU seconds and memory of a process as the kernel counts them, medians, rows. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Row {
  readonly case: string
  readonly unit: string
  readonly ours: number
  readonly peer: number | undefined
  readonly peerName: string
  /** ours / peer. */
  readonly ratio: number | undefined
  readonly goal: string
  readonly met: boolean
  /** Every single run, in order. */
  readonly runs: { readonly ours: readonly number[]; readonly peer: readonly number[] }
}

export interface Goal {
  readonly text: string
  isMet(ours: number, ratio: number | undefined): boolean
}

export function row(
  name: string,
  unit: string,
  peerName: string,
  goal: Goal,
  ours: number[],
  peer: number[],
): Row {
  const [a, b] = [median(ours), peer.length === 0 ? undefined : median(peer)]
  const ratio = b === undefined ? undefined : a / b
  return {
    case: name,
    unit,
    ours: a,
    peer: b,
    peerName,
    ratio,
    goal: goal.text,
    met: goal.isMet(a, ratio),
    runs: { ours, peer },
  }
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('median of nothing')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] as number, sorted[middle] as number]
  return (low + high) / 2
}

const TICKS_PER_SECOND = 100

/** User and system seconds of a process and of all its descendants so far, all threads. */
export function cpuSeconds(pid: number): number {
  let total = 0
  for (const process of [pid, ...descendants(pid)]) {
    // The command name may hold spaces and brackets: count fields after the last ')'.
    const stat = readFileSync(`/proc/${process}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    total += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  }
  return total
}

/** Resident memory in MiB of a process and its descendants. */
export function residentMebibytes(pid: number): number {
  return [pid, ...descendants(pid)].reduce((sum, process) => {
    const status = readFileSync(`/proc/${process}/status`, 'utf8')
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
  }, 0)
}

function descendants(pid: number): number[] {
  const children: number[] = []
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim()
    if (text !== '') children.push(...text.split(' ').map(Number))
  }
  return children.flatMap((child) => [child, ...descendants(child)])
}

export function table(rows: readonly Row[]): string {
  const number = (value: number | undefined): string =>
    value === undefined ? '-' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
  const lines = rows.map(
    (row) =>
      `| ${row.case} | ${row.unit} | ${number(row.ours)} | ${number(row.peer)} | ${row.peerName} | ${row.ratio?.toFixed(2) ?? '-'} | ${row.goal} | ${row.met ? 'yes' : 'no'} |`,
  )
  return [
    '| case | unit | ours | peer | peer name | ratio | goal | met |',
    '|---|---|---:|---:|---|---:|---|---|',
    ...lines,
  ].join('\n')
}
