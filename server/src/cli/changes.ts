import type { ConfigurationPlan } from '../listeners/https/services.ts'
import { oneLine } from './table.ts'
import type { Terminal } from './terminal.ts'

type Changes = ConfigurationPlan['changes']
type Problems = ConfigurationPlan['problems']

const SIGNS = { create: '+', delete: '-', change: '~', unchanged: ' ' } as const
const STYLES = { create: 'good', delete: 'bad', change: 'warn', unchanged: 'faint' } as const

/** The difference as `+ users/alice`, `~ clients/vpn-1` with its fields below; what stays is left out. */
export function changesText(changes: Changes, terminal: Terminal): string {
  const lines: string[] = []
  for (const change of changes) {
    if (change.action === 'unchanged') continue
    const line = `${SIGNS[change.action]} ${change.section}/${oneLine(change.name)}`
    lines.push(terminal.paint(STYLES[change.action], line))
    for (const field of change.fields ?? []) {
      lines.push(`    ${field.path}: ${valueText(field.before)} -> ${valueText(field.after)}`)
    }
  }
  return lines.length === 0 ? 'No differences.' : lines.join('\n')
}

/** `2 created, 1 changed` */
export function countsOf(changes: Changes): string {
  const count = (action: Changes[number]['action']): number =>
    changes.filter((change) => change.action === action).length
  const parts = [
    [count('create'), 'created'],
    [count('change'), 'changed'],
    [count('delete'), 'deleted'],
  ] as const
  const text = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return text.length === 0 ? 'no differences' : text.join(', ')
}

export function problemsText(problems: Problems, terminal: Terminal): string {
  return problems
    .map((problem) => {
      const isWarning = problem.severity === 'warning'
      const line =
        problem.line === undefined ? '' : `line ${problem.line}${problem.path === '' ? ': ' : ', '}`
      const place = problem.path === '' ? '' : `${oneLine(problem.path)}: `
      const hint = problem.suggestion === undefined ? '' : ` Did you mean "${oneLine(problem.suggestion)}"?`
      const label = terminal.paint(isWarning ? 'warn' : 'bad', isWarning ? 'warning' : 'error')
      return `${label}: ${line}${place}${oneLine(problem.message)}${hint}`
    })
    .join('\n')
}

function valueText(value: unknown): string {
  return value === undefined ? '(not set)' : oneLine(JSON.stringify(value))
}
