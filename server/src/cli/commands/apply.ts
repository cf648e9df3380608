import type { AppliedConfiguration, ConfigurationPlan } from '../../listeners/https/services.ts'
import { changesText, countsOf, problemsText } from '../changes.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Terminal } from '../terminal.ts'

export const apply: Command = {
  name: 'apply',
  summary: 'Check a YAML file, show the difference and serve it',
  usage: '-f FILE [--dry-run] [--prune]',
  positionals: [],
  flags: {
    file: { value: 'FILE', short: 'f', description: 'the document; - reads standard input' },
    'dry-run': { description: 'only show what would change' },
    prune: { description: 'in the sections the file names, delete what it does not name' },
    base: { value: 'N', description: 'refuse unless version N is the current one' },
    comment: { value: 'TEXT', description: 'why, for the list of versions' },
    ...CONNECTION_FLAGS,
  },
  details: 'Whole or not at all: with one error in the file, the old configuration goes on serving.',
  examples: ['sallyport apply -f site.yaml --dry-run', 'sallyport apply -f site.yaml'],
  async run(input, terminal) {
    const document = terminal.readFile(input.required('file', 'Name the document: -f site.yaml'))
    const prune = input.has('prune')
    const base = input.number('base', 0, Number.MAX_SAFE_INTEGER)
    return await withApi(input, async (api) => {
      const plan = await api.send<ConfigurationPlan>('POST', '/configuration/plan', { document, prune })
      const hasErrors = plan.problems.some((problem) => problem.severity !== 'warning')
      const isDryRun = input.has('dry-run')
      if (input.has('json') && (isDryRun || hasErrors)) terminal.print(JSON.stringify(plan, null, 2))
      if (!input.has('json')) {
        if (plan.problems.length > 0) terminal.complain(problemsText(plan.problems, terminal))
        if (!hasErrors) terminal.print(changesText(plan.changes, terminal))
      }
      if (hasErrors) {
        terminal.complain('Nothing was changed.')
        return EXIT.failed
      }
      if (isDryRun) {
        if (!input.has('json')) terminal.print(`Dry run: ${countsOf(plan.changes)}. Nothing was changed.`)
        return EXIT.ok
      }
      const applied = await api.send<AppliedConfiguration>('POST', '/configuration/apply', {
        document,
        prune,
        baseVersion: base ?? plan.baseVersion,
        comment: input.text('comment') ?? '',
      })
      if (input.has('json')) terminal.print(JSON.stringify(applied, null, 2))
      else printApplied(applied, terminal)
      return EXIT.ok
    })
  },
}

function printApplied(applied: AppliedConfiguration, terminal: Terminal): void {
  terminal.print(`Serving version ${applied.version}: ${countsOf(applied.changes)}.`)
  if (applied.generated.length === 0) return
  terminal.print('Secrets made for you, shown this once:')
  for (const { path, value } of applied.generated) terminal.print(`  ${path}: ${value}`)
}
