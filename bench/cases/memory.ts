/** Resident memory of a server that has started, is configured, and does nothing. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../../lab/process.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, Pace } from '../case.ts'
import { makeCertificates } from '../certificates.ts'
import { startOurs } from '../ours.ts'
import { startPeer } from '../peer.ts'
import { oursBelow, row } from '../row.ts'
import { residentMegabytes } from '../usage.ts'

interface Run {
  readonly megabytes: number
}

export const memory: BenchCase = {
  name: 'memory',
  summary: 'resident memory of an idle server',
  counterparts: ['freeradius', 'openssl'],
  async run({ runs: count, idleSeconds }: Pace) {
    using folder = temporaryFolder('sallyport-bench-')
    const certificates = makeCertificates(join(folder.path, 'ca'), 'ecdsa')
    const runs = await alternate(
      'memory',
      count,
      async () => {
        using data = temporaryFolder('sallyport-bench-')
        await using server = await startOurs({ folder: data.path, clientCa: certificates.root })
        return await idle(server.process.pid, idleSeconds)
      },
      async () => {
        using data = temporaryFolder('sallyport-bench-')
        const tls = { ...certificates.server, ca: certificates.root }
        await using server = await startPeer({ folder: data.path, tls })
        return await idle(server.process.pid, idleSeconds)
      },
    )
    const figures = { case: 'memory, idle', unit: 'MB', goal: oursBelow(200, 'MB'), runs }
    return { rows: [row(figures, ({ megabytes }) => megabytes)], raw: runs }
  },
}

async function idle(pid: number, seconds: number): Promise<Run> {
  await delay(seconds * 1000)
  return { megabytes: residentMegabytes(pid) }
}
