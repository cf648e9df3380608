/** Child processes of tests and scenarios: they end when the scope that started them ends, by their own pid only. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Running extends AsyncDisposable {
  readonly pid: number
  /** Everything printed so far on both outputs (the last 256 KiB). */
  output(): string
  /** Resolves when the output matches; rejects with the output when the process ends or the time is over. */
  waitFor(pattern: RegExp, milliseconds?: number): Promise<RegExpMatchArray>
  /** Ends the process group: TERM, then KILL after two seconds. */
  stop(signal?: NodeJS.Signals): Promise<void>
  readonly ended: Promise<number | null>
}

const OUTPUT_LIMIT = 256 * 1024
const live = new Set<ChildProcess>()
const folders = new Set<string>()
process.on('exit', () => {
  for (const child of live) signalGroup(child, 'SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})
// A signal alone would end the process without its `exit` event, and leave the children behind.
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended already.
  }
}

/** Starts a program in a process group of its own. `heard` gets everything it prints, also what is kept no longer. */
export function start(
  command: string,
  args: readonly string[],
  { heard, ...options }: SpawnOptions & { heard?: (text: string) => void } = {},
): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true })
  live.add(child)
  let text = ''
  const watchers = new Set<() => void>()
  const take = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-OUTPUT_LIMIT)
    heard?.(chunk.toString('utf8'))
    for (const watcher of watchers) watcher()
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      text += `${error.message}\n`
      live.delete(child)
      resolve(null)
    })
    child.on('close', (code) => {
      live.delete(child)
      resolve(code)
      for (const watcher of watchers) watcher()
    })
  })

  const waitFor = (pattern: RegExp, milliseconds = 15_000): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer)
        watchers.delete(look)
        act()
      }
      const fail = (why: string): void =>
        finish(() => reject(new Error(`${command} ${why} before ${pattern}:\n${text.slice(-4000)}`)))
      const look = (): void => {
        const match = text.match(pattern)
        if (match !== null) finish(() => resolve(match))
        else if (!live.has(child)) fail('ended')
      }
      const timer = setTimeout(() => fail(`was silent for ${milliseconds} ms`), milliseconds)
      watchers.add(look)
      look()
    })

  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (!live.has(child)) return
    signalGroup(child, signal)
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 2000)
    await ended
    clearTimeout(timer)
  }

  return {
    pid: child.pid ?? -1,
    output: () => text,
    waitFor,
    stop,
    ended,
    [Symbol.asyncDispose]: () => stop(),
  }
}

/** Runs a program to its end. `code` is null where a signal or the time limit ended it. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { milliseconds?: number; input?: string } = {},
): Promise<{ code: number | null; output: string; stdout: string }> {
  const { milliseconds = 30_000, input, ...rest } = options
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...rest, detached: true })
  live.add(child)
  let output = ''
  let stdout = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
    stdout += chunk.toString('utf8')
  })
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input ?? '')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), milliseconds)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearTimeout(timer)
  live.delete(child)
  return { code, output, stdout }
}

export interface TemporaryFolder extends Disposable {
  readonly path: string
}

export function temporaryFolder(prefix = 'sallyport-'): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), prefix))
  folders.add(path)
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true })
      folders.delete(path)
    },
  }
}
