/** Certificates by EST: name and password, a new P-256 key each, durable before the answer goes out. */
import { join } from 'node:path'
import { temporaryFolder } from '../../lab/process.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { type EnrolmentRun, enrolmentRows, enrolmentRun, staffYaml } from '../enrolment-load.ts'
import { startOurs } from '../ours.ts'

const CLIENTS = 16
/** One account may hold so many certificates of a template. */
const PER_HOLDER = 1000
const USERS = 200
const PASSWORD = 'Vpn-Passw0rd!'
const LOAD = join(import.meta.dirname, '../load/est-load.py')

export const enrolmentEst: BenchCase = {
  name: 'enrolment-est',
  summary: 'certificates per second by EST (P-256), each durable before it goes out',
  counterparts: ['python3-cryptography'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    await using server = await startOurs({
      folder: folder.path,
      // A password costs next to nothing to check in this form: what is measured is the certificate.
      document: `
sources: [{ name: local, kind: local, passwordStorage: nt-hash }]
realms: [{ name: default, default: true, suffixes: [bench.test], sources: [local] }]
groups: [{ name: staff }]
${staffYaml(USERS, PASSWORD)}
certificateTemplates: [{ name: bench, perHolder: ${PER_HOLDER}, enrol: { groups: [staff] } }]
`,
    })
    const target = { port: server.enrolPort, root: join(server.data, 'ca.pem'), pid: server.process.pid }
    await estRun(target, warmUpSeconds)
    const ours: EnrolmentRun[] = []
    for (let run = 1; run <= count; run++) {
      console.error(`enrolment-est: run ${run} of ${count}`)
      ours.push(await estRun(target, loadSeconds))
    }
    const runs = { ours, peer: [] }
    return { rows: enrolmentRows('enrolment-est', { runs }), raw: runs }
  },
}

async function estRun(
  { port, root, pid }: { readonly port: number; readonly root: string; readonly pid: number },
  seconds: number,
): Promise<EnrolmentRun> {
  const load = [LOAD, `${port}`, root, PASSWORD, `${seconds}`, `${CLIENTS}`, `${USERS}`]
  return await enrolmentRun(pid, ['python3', ...load], (seconds + 30) * 1000)
}
