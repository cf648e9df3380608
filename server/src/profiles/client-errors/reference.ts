import type { ClientError } from './client-error.ts'
import { CLIENT_ERRORS } from './find-client-error.ts'

/** docs/client-errors.md: every code with what it means and what to do. */
export function clientErrorReference(): string {
  const rows = rowsOf(CLIENT_ERRORS).map(
    ({ codes, meaning, causes, certainty }) =>
      `| ${codes} | ${meaning}${certainty === 'experience' ? ' *' : ''} | ${causes
        .map(({ cause, cure }) => `${cause} → ${cure}`)
        .join('<br>')} |`,
  )
  return `${[INTRODUCTION, TABLE_HEAD, ...rows].join('\n')}\n`
}

const INTRODUCTION = `# What clients show when a connection fails

Generated from the table in \`server/src/profiles/client-errors/\`; do not edit.

\`sallyport explain --client-error 812 --user alice\` says the same, joined with what the server saw of that person in
the last minutes: no login at all, one that was refused (and why), or one that was accepted.

\`*\` = the causes are from experience, not from the vendor. Nothing of this was tried on Windows.
`
const TABLE_HEAD = '| code | means | usual cause → what to do |\n|---|---|---|'

const keyOf = ({ meaning, causes }: ClientError): string => JSON.stringify([meaning, causes])

/** Codes of one line of the table share a row. */
function rowsOf(errors: readonly ClientError[]) {
  const rows = new Map<string, ClientError & { codes: string }>()
  for (const error of errors) {
    const known = rows.get(keyOf(error))
    rows.set(keyOf(error), {
      ...error,
      codes: known === undefined ? error.code : `${known.codes} ${error.code}`,
    })
  }
  return [...rows.values()]
}
