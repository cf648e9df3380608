import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { SallyportError } from '../../kernel/errors.ts'
import { LEVELS } from '../../kernel/logging.ts'
import type { FirstStart, RunningServer } from '../../main.ts'
import { CliError, EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, DEFAULT_DATA, startCommand } from '../connection.ts'
import type { Input } from '../input.ts'
import { portHolder } from '../port-holder.ts'
import { oneLine } from '../table.ts'
import { messageOf, type Terminal } from '../terminal.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'Run the server',
  usage: '[FLAGS]',
  positionals: [],
  flags: {
    data: {
      ...CONNECTION_FLAGS.data,
      description: 'keys, database, files for this command (default ./data)',
    },
    bind: {
      value: 'ADDRESS',
      description: 'RADIUS listens here (default 0.0.0.0 and ::)',
      env: 'SALLYPORT_BIND',
    },
    'auth-port': { value: 'PORT', description: 'RADIUS logins (default 1812)', env: 'SALLYPORT_AUTH_PORT' },
    'acct-port': {
      value: 'PORT',
      description: 'RADIUS accounting (default 1813)',
      env: 'SALLYPORT_ACCT_PORT',
    },
    'coa-port': {
      value: 'PORT',
      description: 'CoA and Disconnect of trusted senders, if any (default 3799)',
      env: 'SALLYPORT_COA_PORT',
    },
    'old-ports': { description: 'listen on 1645 and 1646 as well', env: 'SALLYPORT_OLD_PORTS' },
    workers: {
      value: 'N',
      description: 'threads that answer RADIUS (default 1)',
      env: 'SALLYPORT_WORKERS',
    },
    'https-bind': {
      value: 'ADDRESS',
      description: 'the API listens here (default 127.0.0.1)',
      env: 'SALLYPORT_HTTPS_BIND',
    },
    'https-port': { value: 'PORT', description: 'the API (default 8443)', env: 'SALLYPORT_HTTPS_PORT' },
    'enrol-bind': {
      value: 'ADDRESS',
      description: 'certificates are asked for here (default 127.0.0.1)',
      env: 'SALLYPORT_ENROL_BIND',
    },
    'enrol-port': {
      value: 'PORT',
      description: 'EST, ACME, SCEP, MS-XCEP, MS-WSTEP (default 8444)',
      env: 'SALLYPORT_ENROL_PORT',
    },
    'http-port': {
      value: 'PORT',
      description: 'plain HTTP, for CRLs, OCSP and SCEP (default 8880)',
      env: 'SALLYPORT_HTTP_PORT',
    },
    'ca-key': {
      value: 'ALGORITHM',
      description: 'of the CA the first start makes: p256 (default) or rsa3072',
      env: 'SALLYPORT_CA_KEY',
    },
    'pkcs11-module': {
      value: 'FILE',
      description: 'PKCS #11 library, if a token holds the CA key',
      env: 'SALLYPORT_PKCS11_MODULE',
    },
    database: {
      value: 'URL',
      description: 'postgres://... instead of SQLite in the data directory',
      env: 'SALLYPORT_DATABASE',
    },
    'log-level': {
      value: 'LEVEL',
      description: `${LEVELS.join(', ')} (default info)`,
      env: 'SALLYPORT_LOG_LEVEL',
    },
  },
  details: 'The first start sets up all it needs and shows the credentials once.',
  examples: [
    'sallyport serve',
    'sallyport serve --data /var/lib/sallyport --auth-port 2812 --acct-port 2813',
  ],
  async run(input, terminal) {
    const wanted = settingsOf(input)
    const died = Promise.withResolvers<never>()
    const server = await start(wanted, died)
    try {
      // Before anybody is told that we are ready, and could stop us.
      const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
      announce(server, wanted, terminal)
      await Promise.race([stopped, died.promise])
      return EXIT.ok
    } catch (error) {
      terminal.complain(`A part of the server ended: ${messageOf(error)}`)
      return EXIT.failed
    } finally {
      await server.close()
    }
  },
}

const CA_KEYS = ['p256', 'rsa3072'] as const

interface Settings {
  readonly data: string
  readonly addresses: readonly string[]
  readonly authPort: number
  readonly acctPort: number
  readonly coaPort: number
  readonly oldPorts: boolean
  readonly workers: number
  readonly httpsAddress: string
  readonly httpsPort: number
  readonly enrolAddress: string
  readonly enrolPort: number
  readonly httpPort: number
  readonly caKey: (typeof CA_KEYS)[number] | undefined
  readonly pkcs11Module: string | undefined
  readonly database: string | undefined
  readonly logLevel: (typeof LEVELS)[number] | undefined
}

function settingsOf(input: Input): Settings {
  const bind = input.text('bind')
  const level = input.text('log-level')
  const logLevel = LEVELS.find((known) => known === level)
  if (level !== undefined && logLevel === undefined) {
    throw usageError(`--log-level takes one of ${LEVELS.join(', ')}, not "${level}".`)
  }
  const wantedKey = input.text('ca-key')
  const caKey = CA_KEYS.find((known) => known === wantedKey)
  if (wantedKey !== undefined && caKey === undefined) {
    throw usageError(`--ca-key takes one of ${CA_KEYS.join(', ')}, not "${wantedKey}".`)
  }
  return {
    caKey,
    pkcs11Module: input.text('pkcs11-module'),
    data: input.text('data') ?? DEFAULT_DATA,
    addresses: bind === undefined ? everyAddress() : bind.split(','),
    authPort: input.number('auth-port', 1, 65_535) ?? 1812,
    acctPort: input.number('acct-port', 1, 65_535) ?? 1813,
    coaPort: input.number('coa-port', 1, 65_535) ?? 3799,
    oldPorts: input.has('old-ports'),
    workers: input.number('workers', 1, 64) ?? 1,
    httpsAddress: input.text('https-bind') ?? '127.0.0.1',
    httpsPort: input.number('https-port', 1, 65_535) ?? 8443,
    enrolAddress: input.text('enrol-bind') ?? '127.0.0.1',
    enrolPort: input.number('enrol-port', 1, 65_535) ?? 8444,
    httpPort: input.number('http-port', 1, 65_535) ?? 8880,
    database: input.text('database'),
    logLevel,
  }
}

/** IPv6 only where the machine has it: binding `::` fails elsewhere. */
function everyAddress(): string[] {
  const interfaces = Object.values(networkInterfaces()).flat()
  return interfaces.some((address) => address?.family === 'IPv6') ? ['0.0.0.0', '::'] : ['0.0.0.0']
}

async function start(settings: Settings, died: PromiseWithResolvers<never>): Promise<RunningServer> {
  // Only this command needs the whole server; the others start faster without.
  const { startServer } = await import('../../main.ts')
  const { authPort, acctPort, oldPorts, caKey, pkcs11Module, database, logLevel } = settings
  try {
    const started = startServer({
      dataFolder: settings.data,
      addresses: settings.addresses,
      authenticationPorts: oldPorts ? [authPort, 1645] : [authPort],
      accountingPorts: oldPorts ? [acctPort, 1646] : [acctPort],
      coaPort: settings.coaPort,
      workers: settings.workers,
      httpsAddress: settings.httpsAddress,
      httpsPort: settings.httpsPort,
      enrolment: {
        address: settings.enrolAddress,
        httpsPort: settings.enrolPort,
        httpPort: settings.httpPort,
      },
      died: died.reject,
      ...(caKey === undefined ? {} : { caKey }),
      ...(pkcs11Module === undefined ? {} : { pkcs11Module }),
      ...(database === undefined ? {} : { databaseUrl: database }),
      ...(logLevel === undefined ? {} : { logLevel }),
    })
    // A part that dies while it starts answers nobody, so nobody but it can tell.
    return await Promise.race([started, died.promise])
  } catch (error) {
    throw startFailure(error, settings)
  }
}

/** What the administrator can do about it, where that can be told. */
function startFailure(error: unknown, settings: Settings): Error {
  const { code, port, address } = portProblem(error)
  if (code === 'EADDRINUSE' && port !== undefined) return new CliError(takenText(port, settings))
  if (code === 'EADDRNOTAVAIL')
    return new CliError(`This machine has no address ${address ?? ''}. See --bind.`)
  if (code === 'EACCES' && port !== undefined) {
    return new CliError(`This account may not listen on port ${port}. Choose one above 1023.`)
  }
  if (error instanceof SallyportError) {
    const cause = error.cause === undefined ? '' : ` (${messageOf(error.cause)})`
    return new CliError(`The server did not start: ${error.message}${cause}`)
  }
  return error instanceof Error ? error : new Error(String(error))
}

/** Node's own error, or the values of ours around it. */
function portProblem(error: unknown): { code?: unknown; port?: number; address?: unknown } {
  if (!(error instanceof Error)) return {}
  const values: object = 'values' in error && typeof error.values === 'object' ? (error.values ?? {}) : {}
  const cause: object = error.cause instanceof Error ? error.cause : {}
  const all: Readonly<Record<string, unknown>> = { ...cause, ...values, ...error }
  const port = Number(all.port)
  const code = [all.errno, all.code, ...Object.values(values)].find(isSystemCode)
  return { code, address: all.address, ...(Number.isInteger(port) ? { port } : {}) }
}

function isSystemCode(value: unknown): boolean {
  return value === 'EADDRINUSE' || value === 'EADDRNOTAVAIL' || value === 'EACCES'
}

function takenText(port: number, settings: Settings): string {
  const isTcp = [settings.httpsPort, settings.enrolPort, settings.httpPort].includes(port)
  const holder = portHolder(isTcp ? 'tcp' : 'udp', port)
  const by = holder === undefined ? 'another program' : `${oneLine(holder.command)} (process ${holder.pid})`
  const way = wayAround(port, isTcp ? 'tcp' : 'udp', settings)
  return [`Port ${port} is taken by ${by}.`, `Stop it, or ${way}`].join('\n')
}

type Ports = Pick<Settings, 'data' | 'authPort' | 'acctPort' | 'oldPorts' | 'enrolPort' | 'httpPort'>

/** How to start without a port that is taken. Exported for its test. */
export function wayAround(
  port: number,
  protocol: 'udp' | 'tcp',
  { data, authPort, acctPort, oldPorts, enrolPort, httpPort }: Ports,
): string {
  const chooseAnother = (flag: string): string => `choose another port: ${startCommand(data, flag)}`
  if (protocol === 'tcp' && port === enrolPort) return chooseAnother(`--enrol-port ${port + 1000}`)
  if (protocol === 'tcp' && port === httpPort) return chooseAnother(`--http-port ${port + 1000}`)
  if (protocol === 'tcp') return chooseAnother(`--https-port ${port === 9443 ? 10_443 : 9443}`)
  if (port === authPort) return chooseAnother(`--auth-port ${port === 2812 ? 3812 : 2812}`)
  if (port === acctPort) return chooseAnother(`--acct-port ${port === 2813 ? 3813 : 2813}`)
  return oldPorts
    ? 'leave out --old-ports (SALLYPORT_OLD_PORTS), which asks for 1645 and 1646.'
    : chooseAnother('--auth-port 2812 --acct-port 2813')
}

function announce(server: RunningServer, settings: Settings, terminal: Terminal): void {
  const { authPort, acctPort, addresses, httpsAddress, enrolAddress, enrolPort, httpPort } = settings
  const lines = [
    `RADIUS logins      UDP ${addresses.join(', ')} port ${authPort}${settings.oldPorts ? ' and 1645' : ''}`,
    `RADIUS accounting  UDP ${addresses.join(', ')} port ${acctPort}${settings.oldPorts ? ' and 1646' : ''}`,
    `API                https://${urlHost(httpsAddress)}:${server.httpsPort}`,
    `Enrolment          https://${urlHost(enrolAddress)}:${enrolPort}, http://${urlHost(enrolAddress)}:${httpPort}`,
    `CA certificate     ${server.caFile}`,
  ]
  if (server.firstStart !== undefined) lines.push('', ...firstStartLines(server.firstStart, settings))
  lines.push('', terminal.paint('good', 'Sallyport is ready.'))
  terminal.print(lines.join('\n'))
}

function firstStartLines({ admin, starter }: FirstStart, settings: Settings): string[] {
  const port = settings.authPort === 1812 ? '' : ` --port ${settings.authPort}`
  const data = settings.data === DEFAULT_DATA ? '' : ` --data ${settings.data}`
  const credentials = `--secret ${starter.secret} --user ${starter.user} --password ${starter.password}`
  return [
    'First start. These are shown this once:',
    `  administrator   ${admin.name}   password ${admin.password}`,
    `  demo user       ${starter.user}   password ${starter.password}`,
    `  RADIUS client   ${starter.client} (127.0.0.1)   secret ${starter.secret}`,
    '',
    'Try a login, in another terminal:',
    `  npx sallyport test pap${port} ${credentials}`,
    'A certificate for EAP-TLS:',
    `  npx sallyport certificates issue${data} --user ${starter.user} --out ${starter.user}`,
  ]
}

function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
