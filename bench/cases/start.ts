/** From `npm start` to the first Access-Accept: through npm and on all cores, as an administrator starts it. */
import { join } from 'node:path'
import { freeTcpPort, freeUdpPort } from '../../lab/free-port.ts'
import { startFreeRadius } from '../../lab/freeradius.ts'
import { type Running, start as startProgram, temporaryFolder } from '../../lab/process.ts'
import { freeRadiusUser, PASSWORD, SECRET, USER } from '../account.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, Pace } from '../case.ts'
import { ALL_CORES } from '../cores.ts'
import { untilFirstAccept } from '../load.ts'
import { oursBelow, row } from '../row.ts'

interface OurRun {
  /** With nothing there: keys, CA, certificates, database and starter configuration are made. */
  readonly firstStart: number
  /** With what the first start made. */
  readonly secondStart: number
}

interface PeerRun {
  readonly seconds: number
}

type Login = Parameters<typeof untilFirstAccept>[1]

export const start: BenchCase = {
  name: 'start',
  summary: 'seconds from npm start to the first Access-Accept',
  counterparts: ['freeradius', 'gcc', 'libc6-dev'],
  async run({ runs: count }: Pace) {
    const runs = await alternate('start', count, runOurs, runPeer)
    const goal = oursBelow(3, 's')
    const first = (run: OurRun | PeerRun) => ('firstStart' in run ? run.firstStart : run.seconds)
    const second = (run: OurRun | PeerRun) => ('secondStart' in run ? run.secondStart : run.seconds)
    return {
      rows: [
        row({ case: 'start, the first ever', unit: 's', goal, runs: { ...runs, peer: [] } }, first),
        row({ case: 'start', unit: 's', goal, runs }, second),
      ],
      raw: runs,
    }
  },
}

async function runOurs(): Promise<OurRun> {
  using folder = temporaryFolder('sallyport-bench-')
  const port = await freeUdpPort()
  const flags = [
    ...['--data', join(folder.path, 'data'), '--bind', '127.0.0.1', '--auth-port', `${port}`],
    ...['--acct-port', `${await freeUdpPort()}`, '--https-port', `${await freeTcpPort()}`],
  ]
  let login: Login = { secret: '', user: '', password: '' }
  const firstStart = await npmStart(flags, async (server) => {
    // Nobody knows the credentials of the starter configuration before they are shown.
    await server.waitFor(/is ready/)
    login = shownLogin(server.output())
    await untilFirstAccept(port, login)
  })
  const secondStart = await npmStart(flags, async () => await untilFirstAccept(port, login))
  return { firstStart, secondStart }
}

async function npmStart(
  flags: readonly string[],
  logIn: (server: Running) => Promise<void>,
): Promise<number> {
  const [taskset, ...prefix] = ALL_CORES
  const startedAt = performance.now()
  await using server = startProgram(taskset, [...prefix, 'npm', 'start', '--', ...flags], {
    cwd: join(import.meta.dirname, '../..'),
  })
  await logIn(server)
  return (performance.now() - startedAt) / 1000
}

/** From the line `npx sallyport test pap ... --secret S --user U --password P` that the first start shows. */
function shownLogin(output: string): Login {
  const word = (flag: string): string => {
    const found = new RegExp(`--${flag} (\\S+)`).exec(output)?.[1]
    if (found === undefined) throw new Error(`The first start shows no --${flag}:\n${output}`)
    return found
  }
  return { secret: word('secret'), user: word('user'), password: word('password') }
}

async function runPeer(): Promise<PeerRun> {
  using folder = temporaryFolder('sallyport-bench-')
  const startedAt = performance.now()
  const server = await startFreeRadius({
    folder: join(folder.path, 'freeradius'),
    secret: SECRET,
    users: [freeRadiusUser()],
    prefix: ALL_CORES,
  })
  try {
    await untilFirstAccept(server.authPort, { secret: SECRET, user: USER, password: PASSWORD })
    return { seconds: (performance.now() - startedAt) / 1000 }
  } finally {
    await server.process.stop()
  }
}
