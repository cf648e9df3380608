/** `sallyport support-bundle`: secrets planted everywhere, and none of them comes out. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { issue, makeCa } from '@sallyport/lab/certificates'
import { skipReason } from '@sallyport/lab/debian'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const made = (what: string): string => `${what}-${randomBytes(9).toString('hex')}`
const SECRETS = {
  client: made('client"secret'),
  next: made('next-secret'),
  authorization: made('coa-secret'),
  upstream: made('upstream-secret'),
  password: made('Password'),
  guess: made('guess'),
  tunnel: made('tunnel-password'),
}
const PRIVATE_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string // what `pem` exports is text
const USER = `person-${randomBytes(4).toString('hex')}`
const STATION = '02-AB-CD-EF-01-77'

const configuration = (chain: string, key: string) =>
  JSON.stringify({
    serverCertificates: [{ name: 'bought', kind: 'pem', chain, key }],
    clients: [
      {
        name: 'wifi',
        address: '127.0.0.1',
        secret: SECRETS.client,
        newSecret: SECRETS.next,
        dynamicAuthorizationSecret: SECRETS.authorization,
      },
    ],
    upstreams: [{ name: 'partner', group: 'partners', host: '192.0.2.1', secret: SECRETS.upstream }],
    sources: [{ name: 'local', kind: 'local', passwordStorage: 'reversible' }],
    realms: [{ name: 'default', default: true, sources: ['local'] }],
    profiles: [{ name: 'tunnel', attributes: [{ name: 'Tunnel-Password', value: SECRETS.tunnel }] }],
    rules: [
      { name: 'staff', when: `request.nasIdentifier == ${JSON.stringify(SECRETS.client)}`, effect: 'accept' },
    ],
    users: [{ name: USER, password: SECRETS.password, attributes: { mail: `${USER}@example.org` } }],
  })

describe('support bundle', { skip: skipReason('freeradius-utils', 'openssl') }, () => {
  const folder = temporaryFolder('sallyport-bundle-')
  let server: Sallyport
  let token = ''
  let adminPassword = ''
  let serverKey = ''
  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1'] })
    const ca = makeCa(join(folder.path, 'ca'), 'Elsewhere CA')
    const files = issue(ca, 'radius', {
      commonName: 'radius.example.org',
      subjectAltName: 'DNS:radius.example.org',
      extendedKeyUsage: 'serverAuth',
    })
    serverKey = readFileSync(files.key, 'utf8')
    await server.apply(configuration(readFileSync(files.certificate, 'utf8'), serverKey))
    await server.api.send('POST', '/configuration/apply', { document: '{}', comment: `key ${PRIVATE_KEY}` })
    const [, name = '', password = ''] = await server.process.waitFor(
      /administrator {3}(\S+) {3}password (\S+)/,
    )
    adminPassword = password
    const login = await server.api.send<{ token: string }>('POST', '/login', { name, password })
    token = login.token
    // People type secrets into the field for the name.
    for (const [user, password] of [
      [USER, SECRETS.guess],
      [USER, SECRETS.password],
      [SECRETS.next, 'x'],
      [token, adminPassword],
    ]) {
      await radclient({
        command: 'auth',
        port: server.authPort,
        secret: SECRETS.next,
        attributes: [
          `User-Name = "${user}"`,
          `User-Password = "${password}"`,
          `Calling-Station-Id = "${STATION}"`,
          MESSAGE_AUTHENTICATOR,
        ],
      })
    }
    await until('four receipts', async () => ((await server.api.receipts()).length >= 4 ? true : undefined))
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function bundle(...flags: readonly string[]) {
    const file = join(folder.path, `${randomBytes(4).toString('hex')}.tar.gz`)
    const { code, output } = await server.cli('support-bundle', '--output', file, ...flags)
    assert.equal(code, 0, output)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const listed = spawnSync('tar', ['-tzf', file], { encoding: 'utf8' })
    assert.equal(listed.status, 0, listed.stderr)
    const names = listed.stdout.trim().split('\n')
    const read = (name: string): string => {
      const path = names.find((each) => each.endsWith(`/${name}`)) ?? name
      return spawnSync('tar', ['-xzOf', file, path], { encoding: 'utf8' }).stdout
    }
    return { names, read, text: gunzipSync(readFileSync(file)).toString('latin1') }
  }

  it('fail/no planted secret comes out', async () => {
    const localToken = readFileSync(join(server.data, 'cli-token'), 'utf8').split('\n')[0] ?? ''
    const keyLines = [PRIVATE_KEY, serverKey].map((pem) => pem.split('\n')[1] ?? '')
    for (const flags of [[], ['--anonymous']]) {
      const { text } = await bundle(...flags)
      for (const secret of [
        ...Object.values(SECRETS),
        token,
        adminPassword,
        localToken,
        ...keyLines,
        'PRIVATE KEY',
      ]) {
        assert.ok(secret.length > 8 && !text.includes(secret), `${flags}: ${secret}`)
        assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)), `${flags}: ${secret}, escaped`)
      }
    }
  })

  it('ok/the manifest lists what is in it, and each part can be read', async () => {
    const { names, read } = await bundle()
    const manifest = JSON.parse(read('manifest.json')) as {
      files: { name: string; octets: number; what: string }[]
    }
    assert.deepEqual(
      names.map((name) => name.split('/')[1]),
      ['manifest.json', ...manifest.files.map(({ name }) => name)],
    )
    for (const { name, octets } of manifest.files) assert.equal(Buffer.byteLength(read(name)), octets, name)
    const versions = JSON.parse(read('versions.json')) as Record<string, unknown>
    assert.equal(versions.node, process.versions.node)
    assert.match(String(versions.database), /^SQLite 3/)
    assert.ok((versions.migrations as string[]).length >= 1)
    assert.match(read('configuration.yaml'), /name: wifi/)
    assert.doesNotMatch(read('configuration.yaml'), new RegExp(USER))
    const receipts = JSON.parse(read('receipts.json')) as { user: string; sentence: string }[]
    assert.ok(receipts.some(({ user, sentence }) => user === USER && sentence.includes(USER)))
    assert.match(read('metrics.txt'), /logins_total/)
    const sizes = JSON.parse(read('sizes.json')) as { rows: Record<string, number> }
    assert.ok((sizes.rows.receipts ?? 0) >= 4)
  })

  it('fail/--anonymous leaves no person in it, and one person is one pseudonym', async () => {
    const { read, text } = await bundle('--anonymous')
    for (const personal of [USER, STATION, STATION.replaceAll('-', ':'), `${USER}@example.org`]) {
      assert.ok(!text.toLowerCase().includes(personal.toLowerCase()), personal)
    }
    const receipts = JSON.parse(read('receipts.json')) as { user: string; reason: { code: string } }[]
    const codes = new Map(receipts.map(({ user, reason }) => [reason.code, user]))
    assert.match(codes.get('wrong-password') ?? '', /^anonymous-[0-9a-f]{12}$/)
    assert.equal(codes.get('wrong-password'), codes.get('no-rule-matched'))
    assert.notEqual(codes.get('wrong-password'), codes.get('user-not-found'))
  })
})
