/** The whole product started while its directories are down: whoever needs none logs in; and no secret of theirs is told. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

const SECRET = 'secret-of-the-device'
const BIND_PASSWORD = 'planted-b1nd-password'
const TACACS_SECRET = 'planted-tacacs-secret'
const skip = skipReason('freeradius-utils')

describe('directories that are down at the start', { skip, timeout: 60_000 }, () => {
  const folder = temporaryFolder('sp-down-')
  /** Takes connections and says nothing. */
  let silent: Server
  let server: Sallyport
  const start = () =>
    startSallyport({ data: folder.path, args: ['--bind', '127.0.0.1', '--log-level', 'debug'] })

  const document = (port: number): string => `
clients: [{ name: gate, address: 127.0.0.1, secret: ${SECRET} }]
sources:
  - { name: local, kind: local }
  - { name: ad, kind: ldap, servers: ['ldap://127.0.0.1:${port}', 'ldap://127.0.0.1:1'], allowUnencrypted: true,
      baseDn: 'dc=example,dc=org', bindDn: 'cn=service,dc=example,dc=org', bindPassword: ${BIND_PASSWORD},
      sync: { enabled: true } }
  - { name: found, kind: ldap, domain: gone.invalid, baseDn: 'dc=gone,dc=invalid', bindDn: 'cn=service,dc=gone,dc=invalid',
      bindPassword: ${BIND_PASSWORD} }
  - { name: domain, kind: winbind, directory: ad }
  - { name: switches, kind: tacacs, servers: ['127.0.0.1:${port}'], secret: ${TACACS_SECRET} }
realms:
  - { name: default, default: true, sources: [local] }
  - { name: corp, suffixes: [example.org], sources: [domain, found, switches] }
rules: [{ name: all, when: 'true', effect: accept }]
users: [{ name: ada, password: 'ada-has-a-password' }]
`
  const login = (name: string, password: string) =>
    radclient({
      ...{ command: 'auth', port: server.authPort, secret: SECRET },
      attributes: [`User-Name = "${name}"`, `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR],
    })

  before(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    server = await start()
    await server.apply(document((silent.address() as AddressInfo).port))
    await server[Symbol.asyncDispose]()
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    silent.close()
    folder[Symbol.dispose]()
  })

  it('ok/the server starts and serves who needs no directory; the others are met with silence', async () => {
    server = await start()
    const lost = login('bob@example.org', 'whatever-it-is')
    assert.equal((await login('ada', 'ada-has-a-password')).code, 'Access-Accept')
    assert.equal((await login('ada', 'wrong')).code, 'Access-Reject')
    assert.equal((await lost).code, undefined)
  })

  it('fail/no secret of a source is in the log, the API, the command line or the support bundle', async () => {
    const told = [server.process.output()]
    for (const path of ['/directories', '/sources', '/configuration', '/configuration/versions'])
      told.push(JSON.stringify(await server.api.send('GET', path)))
    for (const words of [['directories'], ['export'], ['sources'], ['test', 'directory', 'ad']])
      told.push((await server.cli(...words)).output)
    const file = join(folder.path, 'bundle.tar.gz')
    assert.equal((await server.cli('support-bundle', '--output', file)).code, 0)
    told.push(gunzipSync(readFileSync(file)).toString('latin1'))
    assert.ok(told.join('').includes('cn=service,dc=example,dc=org'))
    for (const [at, text] of told.entries())
      for (const secret of [BIND_PASSWORD, TACACS_SECRET, 'whatever-it-is', 'ada-has-a-password'])
        assert.ok(!text.includes(secret), `${secret} in ${at}`)
  })
})
