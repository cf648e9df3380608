/**
 * OCSP answers a second: the same question again and again, as relying parties ask it, signed ahead. The responder of
 * OpenSSL is no peer: it takes one connection at a time and closes it, which wrk counts as nothing answered.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd, temporaryFolder } from '../../lab/process.ts'
import type { BenchCase, Pace } from '../case.ts'
import { LOAD_CORE } from '../cores.ts'
import { startOurs } from '../ours.ts'
import { type Goal, row } from '../row.ts'

interface Run {
  readonly perSecond: number
}

const CONNECTIONS = 32
const atLeast = (bound: number): Goal => ({ text: `>= ${bound}/s`, isMet: (ours) => ours >= bound })

export const ocsp: BenchCase = {
  name: 'ocsp',
  summary: 'OCSP answers a second by GET, signed ahead',
  counterparts: ['openssl', 'wrk'],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace) {
    using folder = temporaryFolder('sallyport-bench-')
    const at = (name: string) => join(folder.path, name)
    await using ours = await startOurs({ folder: folder.path })
    await ours.api.send('POST', '/users', { name: 'bench-user' })
    await must(ours.cli('certificates', 'issue', '--user', 'bench-user', '--out', at('issued')))
    const pems = readFileSync(at('issued/bench-user.pem'), 'utf8').split(/(?<=END CERTIFICATE-----\n)/)
    for (const [index, name] of ['leaf.pem', 'ca.pem'].entries()) writeFileSync(at(name), pems[index] ?? '')
    const own = await question(folder.path, at('ca.pem'), at('leaf.pem'))
    const load = (seconds: number) => wrk(`http://127.0.0.1:${ours.httpPort}/ocsp/${own}`, seconds)
    await load(warmUpSeconds)
    const runs = { ours: [] as Run[], peer: [] as Run[] }
    for (let run = 0; run < count; run++) runs.ours.push(await load(loadSeconds))
    const goal = atLeast(5000)
    return {
      rows: [row({ case: 'ocsp, GET', unit: 'answers/s', goal, runs }, ({ perSecond }) => perSecond)],
      raw: runs,
    }
  },
}

/** The request, as a part of an address. */
async function question(folder: string, issuer: string, certificate: string): Promise<string> {
  const file = join(folder, 'request.der')
  await must(
    runToEnd('openssl', ['ocsp', '-issuer', issuer, '-cert', certificate, '-no_nonce', '-reqout', file]),
  )
  return encodeURIComponent(readFileSync(file).toString('base64'))
}

async function wrk(url: string, seconds: number): Promise<Run> {
  const [program, ...pinned] = LOAD_CORE
  const args = [...pinned, 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, url]
  const { output } = await must(runToEnd(program, args, { milliseconds: (seconds + 30) * 1000 }))
  if (/Non-2xx/.test(output)) throw new Error(`not every question was answered: ${output}`)
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1])
  if (!(perSecond > 0)) throw new Error(`wrk: ${output}`)
  return { perSecond }
}

async function must<Ended extends { readonly code: number | null; readonly output: string }>(
  running: Promise<Ended>,
): Promise<Ended> {
  const ended = await running
  if (ended.code !== 0) throw new Error(ended.output)
  return ended
}
