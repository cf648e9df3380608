import type { PolicyTrial } from '../../listeners/https/services.ts'
import { EXIT, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, withApi } from '../connection.ts'

export const policy: Command = {
  name: 'policy',
  summary: 'Try what the rules would decide about a login',
  usage: 'try --client NAME --user NAME [--method METHOD] [--attr NAME=VALUE ...]',
  positionals: ['action'],
  flags: {
    client: { value: 'NAME', description: 'RADIUS client the login would come through' },
    user: { value: 'NAME', description: 'as the user writes it, realm and all' },
    method: { value: 'METHOD', description: 'outer method (default peap)' },
    inner: { value: 'METHOD', description: 'method inside a tunnel (default eap-mschapv2)' },
    groups: { value: 'A,B', description: 'in place of the groups of the user, who then need not exist' },
    address: { value: 'ADDRESS', description: 'source address of the request (default that of the client)' },
    attr: { value: 'NAME=VALUE', description: 'attribute of the request; may be repeated', repeatable: true },
    ...CONNECTION_FLAGS,
  },
  details:
    'Looks the account up, asks the rules and builds the answer; the proof is taken as given, nothing is sent.',
  examples: [
    'sallyport policy try --client switch-1 --user alice',
    'sallyport policy try --client switch-1 --user alice --method eap-tls --attr NAS-Port-Type=Ethernet',
  ],
  async run(input, terminal) {
    const [action] = input.positionals
    if (action !== 'try') throw usageError(`policy cannot "${action}". See: npx sallyport policy --help`)
    const groups = input.text('groups')
    const body = {
      client: input.required('client'),
      user: input.required('user'),
      attributes: input.all('attr').map(attributeOf),
      ...(groups === undefined ? {} : { groups: groups.split(',').map((name) => name.trim()) }),
      ...Object.fromEntries(
        ['method', 'inner', 'address'].flatMap((flag) => {
          const value = input.text(flag)
          return value === undefined ? [] : [[flag, value]]
        }),
      ),
    }
    const trial = await withApi(input, (api) => api.send<PolicyTrial>('POST', '/policy/try', body))
    terminal.print(input.has('json') ? JSON.stringify(trial, null, 2) : trial.text)
    return trial.outcome === 'accept' ? EXIT.ok : EXIT.failed
  },
}

function attributeOf(text: string): { name: string; value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw usageError(`--attr takes NAME=VALUE, not "${text}".`)
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}
