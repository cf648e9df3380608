import type { Page, Session } from '../../listeners/https/services.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'
import { duration, localTime, octetCount, table } from '../table.ts'

export const sessions: Command = {
  name: 'sessions',
  summary: 'Show who is connected now',
  usage: '[SEARCH] [--all]',
  positionals: ['search?'],
  flags: {
    all: { description: 'ended sessions too' },
    user: { value: 'NAME', description: 'of one user' },
    client: { value: 'NAME', description: 'of one RADIUS client' },
    limit: { value: 'N', description: 'how many (default 50)' },
    ...CONNECTION_FLAGS,
  },
  examples: ['sallyport sessions', 'sallyport sessions --user alice --all'],
  async run(input, terminal) {
    const query = {
      search: input.positionals[0],
      user: input.text('user'),
      client: input.text('client'),
      state: input.has('all') ? undefined : 'live',
      limit: String(input.number('limit', 1, 500) ?? 50),
    }
    const page = await withApi(input, (api) => api.get<Page<Session>>('/sessions', query))
    if (input.has('json')) terminal.print(JSON.stringify(page, null, 2))
    else if (page.items.length === 0) terminal.print('No sessions.')
    else {
      const rows = page.items.map((session) => [
        session.user ?? '-',
        session.client,
        session.framedIpAddress ?? '-',
        session.callingStationId ?? '-',
        localTime(session.startedAt),
        duration(session.sessionSeconds),
        `${octetCount(session.inputOctets)} / ${octetCount(session.outputOctets)}`,
        session.state,
      ])
      const headings = ['user', 'client', 'address', 'from', 'since', 'lasted', 'in / out', 'state']
      terminal.print(table(headings, rows))
    }
    return EXIT.ok
  },
}
