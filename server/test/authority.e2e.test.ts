/**
 * The CA of a running server: replaced under supplicants (eapol_test), killed while it issues, and with its key in a token
 * (SoftHSM2).
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { AdminApi } from '@sallyport/lab/admin-api'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

const SECRET = 'secret-of-the-client'
const PASSWORD = 'Vpn-Passw0rd!'
const CONFIGURATION = `
settings: { serverName: radius.test }
clients: [{ name: wlan, address: 127.0.0.1, secret: ${SECRET} }]
sources: [{ name: local, kind: local, passwordStorage: reversible }]
realms: [{ name: default, default: true, sources: [local] }]
trust: [{ name: own, kind: own }]
rules: [{ name: everybody, when: 'true', effect: accept }]
users:
  - { name: alice, password: ${PASSWORD} }
`

/** Nobody may hold many certificates. */
const USERS = 60
const MANY = Array.from(
  { length: USERS },
  (_, at) => `  - { name: user-${at}, password: ${PASSWORD} }\n`,
).join('')

interface Issued {
  readonly serial: string
  readonly chain: string
  readonly key: string
}

function supplicant(server: Sallyport, folder: string) {
  const run = async (lines: readonly string[]) => {
    const { success } = await eapolTest({
      network: [...lines, 'domain_suffix_match="radius.test"'],
      ...{ folder, server: { port: server.authPort, secret: SECRET }, seconds: 5 },
    })
    return success
  }
  return {
    password: (ca: string) =>
      run([
        'eap=PEAP',
        'identity="alice"',
        `password="${PASSWORD}"`,
        'phase2="auth=MSCHAPV2"',
        `ca_cert="${ca}"`,
      ]),
    certificate: (ca: string, name: string) =>
      run([
        ...['eap=TLS', 'identity="alice"', `client_cert="${join(folder, `${name}.pem`)}"`],
        ...[`private_key="${join(folder, `${name}.key`)}"`, `ca_cert="${ca}"`],
      ]),
  }
}

async function issueTo(server: Pick<Sallyport, 'api'>, folder: string, name: string): Promise<Issued> {
  const issued = await server.api.send<Issued>('POST', '/certificates', { user: 'alice' })
  writeFileSync(join(folder, `${name}.pem`), issued.chain)
  writeFileSync(join(folder, `${name}.key`), issued.key)
  return issued
}

describe('a new CA under a running server', { skip: skipReason('eapoltest', 'openssl') }, () => {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  let server: Sallyport

  before(async () => {
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--ca-key', 'rsa3072'] })
    await server.apply(CONFIGURATION)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('ok/who trusts both anchors logs in all the time, who trusts only the old one until the switch', async () => {
    const { password, certificate } = supplicant(server, folder.path)
    const own = join(data, 'ca.pem')
    const [old, both] = [join(folder.path, 'old.pem'), join(folder.path, 'both.pem')]
    copyFileSync(own, old)
    assert.match(
      execFileSync('openssl', ['x509', '-in', old, '-noout', '-text'], { encoding: 'utf8' }),
      /\(3072 bit\)/,
    )
    await issueTo(server, folder.path, 'before')
    assert.deepEqual([await password(old), await certificate(old, 'before')], [true, true])

    const rollover = await server.cli('ca', 'rollover', '--key', 'p256')
    assert.equal(rollover.code, 0, rollover.output)
    copyFileSync(own, both)
    assert.equal(readFileSync(both, 'utf8').match(/BEGIN/g)?.length, 2, 'ca.pem holds both anchors')
    assert.match(
      (await server.cli('ca')).output,
      /0 of 1 holders.*were handed the new root\.\s+Not yet: alice/,
    )
    assert.deepEqual([await password(old), await password(both)], [true, true])

    const early = await server.cli('ca', 'switch')
    assert.equal(early.code, 1)
    assert.match(early.output, /1 of 1 holders.*alice/)
    assert.deepEqual([await password(old), await password(both)], [true, true], 'nothing has changed')
    await issueTo(server, folder.path, 'between')
    const done = await server.cli('ca', 'switch')
    assert.equal(done.code, 0, done.output)

    assert.deepEqual([await password(old), await password(both)], [false, true])
    using api = new AdminApi(server.httpsPort, data)
    await issueTo({ ...server, api }, folder.path, 'behind')
    for (const name of ['before', 'between', 'behind'])
      assert.equal(await certificate(both, name), true, name)
    writeFileSync(join(folder.path, 'exported.pem'), (await server.cli('ca', 'export')).output)
    assert.equal(await password(join(folder.path, 'exported.pem')), true)
  })
})

describe('a server that is killed while it issues', () => {
  const folder = temporaryFolder()
  after(() => folder[Symbol.dispose]())

  it('ok/no serial comes twice, and whatever anybody holds is known and can be revoked', async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    const held: string[] = []
    const failures: unknown[] = []
    let asked = 0
    for (const [round, milliseconds] of [3, 17, 8].entries()) {
      const server = await startSallyport({ data })
      if (round === 0) await server.apply(CONFIGURATION + MANY)
      let running = true
      const client = async (): Promise<void> => {
        while (running) {
          asked += 1
          const issued = await server.api
            .send<Issued>('POST', '/certificates', { user: `user-${asked % USERS}` })
            .catch((error: unknown) => void failures.push(error))
          if (issued === undefined) return
          held.push(issued.serial)
        }
      }
      const clients = Array.from({ length: 4 }, client)
      const enough = held.length + 8
      for (let waited = 0; held.length < enough && waited < 2000; waited++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      process.kill(server.process.pid, 'SIGKILL')
      running = false
      await Promise.all(clients)
      await server[Symbol.asyncDispose]()
      assert.ok(held.length >= enough, `${failures[0]}`)
    }
    assert.equal(new Set(held).size, held.length)
    const server = await startSallyport({ data })
    try {
      const database = new DatabaseSync(join(data, 'sallyport.db'), { readOnly: true })
      const rows = database.prepare('select serial, status, pem from certificates').all()
      database.close()
      const known = new Map(rows.map((row) => [String(row.serial), row]))
      for (const serial of held) assert.equal(known.get(serial)?.status, 'issued')
      const cut = rows.filter(({ status }) => status === 'recorded')
      assert.ok(cut.every(({ pem }) => pem === null))
      // Whether these were signed nobody can say: they are listed, and can be revoked.
      for (const { serial } of cut) {
        const path = `/certificates/${String(serial)}/revoke`
        await server.api.send('POST', path, { reason: 'unspecified' })
      }
      const again = await server.api.send<Issued>('POST', '/certificates', { user: 'alice' })
      assert.ok(!known.has(again.serial))
    } finally {
      await server[Symbol.asyncDispose]()
    }
  })
})

const MODULE = '/usr/lib/softhsm/libsofthsm2.so'

describe('the CA key in a token', { skip: skipReason('eapoltest', 'openssl', 'softhsm2', 'opensc') }, () => {
  const folder = temporaryFolder()
  const data = join(folder.path, 'data')
  const tokens = join(folder.path, 'tokens')
  const environment = ['env', `SOFTHSM2_CONF=${join(folder.path, 'softhsm2.conf')}`]
  const PIN = '7391-of-the-token'
  let server: Sallyport | undefined

  const boot = () => startSallyport({ data, args: ['--pkcs11-module', MODULE], prefix: environment })

  before(() => {
    mkdirSync(data)
    mkdirSync(tokens)
    writeFileSync(join(folder.path, 'softhsm2.conf'), `directories.tokendir = ${tokens}\n`)
    writeFileSync(join(folder.path, 'pin'), `${PIN}\n`)
    const words = [
      'softhsm2-util',
      '--init-token',
      '--free',
      '--label',
      'our ca',
      '--pin',
      PIN,
      '--so-pin',
      'so-pin',
    ]
    execFileSync('env', [...environment.slice(1), ...words], { stdio: 'pipe', timeout: 20_000 })
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('ok/issues while the token is there; without it logins go on, starts too, and issuing says why not', async () => {
    assert.ok(existsSync(MODULE))
    server = await boot()
    await server.apply(CONFIGURATION)
    const wish = ['rollover', '--in-token', 'our ca', '--pin-file', join(folder.path, 'pin')]
    const rollover = await server.cli('ca', ...wish)
    assert.equal(rollover.code, 0, rollover.output)
    const done = await server.cli('ca', 'switch')
    assert.match(done.output, /issuing +active.*in token our ca/)
    // The server shows a certificate of the new CA, and so must its client trust.
    using api = new AdminApi(server.httpsPort, data)
    await issueTo({ ...server, api }, folder.path, 'token')
    const ca = join(data, 'ca.pem')
    assert.equal(await supplicant(server, folder.path).certificate(ca, 'token'), true)

    renameSync(tokens, `${tokens}-away`)
    await assert.rejects(
      api.send('POST', '/certificates', { user: 'alice' }),
      /answered 503.*ca-key-unavailable/,
    )
    assert.equal(await supplicant(server, folder.path).certificate(ca, 'token'), true)
    await server[Symbol.asyncDispose]()
    assert.ok(!server.process.output().includes(PIN))
    server = await boot()
    assert.equal(await supplicant(server, folder.path).certificate(ca, 'token'), true)
    renameSync(`${tokens}-away`, tokens)
    await new Promise((resolve) => setTimeout(resolve, 10_500))
    assert.ok((await issueTo(server, folder.path, 'later')).serial)
    assert.ok(!readFileSync(join(data, 'sallyport.db')).includes(PIN))
    assert.ok(!server.process.output().includes(PIN))
  })
})
