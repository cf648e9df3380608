/** The product itself as a process: a temporary data directory, free ports, its own command line. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdminApi } from './admin-api.ts'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import { type Running, runToEnd, start } from './process.ts'

export const CLI = join(import.meta.dirname, '../server/src/cli/sallyport.js')

export interface Sallyport extends AsyncDisposable {
  readonly process: Running
  readonly authPort: number
  readonly acctPort: number
  readonly httpsPort: number
  /** EST, ACME ... over TLS. */
  readonly enrolPort: number
  /** CRLs, OCSP, SCEP. */
  readonly httpPort: number
  readonly data: string
  readonly api: AdminApi
  /** Runs `sallyport ARGS`, whatever the arguments say. */
  command(...args: string[]): Promise<{ code: number | null; output: string }>
  /** Runs `sallyport ARGS` against the API of this server. */
  cli(...args: string[]): Promise<{ code: number | null; output: string }>
  /** `sallyport apply --prune` with this YAML; throws with its output where it is refused. */
  apply(yaml: string): Promise<void>
}

export interface SallyportOptions {
  readonly data: string
  readonly authPort?: number
  readonly acctPort?: number
  readonly httpsPort?: number
  readonly enrolPort?: number
  /** Where its own command line finds the API; default 127.0.0.1. */
  readonly httpsHost?: string
  readonly args?: readonly string[]
  /** Before the command line, e.g. `['taskset', '-c', '0']`. */
  readonly prefix?: readonly string[]
  /** It runs in a namespace: leads this process to its API, by a port on 127.0.0.1. */
  readonly door?: (httpsPort: number) => Promise<{ readonly port: number }>
}

export async function startSallyport(options: SallyportOptions): Promise<Sallyport> {
  const { data } = options
  const authPort = options.authPort ?? (await freeUdpPort())
  const acctPort = options.acctPort ?? (await freeUdpPort())
  const httpsPort = options.httpsPort ?? (await freeTcpPort())
  const enrolPort = options.enrolPort ?? (await freeTcpPort())
  const httpPort = await freeTcpPort()
  const enrolment = ['--enrol-port', `${enrolPort}`, '--http-port', `${httpPort}`]
  const ports = ['--auth-port', `${authPort}`, '--acct-port', `${acctPort}`, '--https-port', `${httpsPort}`]
  const line = [
    ...(options.prefix ?? []),
    process.execPath,
    // As `npm start` and the command itself do.
    '--max-semi-space-size=4',
    CLI,
    'serve',
    '--data',
    data,
    ...ports,
    ...enrolment,
    ...(options.args ?? []),
  ]
  const [program = process.execPath, ...args] = line
  const running = start(program, args)
  try {
    await running.waitFor(/\bready\b/i, 30_000)
  } catch (error) {
    await running.stop()
    throw error
  }
  const connection = ['--data', data, '--server', `https://${options.httpsHost ?? '127.0.0.1'}:${httpsPort}`]
  const command: Sallyport['command'] = (...words) => {
    const [program = process.execPath, ...rest] = [...(options.prefix ?? []), process.execPath, CLI, ...words]
    return runToEnd(program, rest)
  }
  const cli: Sallyport['cli'] = (...words) => command(...words, ...connection)
  const api = new AdminApi((await options.door?.(httpsPort))?.port ?? httpsPort, data)
  return {
    process: running,
    api,
    authPort,
    acctPort,
    httpsPort,
    enrolPort,
    httpPort,
    data,
    command,
    cli,
    async apply(yaml) {
      const file = join(data, 'apply.yaml')
      writeFileSync(file, yaml)
      const { code, output } = await cli('apply', '--prune', '-f', file)
      if (code !== 0) throw new Error(`sallyport apply failed (${code}):\n${output}`)
    },
    async [Symbol.asyncDispose]() {
      api[Symbol.dispose]()
      await running.stop()
    },
  }
}
