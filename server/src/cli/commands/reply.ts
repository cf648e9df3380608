import type { DryReply } from '../../listeners/https/services.ts'
import { EXIT } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'

export const reply: Command = {
  name: 'reply',
  summary: 'Show what profiles become for a RADIUS client',
  usage: '--client NAME --profile NAME ...',
  positionals: [],
  flags: {
    client: { value: 'NAME', description: 'RADIUS client; its vendor decides' },
    profile: { value: 'NAME', description: 'authorization profile; may be repeated', repeatable: true },
    user: { value: 'NAME', description: 'the name in User-Name (default user)' },
    ...CONNECTION_FLAGS,
  },
  details:
    'The attributes of an accept, built as for a login. Nothing is sent. Keys and EAP come with a real login only.',
  examples: ['sallyport reply --client switch-1 --profile staff'],
  async run(input, terminal) {
    const client = encodeURIComponent(input.required('client'))
    const user = input.text('user')
    const body = { profiles: input.all('profile'), ...(user === undefined ? {} : { user }) }
    const answer = await withApi(input, (api) => api.send<DryReply>('POST', `/clients/${client}/reply`, body))
    terminal.print(input.has('json') ? JSON.stringify(answer, null, 2) : answer.text)
    return answer.outcome === 'accept' ? EXIT.ok : EXIT.failed
  },
}
