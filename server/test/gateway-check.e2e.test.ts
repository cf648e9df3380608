/** `sallyport gateways check` against gateways played by radclient, each with a fault of its own. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { type PostgresServer, postgresMissing, startPostgres } from '@sallyport/lab/postgres'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const SECRET = 'secret-of-the-gateway'
const PASSWORD = 'Vpn-Passw0rd!'
/** Name and last octet: 127.0.0.N asks as gateway N. */
const GATEWAYS = {
  good: 21,
  guessing: 22,
  unsigned: 23,
  silent: 24,
  deaf: 25,
  unseen: 26,
  strange: 27,
} as const
type Name = keyof typeof GATEWAYS

interface Line {
  readonly item: string
  readonly state: string
  readonly text: string
  readonly nextStep?: string
}

const addressOf = (name: Name) => `127.0.0.${GATEWAYS[name]}`

function configuration(): string {
  const names = Object.keys(GATEWAYS) as Name[]
  const clients = names.map(
    (name) =>
      `  - { name: ${name}, address: ${name === 'strange' ? '127.0.0.99' : addressOf(name)}, secret: ${SECRET}, dynamicAuthorization: { timeoutSeconds: 0.1, retries: 1 } }`,
  )
  const gateways = names.map(
    (name) =>
      `  - { name: ${name}, kind: strongswan, client: ${name}, connections: [VPN], radiusServers: [127.0.0.1], inside: { address: ${addressOf(name)} } }`,
  )
  return `
clients:
${clients.join('\n')}
sources: [{ name: local, kind: local, passwordStorage: reversible }]
realms: [{ name: default, default: true, sources: [local] }]
rules: [{ name: everybody, when: 'true', effect: accept }]
connections: [{ name: VPN, kind: vpn, authentication: eap-mschapv2, gateways: [{ address: vpn.example.org }] }]
gateways:
${gateways.join('\n')}
users: [{ name: alice, password: ${PASSWORD} }]
`
}

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  const why = skipReason('freeradius-utils') || (engine === 'PostgreSQL' && (postgresMissing() ?? false))
  describe(`gateways check on ${engine}`, { skip: why }, () => {
    const folder = temporaryFolder('sallyport-gateway-check-')
    let postgres: PostgresServer | undefined
    let server: Sallyport
    let silentSince = 0

    before(async () => {
      const data = join(folder.path, 'data')
      mkdirSync(data)
      if (engine === 'PostgreSQL') postgres = await startPostgres({ fsync: false })
      const args = postgres === undefined ? [] : ['--database', postgres.database('sallyport')]
      server = await startSallyport({ data, args: ['--bind', '127.0.0.1', ...args] })
      await server.apply(configuration())
      assert.equal(await login('silent'), 'Access-Accept')
      silentSince = Date.now()
    })

    after(async () => {
      await server?.[Symbol.asyncDispose]()
      await postgres?.stop()
      folder[Symbol.dispose]()
    })

    async function login(name: Name, { secret = SECRET, isSigned = true } = {}): Promise<string | undefined> {
      const { code } = await radclient({
        ...{
          command: 'auth',
          port: server.authPort,
          secret,
          from: addressOf(name),
          seconds: secret === SECRET && isSigned ? 5 : 0.5,
        },
        attributes: [
          'User-Name = "alice"',
          `User-Password = "${PASSWORD}"`,
          `NAS-Identifier = "${name}"`,
          `NAS-IP-Address = ${addressOf(name)}`,
          'NAS-Port-Type = Virtual',
          ...(isSigned ? [MESSAGE_AUTHENTICATOR] : []),
        ],
      })
      return code
    }

    async function account(name: Name, status: string, secret = SECRET): Promise<string | undefined> {
      const { code } = await radclient({
        ...{
          command: 'acct',
          port: server.acctPort,
          secret,
          from: addressOf(name),
          seconds: secret === SECRET ? 5 : 0.5,
        },
        attributes: [
          'User-Name = "alice"',
          `Acct-Session-Id = "${name}-1"`,
          `Acct-Status-Type = ${status}`,
          `NAS-Identifier = "${name}"`,
        ],
      })
      return code
    }

    async function check(
      name: Name,
    ): Promise<{ code: number | null; line: (item: string) => Line | undefined; lines: Line[] }> {
      const { code, output } = await server.cli('gateways', 'check', name, '--json')
      const lines = JSON.parse(output) as Line[] // what the command prints
      return { code, lines, line: (item) => lines.find((each) => each.item === item) }
    }

    it('ok/a gateway that does everything right but was never sent a CoA', async () => {
      assert.equal(await login('good'), 'Access-Accept')
      assert.equal(await account('good', 'Start'), 'Accounting-Response')
      const { code, lines, line } = await check('good')
      assert.equal(code, 0, JSON.stringify(lines))
      for (const item of [
        'request',
        'login',
        'secret',
        'message-authenticator',
        'accounting',
        'source',
        'nas-identifier',
        'nas-address',
        'port-type',
      ]) {
        assert.equal(line(item)?.state, 'ok', item)
      }
      assert.equal(line('coa')?.state, 'warning')
      // radclient asks by PAP, which the connection does not say.
      assert.equal(line('methods')?.state, 'warning')
    })

    it('fail/a wrong secret is a problem until the right one was proved after it', async () => {
      assert.equal(await login('guessing', { secret: 'not-its-secret' }), undefined)
      const wrong = await check('guessing')
      assert.equal(wrong.code, 1)
      assert.deepEqual([wrong.line('request')?.state, wrong.line('secret')?.state], ['problem', 'problem'])
      assert.match(wrong.line('secret')?.text ?? '', /used once, last .*, from 127\.0\.0\.22/)
      assert.equal(await login('guessing'), 'Access-Accept')
      assert.equal((await check('guessing')).line('secret')?.state, 'warning')
      assert.equal(await account('guessing', 'Start', 'not-its-secret'), undefined)
      assert.equal((await check('guessing')).line('secret')?.state, 'problem')
    })

    it('fail/without Message-Authenticator', async () => {
      assert.equal(await login('unsigned', { isSigned: false }), undefined)
      const { code, line } = await check('unsigned')
      assert.equal(code, 1)
      assert.equal(line('message-authenticator')?.state, 'problem')
      assert.match(line('message-authenticator')?.text ?? '', /1 login requests came without/)
    })

    it('fail/an unanswered Disconnect', async () => {
      assert.equal(await login('deaf'), 'Access-Accept')
      assert.equal(await account('deaf', 'Start'), 'Accounting-Response')
      const disconnected = await server.cli('sessions', 'disconnect', '--client', 'deaf', '--user', 'alice')
      assert.notEqual(disconnected.code, 0, disconnected.output)
      const { code, line } = await check('deaf')
      assert.equal(code, 1)
      assert.equal(line('coa')?.state, 'problem')
      assert.match(
        line('coa')?.text ?? '',
        /to 127\.0\.0\.25.*shared secret, to UDP 3799: no answer, sent 2 times/,
      )
    })

    it('fail/never seen, and seen from an address that is no client', async () => {
      const unseen = await check('unseen')
      assert.equal(unseen.code, 1)
      assert.match(unseen.line('request')?.text ?? '', /No request of it was ever seen/)
      await login('strange', { secret: 'whatever-it-has' })
      const { line } = await check('strange')
      assert.match(line('request')?.text ?? '', /127\.0\.0\.27, which is no client, asked/)
    })

    it('fail/the new secret of a rotation is not on the gateway', async () => {
      const { code, output } = await server.cli('clients', 'rotate', 'good')
      assert.equal(code, 0, output)
      assert.equal(await login('good'), 'Access-Accept')
      const { line } = await check('good')
      assert.deepEqual(line('rotation')?.state, 'warning')
      assert.match(line('rotation')?.text ?? '', /not proved to use the new one: 127\.0\.0\.21/)
    })

    it('fail/an accepted login without accounting', async () => {
      await until(
        'the check misses accounting',
        async () => ((await check('silent')).line('accounting')?.state === 'problem' ? true : undefined),
        20_000,
      )
      assert.ok(Date.now() - silentSince >= 10_000)
      assert.equal((await check('silent')).code, 1)
    })

    it('fail/there is no such gateway', async () => {
      const { code, output } = await server.cli('gateways', 'check', 'nobody')
      assert.equal(code, 1)
      assert.match(output, /There is no gateway "nobody"/)
    })
  })
}
