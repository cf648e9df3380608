import type { GrantAction, Page } from '../../listeners/https/services.ts'
import { alone, byAction } from '../by-action.ts'
import { EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import type { Input } from '../input.ts'
import { type Cell, localTime, oneLine, table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

const STATES = ['open', 'waiting', 'acknowledged', 'done', 'obsolete', 'failed', 'left']

export const grants: Command = {
  name: 'grants',
  summary: 'Show what changed facts did to live sessions; decide sessions again',
  usage: '[list | recheck (--user U | --group G | --certificate SERIAL | --all)]',
  positionals: ['action?'],
  flags: {
    user: { value: 'NAME', description: 'of one user' },
    group: { value: 'NAME', description: 'with recheck: whose login counted as a member' },
    certificate: { value: 'SERIAL', description: 'with recheck: who logged in with it' },
    all: { description: 'with recheck: every session' },
    client: { value: 'NAME', description: 'with list: through one RADIUS client' },
    state: { value: 'WORD', description: `with list: ${STATES.join(', ')}` },
    limit: { value: 'N', description: 'with list: how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  details: [
    'A change of a user, group, certificate or rule decides every session again that rests on it.',
    'recheck does the same where nothing changed here: it returns once that is noted.',
  ].join('\n'),
  examples: [
    'sallyport grants --state failed',
    'sallyport grants --user alice',
    'sallyport grants recheck --user alice',
  ],
  run: byAction('grants', {
    list: alone(list),
    recheck: alone(recheck),
  }),
}

async function list(input: Input, terminal: Terminal): Promise<ExitCode> {
  const state = input.text('state')
  if (state !== undefined && !STATES.includes(state)) {
    throw usageError(`--state is one of ${STATES.join(', ')}.`)
  }
  const query = {
    state,
    user: input.text('user'),
    client: input.text('client'),
    limit: String(input.number('limit', 1, 500) ?? 50),
  }
  const page = await withApi(input, (api) => api.get<Page<GrantAction>>('/grants', query))
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('Nothing was to be done.')
  else {
    const rows = page.items.map((item): Cell[] => [
      localTime(item.createdAt),
      item.user ?? '-',
      item.client,
      item.action,
      stateCell(item, terminal),
      item.reason,
      item.cause,
      item.receipt ?? '-',
    ])
    const headings = ['at', 'user', 'client', 'action', 'state', 'why', 'after', 'receipt']
    terminal.print(table(headings, rows))
    for (const line of page.items.flatMap(failureLine)) terminal.print(line)
    if (page.next !== undefined) terminal.print('There are more: name a user or a state, or raise --limit.')
  }
  return EXIT.ok
}

/** Why an action failed; the name is what a device reported. */
export function failureLine({
  user,
  resultSentence,
  nextStep,
  state,
}: Pick<GrantAction, 'user' | 'resultSentence' | 'nextStep' | 'state'>): readonly string[] {
  if (state !== 'failed' || resultSentence === undefined) return []
  return [oneLine(`${user ?? '-'}: ${resultSentence}${nextStep === undefined ? '' : ` ${nextStep}`}`)]
}

function stateCell({ state, result, attempts }: GrantAction, terminal: Terminal): Cell {
  const tries = attempts > 1 ? ` after ${attempts} tries` : ''
  switch (state) {
    case 'failed':
      return { text: `failed${tries} (${result ?? '-'})`, paint: (text) => terminal.paint('bad', text) }
    case 'done':
      return { text: `done${tries}`, paint: (text) => terminal.paint('good', text) }
    case 'obsolete':
    case 'left':
      return { text: state, paint: (text) => terminal.paint('faint', text) }
    default:
      return result === undefined ? state : `${state}${tries} (${result})`
  }
}

async function recheck(input: Input, terminal: Terminal): Promise<ExitCode> {
  const [user, group, certificate] = [input.text('user'), input.text('group'), input.text('certificate')]
  const all = input.has('all')
  const named = [user, group, certificate].filter((value) => value !== undefined).length + (all ? 1 : 0)
  if (named !== 1) {
    throw usageError(
      'Which ones? npx sallyport grants recheck --user NAME, --group NAME, --certificate SERIAL or --all',
    )
  }
  const what = all ? { all } : { user, group, certificate }
  await withApi(input, (api) => api.send('POST', '/grants/recheck', what))
  terminal.print(
    input.has('json')
      ? JSON.stringify({ noted: true })
      : 'Noted: the sessions are decided again now. See: npx sallyport grants',
  )
  return EXIT.ok
}
