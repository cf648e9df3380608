import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../kernel/errors.ts'

/**
 * One server for each data folder: two would each believe to be the only writer. The file names the process and when it
 * began, so that one left behind by a crash, or a number used again after a reboot, does not stand in the way.
 *
 * @throws ConfigError 'data-folder-in-use'
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'server.pid')
  for (let attempt = 0; ; attempt++) {
    try {
      const descriptor = openSync(path, 'wx', 0o600)
      writeSync(descriptor, `${process.pid} ${beganAt(process.pid)}\n`)
      closeSync(descriptor)
      return () => rmSync(path, { force: true })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!isTaken || attempt > 0) throw error
      refuseLiving(path, folder)
      rmSync(path, { force: true })
    }
  }
}

function refuseLiving(path: string, folder: string): void {
  const [pid = '', began = ''] = readFileSync(path, 'utf8').trim().split(' ')
  if (began === '' || beganAt(Number(pid)) !== began) return
  throw new ConfigError(
    'data-folder-in-use',
    `Another server (process ${pid}) uses the data folder ${folder}. Stop it, or give this one a folder of its own with --data.`,
    { folder, pid: Number(pid) },
  )
}

/** Field 22 of /proc/PID/stat: ticks between boot and start. `unknown` where there is no such process. */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
