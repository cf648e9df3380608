/** Load from the other core: a C program for plain RADIUS, eapol_test for EAP. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { eapolTest } from '../lab/eapol-test.ts'
import { runToEnd } from '../lab/process.ts'

export const SERVER_CORE = ['taskset', '-c', '0'] as const
export const LOAD_CORE = ['taskset', '-c', '1'] as const

const SOURCE = join(import.meta.dirname, 'load/radius-load.c')
const BINARY = join(import.meta.dirname, 'build/radius-load')

export function compileLoad(): void {
  if (existsSync(BINARY) && statSync(BINARY).mtimeMs > statSync(SOURCE).mtimeMs) return
  mkdirSync(join(import.meta.dirname, 'build'), { recursive: true })
  execFileSync('cc', ['-O2', '-Wall', '-o', BINARY, SOURCE], { stdio: 'inherit' })
}

export interface LoadResult {
  readonly sent: number
  readonly accepted: number
  readonly rejected: number
  readonly lost: number
  readonly bad: number
  readonly seconds: number
}

export interface LoadOptions {
  readonly kind: 'pap' | 'acct'
  readonly port: number
  readonly secret: string
  readonly seconds: number
  readonly inFlight: number
  readonly user: string
  readonly password?: string
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const { kind, port, secret, seconds, inFlight, user, password } = options
  const args = [
    kind,
    '127.0.0.1',
    port,
    secret,
    seconds,
    inFlight,
    user,
    ...(password === undefined ? [] : [password]),
  ]
  const [command, ...rest] = [...LOAD_CORE, BINARY, ...args.map(String)] as [string, ...string[]]
  const { code, output } = await runToEnd(command, rest, { milliseconds: (seconds + 30) * 1000 })
  if (code !== 0) throw new Error(`radius-load failed (${code}): ${output}`)
  const result = JSON.parse(output) as LoadResult // printed by our own program
  if (result.rejected > 0 || result.bad > 0 || result.accepted === 0) {
    throw new Error(`radius-load: the server answered wrongly: ${output}`)
  }
  return result
}

/** Full EAP logins, no resumption, by several supplicants side by side. Throws unless every login succeeded. */
export async function eapLogins(options: {
  readonly port: number
  readonly secret: string
  readonly folder: string
  readonly network: readonly string[]
  readonly supplicants: number
  readonly loginsEach: number
}): Promise<number> {
  const { port, secret, folder, network, supplicants, loginsEach } = options
  const runs = Array.from({ length: supplicants }, (_, index) =>
    eapolTest({
      globals: ['fast_reauth=0'],
      network,
      server: { port, secret },
      folder,
      prefix: LOAD_CORE,
      repeat: loginsEach - 1,
      seconds: 60,
      mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
    }),
  )
  const results = await Promise.all(runs)
  for (const result of results) {
    if (
      !result.success ||
      result.keys?.ok !== loginsEach ||
      result.keys.mismatch !== 0 ||
      result.resumed !== 0
    ) {
      throw new Error(`eapol_test did not log in ${loginsEach} times in full:\n${result.output.slice(-3000)}`)
    }
  }
  return supplicants * loginsEach
}
