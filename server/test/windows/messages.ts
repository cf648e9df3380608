/** The fixed messages of MS-XCEP and MS-WSTEP, what makes certificate requests for them, and the judge of the answers. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '@sallyport/lab/process'

const PYTHON = '/usr/bin/python3'

/** A request as it goes out, and what an answer has to relate to. */
export interface Message {
  readonly text: string
  readonly id: string
}

/** One of `requests/`, its `{{blanks}}` filled; throws where a blank is left. */
export function message(name: string, blanks: Readonly<Record<string, string>> = {}): Message {
  const messageId = randomUUID()
  const now = Date.now()
  const known: Readonly<Record<string, string>> = {
    ...{ messageId, to: 'https://localhost/', machine: 'ws1.lab.test' },
    ...{ created: new Date(now).toISOString(), expires: new Date(now + 300_000).toISOString() },
    ...blanks,
  }
  const text = readFileSync(join(import.meta.dirname, 'requests', `${name}.xml`), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_whole, blank: string) => {
      const value = known[blank]
      if (value === undefined) throw new Error(`${name}.xml needs ${blank}`)
      return value.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    },
  )
  return { text, id: `urn:uuid:${messageId}` }
}

/** Base64 in lines that end as Windows ends them: WCF writes the carriage return as `&#xD;`. */
export function windowsBase64(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return lines.join('\r\n')
}

/** Runs build_request.py; what it makes is at `--out`. */
export async function buildRequest(...words: readonly string[]): Promise<void> {
  const { code, output } = await runToEnd(PYTHON, [join(import.meta.dirname, 'build_request.py'), ...words])
  if (code !== 0) throw new Error(`build_request.py ${words.join(' ')}: ${output}`)
}

export interface Judgement {
  readonly problems: readonly string[]
  /** What the judge read. */
  readonly found: Readonly<Record<string, unknown>>
}

/** Runs judge.py: `judge('policies', file, '--relates-to', id)`. */
export async function judge(...words: readonly string[]): Promise<Judgement> {
  const { output } = await runToEnd(PYTHON, [join(import.meta.dirname, 'judge.py'), ...words])
  const lines = output.trim().split('\n')
  const json = lines.findIndex((line) => line.startsWith('{'))
  if (json < 0) throw new Error(`judge.py ${words.join(' ')}: ${output}`)
  return {
    problems: lines.filter((_line, index) => index !== json),
    found: JSON.parse(lines[json] ?? '{}') as Record<string, unknown>,
  }
}
