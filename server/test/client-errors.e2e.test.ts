/** `sallyport explain --client-error`, joined with what radclient made the server see. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const SECRET = 'the secret of vpn-1'
const PASSWORD = 'a long password'

const configuration = JSON.stringify({
  clients: [{ name: 'vpn-1', address: '127.0.0.1', secret: SECRET }],
  sources: [{ name: 'local', kind: 'local' }],
  realms: [{ name: 'example.org', suffixes: ['example.org'], default: true, sources: ['local'] }],
  rules: [{ name: 'staff', when: '"VPN Users" in user.groups', effect: 'accept' }],
  groups: [{ name: 'VPN Users' }],
  users: [
    { name: 'alice', password: PASSWORD, groups: ['VPN Users'] },
    { name: 'bob', password: PASSWORD },
  ],
})

describe('client errors', { skip: skipReason('freeradius-utils'), timeout: 60_000 }, () => {
  const folder = temporaryFolder('sallyport-client-errors-')
  let server: Sallyport
  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    await server.apply(configuration)
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const login = (user: string, password: string, secret = SECRET, seconds = 5) =>
    radclient({
      ...{ command: 'auth' as const, port: server.authPort, secret, seconds },
      attributes: [`User-Name = ${user}`, `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR],
    })
  /** Receipts are written in batches: the answer is there a moment before them. */
  const explained = (code: string, user: string, wanted: RegExp): Promise<string> =>
    until(`an explanation with ${String(wanted)}`, async () => {
      const { output } = await server.cli('explain', '--client-error', code, '--user', user)
      return wanted.test(output) ? output : undefined
    })

  it('ok/nobody-asked', async () => {
    const text = await explained('809', 'alice', /No login of alice/)
    assert.match(text, /809 \(Windows\): The gateway does not answer\./)
    assert.match(text, /809 comes before the gateway asks/)
    assert.match(text, /UDP 500 and 4500/)
  })

  it('ok/outside-the-group', async () => {
    assert.equal((await login('bob', PASSWORD)).code, 'Access-Reject')
    const text = await explained('812', 'bob@example.org', /refused/)
    assert.match(text, /This server refused bob@example\.org through vpn-1 \d+ seconds ago: .*[Rr]ule/)
    assert.match(text, /Run sallyport explain \w{26}\./)
  })

  it('ok/accepted-and-the-client-still-complains', async () => {
    assert.equal((await login('alice', PASSWORD)).code, 'Access-Accept')
    assert.match(await explained('720', 'alice', /accepted/), /That fits: 720 comes after the accept/)
  })

  it('ok/the-latest-login-counts', async () => {
    assert.equal((await login('alice', 'wrong password')).code, 'Access-Reject')
    assert.match(await explained('691', 'alice', /refused/), /refused alice through vpn-1/)
  })

  it('ok/the-gateway-has-another-secret', async () => {
    assert.equal((await login('carol', PASSWORD, 'quite another secret', 1)).code, undefined)
    const text = await explained('812', 'carol', /vpn-1 \(127\.0\.0\.1\) got no answer/)
    assert.match(text, /should have asked/)
    assert.match(text, /secret/)
  })

  it('fail/no-such-code', async () => {
    const { code, output } = await server.cli('explain', '--client-error', '9999')
    assert.equal(code, 1)
    assert.match(output, /"9999" is no code/)
  })

  it('ok/json', async () => {
    const { output } = await server.cli('explain', '--client-error', '0x80420014', '--json')
    assert.equal((JSON.parse(output) as { code: string }).code, '0x80420014')
  })
})
