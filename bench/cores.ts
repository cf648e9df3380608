/** Which core does what. A server, with all its threads and its database, has one; everything else runs on the other. */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

export const SERVER_CORE = ['taskset', '-c', '0'] as const
export const LOAD_CORE = ['taskset', '-c', '1'] as const
/** As an administrator starts it. */
export const ALL_CORES = ['taskset', '-c', `0-${cpus().length - 1}`] as const

/** Leaves the server's core: what this process starts inherits that. */
export function leaveServerCore(): void {
  if (cpus().length < 2)
    throw new Error('The benchmark needs two cores: one for the server, one for the load.')
  execFileSync('taskset', ['-acp', '1', String(process.pid)], { stdio: 'ignore' })
}
