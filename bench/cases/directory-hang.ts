/** PAP logins of one directory while another takes connections and never answers. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '../../lab/process.ts'
import { SLAPD_PACKAGES, Slapd } from '../../lab/slapd.ts'
import { alternate } from '../alternate.ts'
import type { BenchCase, CaseResult, Pace } from '../case.ts'
import { HUNG_REALM, LDAP_USER, slapdDocument } from '../directory/slapd-servers.ts'
import { type LoadResult, loadUnheard, pacedLoadAs } from '../load.ts'
import { startOurs } from '../ours.ts'
import { ratioAtMost, row } from '../row.ts'

/** Well below what one core bears: waiting is to be seen, not load. */
const RATE = 200
const HUNG_RATE = 50

export const directoryHang: BenchCase = {
  name: 'directory-hang',
  summary: 'p99 of PAP through one LDAP directory while another one hangs',
  counterparts: ['gcc', 'libc6-dev', ...SLAPD_PACKAGES],
  async run({ runs: count, warmUpSeconds, loadSeconds }: Pace): Promise<CaseResult> {
    using folder = temporaryFolder('sallyport-bench-')
    await using slapd = await Slapd.start({ folder: join(folder.path, 'slapd'), tls: false })
    await using hung = await hungServer()
    const document = slapdDocument(slapd.url, 0, hung.url)
    await using server = await startOurs({ folder: folder.path, document })
    const { authPort } = server
    const account = { user: LDAP_USER.user, proof: { password: LDAP_USER.password } }
    const logins = (seconds: number): Promise<LoadResult> =>
      pacedLoadAs(account, authPort, { seconds, rate: RATE })
    const during = async (seconds: number): Promise<LoadResult> => {
      const [result, unheard] = await Promise.all([
        logins(seconds),
        loadUnheard(`bob@${HUNG_REALM}`, authPort, { seconds, rate: HUNG_RATE }),
      ])
      // Silence is what a directory that hangs comes to: neither yes nor no.
      if (unheard.accepted + unheard.late + unheard.rejected > 0)
        throw new Error(`A login was decided without its directory: ${JSON.stringify(unheard)}`)
      return result
    }
    await logins(warmUpSeconds)
    await during(warmUpSeconds)
    const runs = await alternate(
      'directory-hang',
      count,
      () => during(loadSeconds),
      () => logins(loadSeconds),
    )
    const figures = { runs, peerName: 'itself, nothing hanging' }
    return {
      rows: [
        row(
          { ...figures, case: 'directory-hang, p99', unit: 'ms', goal: ratioAtMost(1.2) },
          ({ p99 }) => p99,
        ),
        row({ ...figures, case: 'directory-hang, answered', unit: '%' }, (run) => {
          return ((run.accepted + run.late) / run.sent) * 100
        }),
      ],
      raw: runs,
    }
  },
}

async function hungServer(): Promise<{ readonly url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `ldap://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
