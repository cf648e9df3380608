import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { styleText } from 'node:util'
import { CliError, usageError } from './cli-error.ts'

/** Where a command reads and writes. Tests give another. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  /** One or more lines to standard output. */
  print(text: string): void
  /** To standard error: what went wrong, and questions. */
  complain(text: string): void
  /** Colour where the output is a terminal that wants it, else the text as it is. */
  paint(style: Style, text: string): string
  /** Characters in a line; undefined where the output is no terminal. */
  readonly columns: number | undefined
  /** Asks without showing what is typed; throws a usage error where nobody can be asked. */
  /** `otherwise`: how to give it where nobody can be asked. */
  askSecret(question: string, otherwise?: string): Promise<string>
  /** A file's text; `-` is standard input. */
  readFile(path: string): string
}

export type Style = 'good' | 'bad' | 'faint' | 'strong' | 'warn'

const STYLES = { good: 'green', bad: 'red', faint: 'dim', strong: 'bold', warn: 'yellow' } as const

export function systemTerminal(): Terminal {
  return {
    env: process.env,
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    // validateStream looks at isTTY, NO_COLOR and FORCE_COLOR.
    paint: (style, text) => styleText(STYLES[style], text, { stream: process.stdout, validateStream: true }),
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns : undefined
    },
    askSecret,
    readFile: (path) => {
      try {
        return readFileSync(path === '-' ? 0 : path, 'utf8')
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
        throw new CliError(
          isMissing ? `There is no file ${path}.` : `Cannot read ${path}: ${messageOf(error)}`,
        )
      }
    },
  }
}

/** A line from the terminal that is not echoed. */
async function askSecret(question: string, otherwise = 'a flag or the environment'): Promise<string> {
  if (!process.stdin.isTTY) {
    throw usageError(`${question}: there is no terminal to ask on. Give it by ${otherwise}.`)
  }
  process.stderr.write(`${question}: `)
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silence, terminal: true })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  lines.once('line', resolve)
  lines.once('SIGINT', () => reject(new CliError('Stopped.')))
  lines.once('close', () => reject(new CliError('Stopped.')))
  try {
    return await promise
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
