import { randomBytes } from 'node:crypto'
import { fromUtf8 } from '@sallyport/bytes'
import { papStart } from '@sallyport/tacacs'
import type { TacacsSourceConfiguration } from '../../config/schema.ts'
import { exchange } from '../../identity/tacacs/exchange.ts'
import { parseServer, type ServerAddress } from '../../identity/tacacs/server-address.ts'
import type { Question } from './directory-test.ts'
import { reach } from './reach.ts'
import { Steps } from './steps.ts'

/** A name nobody has: its FAIL proves that the server reads us, and we it. */
const NOBODY = 'sallyport-test'

export async function testTacacs(
  settings: TacacsSourceConfiguration,
  question: Question,
  steps: Steps,
): Promise<void> {
  const addresses = settings.servers.flatMap((text) => parseServer(text) ?? [])
  const tried = await Promise.all(
    addresses.map(async (address) => {
      const own = new Steps(`${address.host}:${address.port}`)
      await testServer(address, settings, question, own)
      return own
    }),
  )
  for (const own of tried) steps.take(own)
}

async function testServer(
  address: ServerAddress,
  { secret, deadlineMilliseconds }: TacacsSourceConfiguration,
  { user, password }: Question,
  steps: Steps,
): Promise<void> {
  const socket = await reach(address, steps)
  if (socket === undefined) return steps.skip('the server cannot be reached', 'secret', 'password')
  socket.destroy()
  const isUser = user !== undefined && password !== undefined && password !== ''
  const login = {
    user: fromUtf8(isUser ? user : NOBODY),
    port: fromUtf8('sallyport'),
    remoteAddress: new Uint8Array(0),
  }
  const tried = isUser ? fromUtf8(password) : fromUtf8(randomBytes(12).toString('base64url'))
  const word = await exchange(address, fromUtf8(secret), papStart(login, tried), deadlineMilliseconds)
  if (word.kind === 'none') {
    const cure =
      'Check that the server has this machine as a client, with the same secret, and look into its log.'
    steps.fail('secret', `the server ${word.why}`, cure)
    return steps.skip('the server gave no answer that can be believed', 'password')
  }
  steps.ok('secret', 'both sides have the same')
  if (word.kind === 'restart') {
    steps.fail('password', 'the server takes no PAP logins', 'Allow PAP for this client on the server.')
  } else if (!isUser) steps.skip('no user and password were given', 'password')
  else if (word.kind === 'pass') steps.ok('password', `right: ${user} is accepted`)
  else
    steps.fail(
      'password',
      `${user} is refused; the server does not say why`,
      'Check name and password there.',
    )
}
