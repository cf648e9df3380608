/** What the kernel counts for a process and all its descendants: CPU seconds and resident memory. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/**
 * User and system seconds so far, of all threads, also of those that ended. The kernel sums nanoseconds and shows clock
 * ticks (mostly 10 ms): measure over many of them.
 */
export function cpuSeconds(pid: number): number {
  let ticks = 0
  for (const process of family(pid)) {
    // proc_pid_stat(5): utime and stime. The command name may hold spaces and brackets, so count after the last ')'.
    const stat = readFileSync(`/proc/${process}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}

/** Resident memory in megabytes (10^6 octets). Pages that two processes share count twice. */
export function residentMegabytes(pid: number): number {
  const kibibytes = family(pid).map((process) => {
    const status = readFileSync(`/proc/${process}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
  })
  return (kibibytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6
}

function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  })
  return [pid, ...children.flatMap(family)]
}
