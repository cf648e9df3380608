/** Certificates by ACME: account signs, name proved by http-01, P-256 key, from the order to the PEM. */
import { join } from 'node:path'
import { ChallengeDns } from '../../lab/challenge-dns.ts'
import { freeTcpPort } from '../../lab/free-port.ts'
import { startPebble } from '../../lab/pebble.ts'
import { temporaryFolder } from '../../lab/process.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { SERVER_CORE } from '../cores.ts'
import { type EnrolmentRun, enrolmentRows, enrolmentRun } from '../enrolment-load.ts'
import { startOurs } from '../ours.ts'

/** Enough that the server never waits for the load, few enough for the load's core. */
const ACCOUNTS = 24
const LOAD = join(import.meta.dirname, '../load/acme-load.ts')

interface Target {
  readonly directory: string
  readonly root: string
  readonly pid: number
  readonly challengePort: number
}

export const enrolmentAcme: BenchCase = {
  name: 'enrolment-acme',
  summary: 'certificates per second by ACME (P-256, http-01); pebble keeps all in memory',
  counterparts: ['pebble'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    await using dns = await ChallengeDns.start()
    const challengePort = await freeTcpPort()
    await using ours = await startOurs({
      folder: folder.path,
      document: `
enrolment:
  acme:
    enabled: true
    openTemplates: [web]
    validation: { httpPort: ${challengePort}, resolvers: ['127.0.0.1:${dns.port}'], networks: [127.0.0.0/8] }
certificateTemplates: [{ name: web, base: web-server, names: proved, allowedNames: ['*.bench.test'] }]
`,
    })
    await using pebble = await startPebble({
      ...{ folder: join(folder.path, 'pebble'), challengePort, dnsPort: dns.port },
      prefix: SERVER_CORE,
    })
    const peer: Target = { ...pebble, challengePort }
    const own: Target = {
      directory: `https://localhost:${ours.enrolPort}/acme/web/directory`,
      root: join(ours.data, 'ca.pem'),
      pid: ours.process.pid,
      challengePort,
    }
    await acmeRun(own, warmUpSeconds)
    await acmeRun(peer, warmUpSeconds)
    const runs = await alternate(
      'enrolment-acme',
      count,
      () => acmeRun(own, loadSeconds),
      () => acmeRun(peer, loadSeconds),
    )
    const figures = { runs, peerName: 'pebble, in memory' }
    return { rows: enrolmentRows('enrolment-acme', figures), raw: runs }
  },
}

async function acmeRun(
  { directory, root, pid, challengePort }: Target,
  seconds: number,
): Promise<EnrolmentRun> {
  const load = [LOAD, directory, root, `${challengePort}`, `${seconds}`, `${ACCOUNTS}`]
  return await enrolmentRun(pid, [process.execPath, ...load], (seconds + 30) * 1000)
}
