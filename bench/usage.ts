/** What the kernel counts for a process and all its descendants: CPU seconds and resident memory. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/**
 * User and system seconds so far, of all threads and processes, also of those that ended. The kernel sums nanoseconds and
 * shows clock ticks (mostly 10 ms): measure over many of them.
 */
export function cpuSeconds(pid: number): number {
  const ticks = family(pid).map((process) => {
    // proc_pid_stat(5): utime, stime, cutime, cstime. The command name may hold spaces and brackets, so count after the
    // last ')'.
    const stat = readIfAlive(`/proc/${process}/stat`)
    const times = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
    return times.reduce((sum, time) => sum + Number(time), 0)
  })
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND
}

/** Resident memory in megabytes (10^6 octets). Pages that two processes share count twice. */
export function residentMegabytes(pid: number): number {
  const kibibytes = family(pid).map((process) => {
    const status = readIfAlive(`/proc/${process}/status`)
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
  })
  return (kibibytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6
}

/** A process and all below it. */
function family(pid: number): number[] {
  const children = globSync(`/proc/${pid}/task/*/children`).flatMap((file) => {
    const text = readIfAlive(file).trim()
    return text === '' ? [] : text.split(' ').map(Number)
  })
  return [pid, ...children.flatMap(family)]
}

/** Empty where the process ended meanwhile; its times are then among those of its parent. */
function readIfAlive(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
