import type { Page, Session, SessionAction, SessionActionResult } from '../listeners/https/services.ts'
import type { ApiClient } from './api-client.ts'
import { EXIT, type ExitCode, usageError } from './cli-error.ts'
import { withApi } from './connection.ts'
import type { Input } from './input.ts'
import { localTime, oneLine, table } from './table.ts'
import type { Terminal } from './terminal.ts'

/** Word of the command line -> action of the API. */
export const SESSION_ACTION_WORDS: Readonly<Record<string, SessionAction['action']>> = {
  disconnect: 'disconnect',
  reauthenticate: 'reauthenticate',
  bounce: 'bounce-port',
  change: 'change',
}

/** `sallyport sessions close ID`: for a device that is gone and sent no Stop. */
export async function closeSessions(input: Input, terminal: Terminal): Promise<ExitCode> {
  const closed = await withApi(input, async (api) => {
    const sessions = await targets(input, api)
    for (const { id } of sessions) await api.send('POST', `/sessions/${encodeURIComponent(id)}/close`, {})
    return sessions
  })
  if (closed.length === 0) {
    terminal.complain('There is no such live session.')
    return EXIT.failed
  }
  const which = closed.length === 1 ? 'The session is' : `${closed.length} sessions are`
  terminal.print(`${which} no longer counted as live. The device was not told; what it reports later counts.`)
  return EXIT.ok
}

type Target = Pick<Session, 'id'> & Partial<Session>

/** `sallyport sessions disconnect ID`, `... --user NAME`: every session named, one after the other. */
export async function actOnSessions(
  input: Input,
  terminal: Terminal,
  action: SessionAction['action'],
): Promise<ExitCode> {
  const profile = input.text('profile')
  if ((action === 'change') !== (profile !== undefined)) {
    throw usageError('change needs --profile NAME, and nothing else takes it.')
  }
  const results = await withApi(input, async (api) => {
    const told: { session: Target; result: SessionActionResult }[] = []
    for (const session of await targets(input, api)) {
      const path = `/sessions/${encodeURIComponent(session.id)}/actions`
      const body = { action, ...(profile === undefined ? {} : { profile }) }
      const result = await api.send<SessionActionResult>('POST', path, body)
      told.push({ session, result })
      if (!input.has('json')) terminal.print(resultText(session, result, terminal))
    }
    return told
  })
  if (input.has('json')) {
    terminal.print(
      JSON.stringify(
        results.map(({ session, result }) => ({ session: session.id, ...result })),
        null,
        2,
      ),
    )
  } else if (results.length === 0) terminal.complain('There is no such live session.')
  const isDone = results.length > 0 && results.every(({ result }) => result.outcome === 'acknowledged')
  return isDone ? EXIT.ok : EXIT.failed
}

async function targets(input: Input, api: ApiClient): Promise<readonly Target[]> {
  const id = input.positionals[1]
  const { user, mac, address } = {
    user: input.text('user'),
    mac: input.text('mac'),
    address: input.text('address'),
  }
  const isSearch = [user, mac, address].some((text) => text !== undefined)
  if ((id === undefined) === !isSearch) {
    throw usageError('Which session? Its ID, or --user NAME, --mac MAC, --address ADDRESS.')
  }
  if (id !== undefined) return [{ id }]
  const query = { user, mac, address, client: input.text('client'), state: 'live', limit: '500' }
  const found: Session[] = []
  let cursor: string | undefined
  // All of them before the first is told: what ends meanwhile would move the pages.
  do {
    const page = await api.get<Page<Session>>('/sessions', { ...query, cursor })
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

function resultText(session: Target, result: SessionActionResult, terminal: Terminal): string {
  const { outcome, errorCause, sentence, nextStep } = result
  const of = [session.user, session.client, session.callingStationId].filter((part) => part !== undefined)
  const who = of.length === 0 ? session.id : oneLine(of.join(', '))
  const mark = outcome === 'acknowledged' ? 'good' : 'bad'
  const cause = errorCause === undefined || sentence !== undefined ? '' : ` (${errorCause})`
  const first = `${terminal.paint(mark, outcome)}  ${who}${cause}`
  return [first, sentence, nextStep].filter((line) => line !== undefined).join('\n  ')
}

/** `sallyport sessions actions`: what was asked of devices, and what they said. */
export async function listActions(input: Input, terminal: Terminal): Promise<ExitCode> {
  const query = {
    user: input.text('user'),
    client: input.text('client'),
    session: input.positionals[1],
    limit: String(input.number('limit', 1, 500) ?? 50),
  }
  const page = await withApi(input, (api) => api.get<Page<SessionAction>>('/session-actions', query))
  if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
  else if (page.items.length === 0) terminal.print('No actions.')
  else {
    const rows = page.items.map((item) => [
      localTime(item.at),
      item.user ?? '-',
      item.client,
      item.action + (item.profile === undefined ? '' : ` (${item.profile})`),
      item.askedByName === undefined ? item.askedBy : `${item.askedBy} ${item.askedByName}`,
      item.outcome,
      item.errorCause ?? item.sentence ?? '',
    ])
    terminal.print(table(['at', 'user', 'client', 'action', 'asked by', 'outcome', 'why'], rows))
  }
  return EXIT.ok
}
