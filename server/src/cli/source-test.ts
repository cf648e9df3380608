import type { SourceTestReport } from '../listeners/https/services.ts'
import { EXIT, type ExitCode, usageError } from './cli-error.ts'
import { withApi } from './connection.ts'
import type { Input } from './input.ts'
import { oneLine } from './table.ts'
import type { Style, Terminal } from './terminal.ts'

/** The environment variable that may hold the password; an argument would be seen by everybody on the machine. */
const PASSWORD_VARIABLE = 'SALLYPORT_TEST_PASSWORD'
const STDIN_OR_VARIABLE = `--password-stdin or ${PASSWORD_VARIABLE}`

/** `sallyport test directory NAME`: the running server goes through an identity source, step by step. */
export async function testSource(input: Input, terminal: Terminal): Promise<ExitCode> {
  const [, name] = input.positionals
  if (name === undefined) throw usageError('Which source? npx sallyport test directory NAME [--user NAME]')
  const user = input.text('user')
  const password = user === undefined ? undefined : await passwordOf(user, input, terminal)
  const body = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) }
  const report = await withApi(input, (api) =>
    api.send<SourceTestReport>('POST', `/sources/${encodeURIComponent(name)}/test`, body),
  )
  if (input.has('json')) terminal.print(JSON.stringify(report, null, 2))
  else print(report, terminal)
  return report.passed ? EXIT.ok : EXIT.failed
}

/** undefined: the password is not tried. */
async function passwordOf(user: string, input: Input, terminal: Terminal): Promise<string | undefined> {
  const given = input.text('password')
  if (given !== undefined && given !== terminal.env[PASSWORD_VARIABLE]) {
    throw usageError(
      `A password among the arguments is seen by everybody on this machine: leave it out to be asked, or use ${STDIN_OR_VARIABLE}.`,
    )
  }
  const password = input.has('password-stdin')
    ? terminal.readFile('-').replace(/\r?\n$/, '')
    : (given ??
      (await terminal.askSecret(`Password of ${oneLine(user)} (empty: not tried)`, STDIN_OR_VARIABLE)))
  return password === '' ? undefined : password
}

const MARKS = { ok: 'OK', warning: 'WARN', failed: 'FAIL', skipped: '-' } as const
const STYLES: Readonly<Record<keyof typeof MARKS, Style>> = {
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
  skipped: 'faint',
}

function print({ source, steps, passed }: SourceTestReport, terminal: Terminal): void {
  let server: string | undefined
  for (const step of steps) {
    if (step.server !== server && step.server !== undefined) terminal.print(step.server)
    server = step.server
    const mark = terminal.paint(STYLES[step.outcome], MARKS[step.outcome].padEnd(4))
    const indent = server === undefined ? '' : '  '
    terminal.print(`${indent}${mark} ${step.step.padEnd(9)} ${oneLine(step.detail)}`)
    if (step.cure !== undefined) terminal.print(`${indent}     ${''.padEnd(9)} -> ${oneLine(step.cure)}`)
  }
  const failed = steps.filter(({ outcome }) => outcome === 'failed').length
  terminal.print(
    passed
      ? `${terminal.paint('good', 'Works:')} every step of source ${source} that could be tried.`
      : `${terminal.paint('bad', 'Failed:')} ${failed} ${failed === 1 ? 'step' : 'steps'} of source ${source}.`,
  )
}
