import { readFileSync, statSync } from 'node:fs'
import type { ConnectionLint, LintReport } from '../listeners/https/services.ts'
import { CliError, EXIT, type ExitCode } from './cli-error.ts'
import { withApi } from './connection.ts'
import type { Input } from './input.ts'
import { oneLine } from './table.ts'
import { messageOf, type Terminal } from './terminal.ts'

const MOST_OCTETS = 1024 * 1024

/** `sallyport connections lint`: a file where there is one of that name, else a connection. */
export async function lintConnections(input: Input, terminal: Terminal, what: string): Promise<ExitCode> {
  const content = contentOf(what)
  const reports =
    content === undefined
      ? await ofConnection(input, what)
      : [{ title: what, report: await ofFile(input, content) }]
  if (input.has('json')) {
    terminal.print(
      JSON.stringify(
        reports.map(({ title, report }) => ({ title, ...report })),
        null,
        2,
      ),
    )
  } else for (const line of reports.flatMap(({ title, report }) => lines(title, report))) terminal.print(line)
  const hasErrors = reports.some(({ report }) => report.findings.some(({ severity }) => severity === 'error'))
  return hasErrors ? EXIT.failed : EXIT.ok
}

function contentOf(path: string): Buffer | undefined {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined || !status.isFile()) return undefined
  if (status.size > MOST_OCTETS) throw new CliError(`${path} is larger than a mebibyte: no profile is.`)
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`)
  }
}

const looksLikeFile = (text: string): boolean =>
  /[/\\]|\.(?:xml|ps1|pbk|mobileconfig|sswan|nmconnection|conf)$/i.test(text)

const ofFile = (input: Input, content: Buffer): Promise<LintReport> =>
  withApi(input, (api) =>
    api.send<LintReport>('POST', '/profile-lint', { content: content.toString('base64') }),
  )

async function ofConnection(input: Input, name: string) {
  const { items } = await withApi(input, (api) =>
    api.get<ConnectionLint>(`/connections/${encodeURIComponent(name)}/lint`),
  ).catch((error: unknown) => {
    const isFile = error instanceof CliError && looksLikeFile(name)
    throw isFile ? new CliError(`There is no file ${oneLine(name)}.\n${error.message}`) : error
  })
  return items.map(({ output, file, ...report }) => ({ title: `${output} (${file})`, report }))
}

function lines(title: string, { format, findings }: LintReport): string[] {
  if (findings.length === 0) return [`${oneLine(title)}: ${format}, no trap found.`]
  return [
    `${oneLine(title)}: ${format}`,
    ...findings.flatMap(({ severity, place, message, cure }) => [
      `  ${severity}: ${oneLine(place)}: ${oneLine(message)}`,
      `    ${oneLine(cure)}`,
    ]),
  ]
}
