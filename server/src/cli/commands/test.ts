import { RadiusError } from '@sallyport/radius'
import { RadiusClient } from '@sallyport/radius/node'
import { formatMac, normaliseMac } from '../../kernel/mac-address.ts'
import { CliError, EXIT, type ExitCode, usageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS } from '../connection.ts'
import type { Input } from '../input.ts'
import { testSource } from '../source-test.ts'
import type { Terminal } from '../terminal.ts'
import { DIRECT_METHODS, directProof, macProof } from '../test-login/direct-login.ts'
import { EAP_METHODS, eapPeer, needsPassword } from '../test-login/eap-peers.ts'
import { silenceText } from '../test-login/failure-texts.ts'
import { directTestLogin, eapTestLogin, type TestVerdict } from '../test-login/test-login.ts'
import { tlsSettings } from '../test-login/tls-settings.ts'
import { Transcript } from '../test-login/transcript.ts'

export const test: Command = {
  name: 'test',
  summary: 'Log in over RADIUS like a VPN gateway or access point would; test a directory',
  usage: 'METHOD --secret SECRET --user NAME | directory SOURCE [--user NAME]',
  positionals: ['method', 'source?'],
  flags: {
    server: { value: 'HOST', description: 'RADIUS server (default 127.0.0.1)' },
    port: { value: 'PORT', description: 'its port (default 1812)' },
    secret: { value: 'TEXT', description: 'shared secret', env: 'SALLYPORT_TEST_SECRET' },
    user: { value: 'NAME', short: 'u', description: 'who logs in' },
    password: { value: 'TEXT', description: 'asked for where it is missing', env: 'SALLYPORT_TEST_PASSWORD' },
    'password-stdin': { description: 'with directory: read the password from standard input' },
    inner: { value: 'METHOD', description: 'inside peap (default eap-mschapv2) or ttls (default pap)' },
    anonymous: { value: 'NAME', description: 'name outside of the tunnel' },
    ca: { value: 'FILE', description: "CA of the server's certificate (default: that of --data)" },
    'server-name': { value: 'NAME', description: "name the server's certificate must carry" },
    cert: { value: 'FILE', description: 'client certificate and its chain, PEM' },
    key: { value: 'FILE', description: 'key of the client certificate, PEM' },
    'tls-version': { value: '1.2|1.3', description: 'only this version of TLS' },
    'calling-station-id': { value: 'TEXT', description: 'the device: its MAC address or IP address' },
    'called-station-id': { value: 'TEXT', description: 'what it connects to: BSSID:SSID' },
    legacy: { description: 'take answers without Message-Authenticator (old servers)' },
    timeout: { value: 'SECONDS', description: 'wait this long for an answer (default 5)' },
    data: CONNECTION_FLAGS.data,
    token: { ...CONNECTION_FLAGS.token, description: 'with directory: API token of another --server' },
    json: CONNECTION_FLAGS.json,
  },
  details: [
    `Methods: ${[...DIRECT_METHODS, ...EAP_METHODS, 'mab'].join(', ')}.`,
    'mab: MAC authentication, as a switch asks for --user MAC.',
    'Inside peap: eap-mschapv2, eap-gtc, eap-tls. Inside ttls: pap, chap, mschap, mschapv2, eap-md5, eap-gtc,',
    'eap-mschapv2, eap-tls. Exit code 0: let in and everything fits; 1: not.',
    'directory: the server goes through an identity source (ldap, winbind, tacacs): DNS, TCP, TLS and its',
    'certificates, bind, base DN, group DN, and with --user the account, its password, state and groups.',
    'Each step says OK, or the cause and the cure. Exit code 0: no step failed; 1: one did.',
  ].join('\n'),
  examples: [
    'sallyport test pap --secret testing123 --user demo --password demo',
    'sallyport test peap --secret testing123 --user alice --anonymous anonymous',
    'sallyport test directory ad --user alice',
    'sallyport test eap-tls --secret testing123 --user alice --cert alice.pem --key alice.key',
  ],
  async run(input, terminal) {
    if (input.positionals[0] === 'directory') return await testSource(input, terminal)
    if (input.positionals[1] !== undefined) {
      throw usageError(`"${input.positionals[1]}" is one argument too many. See: npx sallyport test --help`)
    }
    const client = new RadiusClient({
      host: input.text('server') ?? '127.0.0.1',
      port: input.number('port', 1, 65_535) ?? 1812,
      secret: await secretFrom(input, terminal),
      requireMessageAuthenticator: !input.has('legacy'),
      ...attemptsWithin(input.number('timeout', 1, 120) ?? 5),
    })
    try {
      const transcript = new Transcript(terminal, input.has('json'))
      return report(await logIn(client, input, terminal, transcript), input, terminal)
    } catch (error) {
      if (error instanceof RadiusError) throw new CliError(silenceText(error))
      throw error
    } finally {
      await client.close()
    }
  },
}

async function logIn(
  client: RadiusClient,
  input: Input,
  terminal: Terminal,
  transcript: Transcript,
): Promise<TestVerdict> {
  const method = input.positionals[0] ?? ''
  const user = input.required('user', 'Who logs in? --user NAME')
  const identity = input.text('anonymous') ?? user
  const request = {
    userName: identity,
    callingStationId: input.text('calling-station-id'),
    calledStationId: input.text('called-station-id'),
  }
  if (method === 'mab') {
    const mac = normaliseMac(user)
    if (mac === undefined) throw usageError(`--user takes the MAC address of a device, not "${user}".`)
    const callingStationId = request.callingStationId ?? formatMac(mac, 'hyphen').toUpperCase()
    return await directTestLogin(
      client,
      { ...request, userName: user, callingStationId },
      macProof(user),
      transcript,
    )
  }
  const direct = DIRECT_METHODS.find((known) => known === method)
  if (direct !== undefined) {
    const proof = directProof(direct, user, await passwordFrom(input, terminal))
    return await directTestLogin(client, { ...request, userName: user }, proof, transcript)
  }
  const outer = EAP_METHODS.find((known) => known === (method === 'eap-ttls' ? 'ttls' : method))
  if (outer === undefined) throw usageError(`There is no method "${method}". See: npx sallyport test --help`)
  const inner = input.text('inner')
  const password = needsPassword(outer, inner) ? await passwordFrom(input, terminal) : ''
  const tls = tlsSettings(outer, inner, input, terminal)
  const peer = eapPeer(outer, inner, {
    user,
    identity,
    password,
    tls,
    note: (text) => transcript.note(text),
  })
  try {
    return await eapTestLogin(client, request, peer, transcript)
  } finally {
    peer.close()
  }
}

function report(verdict: TestVerdict, input: Input, terminal: Terminal): ExitCode {
  const isGood = verdict.outcome === 'accepted'
  if (input.has('json')) {
    terminal.print(JSON.stringify(verdict, null, 2))
  } else if (isGood) {
    const keys = verdict.keys === 'match' ? ' Encryption keys match.' : ''
    terminal.print(`${terminal.paint('good', 'Access-Accept:')} the login works.${keys}`)
  } else {
    const word = verdict.outcome === 'refused' ? 'Access-Reject:' : 'Failed:'
    terminal.print(`${terminal.paint('bad', word)} ${verdict.problem ?? ''}`)
  }
  return isGood ? EXIT.ok : EXIT.failed
}

async function secretFrom(input: Input, terminal: Terminal): Promise<string> {
  const secret = input.text('secret') ?? (await terminal.askSecret('Shared secret'))
  if (secret === '') throw usageError('The shared secret must not be empty.')
  return secret
}

async function passwordFrom(input: Input, terminal: Terminal): Promise<string> {
  return input.text('password') ?? (await terminal.askSecret('Password'))
}

/** Two retransmissions within the time: waits of 1, 2 and 4 sevenths of it. */
function attemptsWithin(seconds: number): { timeoutMs: number; retries: number } {
  return { timeoutMs: (seconds * 1000) / 7, retries: 2 }
}
