import type { CertificateTemplate } from '../../listeners/https/services.ts'
import { about, alone, byAction } from '../by-action.ts'
import { CliError, EXIT, type ExitCode } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

export const templates: Command = {
  name: 'templates',
  summary: 'Show certificate templates, and what is dangerous about them',
  usage: '[list | show NAME | lint]',
  positionals: ['action?', 'name?'],
  flags: { ...CONNECTION_FLAGS },
  details: [
    'Templates are configuration (certificateTemplates); show fills in what the base decides.',
    'lint says what the templates in force could be abused for (ESC1 to ESC16); exit code 1: there is something.',
    'apply says the same before they are served, and refuses the worst.',
  ].join('\n'),
  examples: ['sallyport templates', 'sallyport templates show user', 'sallyport templates lint'],
  run: byAction('templates', {
    list: alone(seen(list)),
    show: about('NAME', seen(show)),
    lint: alone(seen(lint)),
  }),
}

type Templates = readonly CertificateTemplate[]

/** Of all templates. */
function seen(run: (input: Input, terminal: Terminal, items: Templates, name: string) => ExitCode) {
  return async (input: Input, terminal: Terminal, name = ''): Promise<ExitCode> => {
    const { items } = await withApi(input, (api) => api.get<{ items: Templates }>('/certificate-templates'))
    return run(input, terminal, items, name)
  }
}

function list(input: Input, terminal: Terminal, items: Templates): ExitCode {
  if (input.has('json')) terminal.print(JSON.stringify(items, null, 2))
  else {
    const rows = items.map((item): Cell[] => [
      item.name,
      item.base,
      `${item.validityDays} d`,
      item.names,
      // Names out of a request always wait for somebody to look at them.
      item.approval === 'required' || item.names === 'requested' ? 'yes' : 'no',
      item.enrol.groups.map(oneLine).join(', ') || '-',
      item.protocols.join(', '),
      problemCell(item, terminal),
    ])
    const headings = ['name', 'base', 'valid', 'names', 'approval', 'groups', 'protocols', 'linter']
    terminal.print(table(headings, rows))
  }
  return EXIT.ok
}

function problemCell({ problems }: CertificateTemplate, terminal: Terminal): Cell {
  if (problems.length === 0) return { text: 'good', paint: (text) => terminal.paint('good', text) }
  return { text: `${problems.length} to look at`, paint: (text) => terminal.paint('warn', text) }
}

function show(input: Input, terminal: Terminal, items: Templates, name: string): ExitCode {
  const item = items.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (item === undefined) {
    const known = items.map((one) => one.name).join(', ')
    throw new CliError(`There is no certificate template "${name}". There are: ${known}.`)
  }
  if (input.has('json')) terminal.print(JSON.stringify(item, null, 2))
  else {
    const { problems, keys, enrol, ...plain } = item
    const rows = Object.entries({ ...plain, keys: JSON.stringify(keys), enrol: JSON.stringify(enrol) }).map(
      ([field, value]): Cell[] => [
        field,
        oneLine(Array.isArray(value) ? value.join(', ') || '-' : String(value)),
      ],
    )
    terminal.print(table(['field', 'value'], rows))
    for (const problem of problems) terminal.print(problemText(item, problem))
  }
  return EXIT.ok
}

function lint(input: Input, terminal: Terminal, items: Templates): ExitCode {
  const found = items.flatMap((item) => item.problems.map((problem) => ({ item, problem })))
  if (input.has('json')) {
    terminal.print(
      JSON.stringify(
        found.map(({ item, problem }) => ({ template: item.name, ...problem })),
        null,
        2,
      ),
    )
  } else if (found.length === 0) terminal.print(`${items.length} templates, nothing to say against them.`)
  else for (const { item, problem } of found) terminal.print(problemText(item, problem))
  return found.length === 0 ? EXIT.ok : EXIT.failed
}

function problemText(
  { name }: CertificateTemplate,
  { severity, field, code, message }: CertificateTemplate['problems'][number],
): string {
  return `${severity} ${name}/${field} (${code}): ${message}`
}
