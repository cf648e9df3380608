/** Certificates by SCEP: a one-time challenge and a new RSA-2048 key each, durable before the answer goes out. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../lab/process.ts'
import type { Sallyport } from '../../lab/sallyport.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { type EnrolmentRun, enrolmentRows, enrolmentRun, staffYaml } from '../enrolment-load.ts'
import { startOurs } from '../ours.ts'

const CLIENTS = 16
const USERS = 100
/** Messages are made before the clock runs, so their number is fixed and not the time. */
const A_SECOND = 40
/** Of Debian, which has the libraries. */
const PYTHON = '/usr/bin/python3'
const LOAD = join(import.meta.dirname, '../load/scep-load.py')

export const enrolmentScep: BenchCase = {
  name: 'enrolment-scep',
  summary: 'certificates per second by SCEP (RSA-2048), each durable before it goes out',
  counterparts: ['python3-cryptography', 'python3-asn1crypto'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    await using server = await startOurs({
      folder: folder.path,
      document: `
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, suffixes: [bench.test], sources: [local] }]
groups: [{ name: staff }]
${staffYaml(USERS)}
enrolment: { scep: { enabled: true } }
certificateTemplates: [{ name: bench, perHolder: 1000, enrol: { groups: [staff] }, keys: { algorithms: [rsa] } }]
`,
    })
    const file = join(folder.path, 'challenges')
    await scepRun(server, file, warmUpSeconds * A_SECOND)
    const ours: EnrolmentRun[] = []
    for (let run = 1; run <= count; run++) {
      console.error(`enrolment-scep: run ${run} of ${count}`)
      ours.push(await scepRun(server, file, loadSeconds * A_SECOND))
    }
    const runs = { ours, peer: [] }
    return { rows: enrolmentRows('enrolment-scep', { runs }), raw: runs }
  },
}

async function scepRun(server: Sallyport, file: string, certificates: number): Promise<EnrolmentRun> {
  writeFileSync(file, (await challenges(server, certificates)).join('\n'))
  const load = [LOAD, `http://127.0.0.1:${server.httpPort}/scep/bench`, file, `${CLIENTS}`]
  return await enrolmentRun(server.process.pid, [PYTHON, ...load], 60_000 + certificates * 200)
}

/** One for each certificate, with the account it is for. */
async function challenges({ api }: Sallyport, count: number): Promise<string[]> {
  const lines: string[] = []
  while (lines.length < count) {
    const together = Array.from({ length: Math.min(CLIENTS, count - lines.length) }, async (_, index) => {
      const user = `user-${(lines.length + index) % USERS}`
      const made = await api.send<{ challenge: string }>('POST', '/challenges', { template: 'bench', user })
      return `${user} ${made.challenge}`
    })
    lines.push(...(await Promise.all(together)))
  }
  return lines
}
