/** Plain RADIUS load from the other core, by a C program that is compiled here. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../lab/process.ts'
import { PASSWORD, SECRET, USER } from './account.ts'
import { LOAD_CORE } from './cores.ts'

const SOURCE = join(import.meta.dirname, 'load/radius-load.c')
const BINARY = join(import.meta.dirname, 'build/radius-load')

/** Enough that the server never waits for the load, few enough that no queue overflows. */
const IN_FLIGHT = 128

export interface LoadResult {
  readonly sent: number
  /** Answered within `seconds`: Access-Accept or Accounting-Response. */
  readonly accepted: number
  /** Answered after the last request was sent. */
  readonly late: number
  readonly rejected: number
  readonly lost: number
  /** Answers to nothing, or not signed by the server. */
  readonly bad: number
  readonly seconds: number
  /** Milliseconds from a request to its answer. */
  readonly p50: number
  readonly p99: number
}

/** @throws Error where the server answers wrongly */
export async function load(kind: 'pap' | 'acct', port: number, seconds: number): Promise<LoadResult> {
  const account = kind === 'pap' ? [USER, PASSWORD] : [USER]
  return await runLoad(kind, port, [SECRET, `${seconds}`, `${IN_FLIGHT}`, ...account], seconds)
}

/** PAP, so many requests a second whether or not they are answered. @throws Error where the server answers wrongly */
export async function pacedLoad(port: number, seconds: number, rate: number): Promise<LoadResult> {
  return await runLoad('paced', port, [SECRET, `${seconds}`, `${Math.round(rate)}`, USER, PASSWORD], seconds)
}

/** Who logs in, and by what, where it is not the one account of `account.ts`. */
export interface Account {
  /** Several, in turn, are separated by commas. */
  readonly user: string
  /** PAP; or of each user the attributes as they stand in the packet. */
  readonly proof: { readonly password: string } | { readonly attributes: readonly Uint8Array[] }
  /** Default 128. */
  readonly inFlight?: number
}

/** Closed loop, as `load`. @throws Error where the server answers wrongly */
export async function loadAs(account: Account, port: number, seconds: number): Promise<LoadResult> {
  const { user, inFlight = IN_FLIGHT } = account
  const { kind, word } = proofWords(account)
  return await runLoad(kind, port, [SECRET, `${seconds}`, `${inFlight}`, user, word], seconds)
}

/** PAP, so many requests a second, to a server that may answer none of them. */
export async function loadUnheard(
  user: string,
  port: number,
  { seconds, rate }: { readonly seconds: number; readonly rate: number },
): Promise<LoadResult> {
  const words = [SECRET, `${seconds}`, `${rate}`, user, PASSWORD]
  return await output('paced', port, words, seconds)
}

/** PAP, as `pacedLoad`. @throws Error where the server answers wrongly */
export async function pacedLoadAs(
  account: Account,
  port: number,
  { seconds, rate }: { readonly seconds: number; readonly rate: number },
): Promise<LoadResult> {
  const { kind, word } = proofWords(account)
  return await runLoad(`paced-${kind}`, port, [SECRET, `${seconds}`, `${rate}`, account.user, word], seconds)
}

function proofWords({ proof }: Account): { readonly kind: string; readonly word: string } {
  if ('password' in proof) return { kind: 'pap', word: proof.password }
  return { kind: 'raw', word: proof.attributes.map((octets) => Buffer.from(octets).toString('hex')).join() }
}

/** Asks again and again, so that the first Access-Accept comes as soon as a server that starts can give it. */
export async function untilFirstAccept(
  port: number,
  login: { readonly secret: string; readonly user: string; readonly password: string },
): Promise<void> {
  const { secret, user, password } = login
  await runLoad('first', port, [secret, '30', '1', user, password], 30)
}

async function runLoad(
  kind: string,
  port: number,
  words: readonly string[],
  seconds: number,
): Promise<LoadResult> {
  const result = await output(kind, port, words, seconds)
  if (result.rejected > 0 || result.bad > 0 || result.accepted === 0) {
    throw new Error(`The server on port ${port} answered wrongly: ${JSON.stringify(result)}`)
  }
  return result
}

async function output(
  kind: string,
  port: number,
  words: readonly string[],
  seconds: number,
): Promise<LoadResult> {
  compile()
  const [taskset, ...args] = [...LOAD_CORE, BINARY, kind, '127.0.0.1', `${port}`, ...words]
  const { code, output: text } = await runToEnd(taskset, args, { milliseconds: (seconds + 30) * 1000 })
  if (code !== 0) throw new Error(`radius-load failed (${code}): ${text}`)
  return JSON.parse(text) as LoadResult // printed by our own program
}

function compile(): void {
  if (existsSync(BINARY) && statSync(BINARY).mtimeMs > statSync(SOURCE).mtimeMs) return
  mkdirSync(join(import.meta.dirname, 'build'), { recursive: true })
  execFileSync('cc', ['-O2', '-Wall', '-o', BINARY, SOURCE], { stdio: 'inherit' })
}
