/**
 * A backup is put back under a server that keeps its files: what was issued since logs nobody in, nor does a password that
 * was set since. On both databases.
 */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import type { ReceiptRow } from '@sallyport/lab/admin-api'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { type PostgresServer, postgresMissing, startPostgres } from '@sallyport/lab/postgres'
import { temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'
import { attribute, PacketCode } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, Class, NasIpAddress, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import pg from 'pg'
import { PlayedNas } from '../src/access/dynamic-authorization/test/nas.ts'
import type { GrantAction, Page } from '../src/listeners/https/services.ts'

const SECRET = 'secret-of-the-access-point'
const PASSWORD = 'Correct-Horse-9'
const LATER_PASSWORD = 'Another-Horse-10'

/** The database as an administrator sees it. */
interface Keeper {
  readonly args: readonly string[]
  backup(): void
  /** Only while no server runs. */
  restore(): void
  run(sql: string): Promise<void>
  stop?(): Promise<void>
}

interface Certificate {
  readonly files: { readonly certificate: string; readonly key: string }
  readonly serial: string
  readonly fingerprint: string
}

function life(engine: string, skip: string | false, keeper: (data: string) => Promise<Keeper>): void {
  describe(`a restored backup on ${engine}`, { skip }, () => {
    const folder = temporaryFolder()
    const parts = new AsyncDisposableStack()
    const data = join(folder.path, 'data')
    let database: Keeper
    let nas: PlayedNas
    let server: Sallyport
    let kept: Certificate
    let [count, logins] = [0, 0]

    const serve = async (in_ = data) =>
      startSallyport({ data: in_, args: ['--bind', '127.0.0.1', ...database.args] })

    async function issue(): Promise<Certificate> {
      const out = join(folder.path, `alice-${++count}`)
      const { code, output } = await server.cli('certificates', 'issue', '--user', 'alice', '--out', out)
      assert.equal(code, 0, output)
      const files = { certificate: join(out, 'alice.pem'), key: join(out, 'alice.key') }
      const { raw } = new X509Certificate(readFileSync(files.certificate))
      const { serialNumber, fingerprint256 } = new X509Certificate(raw)
      const serial = serialNumber.toLowerCase().replace(/^0+/, '')
      return { files, serial, fingerprint: fingerprint256.replaceAll(':', '').toLowerCase() }
    }

    async function attempt({ files }: Certificate, at = server) {
      const mac = `02:00:00:00:09:${(++logins).toString(16).padStart(2, '0').toUpperCase()}`
      const login = await eapolTest({
        network: [
          ...['eap=TLS', 'identity="alice"', `ca_cert="${join(data, 'ca.pem')}"`],
          ...[`client_cert="${files.certificate}"`, `private_key="${files.key}"`],
        ],
        ...{ folder: folder.path, mac, seconds: 5, server: { port: at.authPort, secret: SECRET } },
      })
      return { login, mac }
    }

    async function logIn(certificate: Certificate, at = server): Promise<ReceiptRow> {
      const { login, mac } = await attempt(certificate, at)
      const station = mac.replaceAll(':', '-')
      const receipt = await until(`a receipt of ${mac}`, async () =>
        (await at.api.receipts()).find(({ callingStationId }) => callingStationId === station),
      )
      assert.equal(login.accepted, receipt.outcome === 'accept', login.output.slice(-800))
      return receipt
    }

    async function assertIn(certificate: Certificate, at = server): Promise<ReceiptRow> {
      const receipt = await logIn(certificate, at)
      assert.equal(receipt.outcome, 'accept', receipt.reason ?? '')
      return receipt
    }

    /** Beside PostgreSQL: a worker tells it by itself. */
    const copied = ({ fingerprint }: Certificate) =>
      until('the local file to know the certificate', () => {
        const file = new DatabaseSync(join(data, 'issued.db'), { readOnly: true })
        try {
          const row = file.prepare('select 1 from issued where fingerprint = unhex(?)').get(fingerprint)
          return row === undefined ? undefined : true
        } finally {
          file.close()
        }
      })

    before(async () => {
      mkdirSync(data)
      database = await keeper(data)
      nas = parts.use(await PlayedNas.start(SECRET, () => ({ code: PacketCode.DisconnectAck })))
      server = await serve()
      await server.apply(`
clients:
  - name: access-point
    address: 127.0.0.1
    secret: ${SECRET}
    dynamicAuthorization: { port: ${nas.port}, timeoutSeconds: 1 }
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, sources: [local] }]
trust: [{ name: own, kind: own }]
rules: [{ name: alice, when: 'user.name == "alice"', effect: accept }]
users: [{ name: alice, password: ${PASSWORD} }]
`)
    })
    after(async () => {
      await server?.[Symbol.asyncDispose]()
      await parts.disposeAsync()
      folder[Symbol.dispose]()
    })

    it('fail/a certificate of the time after the backup; those before it and after the restore log in', async () => {
      kept = await issue()
      await assertIn(kept)
      database.backup()
      const lost = await issue()
      await assertIn(lost)
      if (engine === 'PostgreSQL') await copied(lost)
      await server[Symbol.asyncDispose]()
      database.restore()
      server = await serve()
      const refused = await logIn(lost)
      assert.deepEqual([refused.outcome, refused.reason], ['reject', 'certificate-unrecorded'])
      const { sentence } = await server.api.receipt(refused.id)
      assert.match(sentence ?? '', new RegExp(lost.serial))
      await assertIn(kept)
      await assertIn(await issue())
    })

    it('fail/a session by a certificate whose record is gone is ended; others stay', async () => {
      const client = new RadiusClient({
        host: '127.0.0.1',
        port: server.acctPort,
        secret: SECRET,
        retries: 3,
      })
      parts.defer(() => client.close())
      const [stays, goes] = [await issue(), await issue()]
      for (const certificate of [stays, goes]) {
        const receipt = await assertIn(certificate)
        await client.send(PacketCode.AccountingRequest, [
          attribute(AcctStatusType, 1),
          attribute(AcctSessionId, certificate.serial),
          attribute(UserName, 'alice'),
          attribute(NasIpAddress, '127.0.0.1'),
          attribute(Class, fromUtf8(`sallyport:${receipt.id}`)),
        ])
      }
      await database.run(`delete from certificates where serial = '${goes.serial}'`)
      await server.api.send('POST', '/grants/recheck', { user: 'alice' })
      await until('the disconnect', () => (nas.packets.length > 0 ? true : undefined))
      assert.deepEqual(
        nas.packets.map((packet) => packet.get(AcctSessionId)),
        [goes.serial],
      )
      const { items } = await server.api.send<Page<GrantAction>>('GET', '/grants?user=alice')
      assert.deepEqual(
        items.map(({ reason }) => reason),
        ['certificate-unrecorded'],
      )
    })

    if (engine === 'PostgreSQL') {
      it('fail/the password of the time after the backup, also where others went on meanwhile', async () => {
        const code = async (password: string): Promise<string | undefined> => {
          const attributes = ['User-Name = "alice"', `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR]
          return (await radclient({ command: 'auth', port: server.authPort, secret: SECRET, attributes }))
            .code
        }
        database.backup()
        const password = LATER_PASSWORD
        await server.api.send('PUT', '/users/alice/password', { password })
        await server.api.send('POST', '/users', { name: 'mallory', password })
        await until('the new password to hold', async () =>
          (await code(LATER_PASSWORD)) === 'Access-Accept' ? true : undefined,
        )
        await server[Symbol.asyncDispose]()
        database.restore()
        {
          // More changes than were lost: by their number the database looks newer than the file.
          const other = join(folder.path, 'others')
          mkdirSync(other)
          copyFileSync(join(data, 'keys'), join(other, 'keys'))
          await using second = await serve(other)
          for (const name of ['bob', 'carol', 'dave', 'erin'])
            await second.api.send('POST', '/users', { name, password })
        }
        server = await serve()
        assert.equal(await code(LATER_PASSWORD), 'Access-Reject')
        assert.equal(await code(PASSWORD), 'Access-Accept')
        const file = new DatabaseSync(join(data, 'users.db'), { readOnly: true })
        const names = file.prepare('select name from users order by name').all()
        file.close()
        assert.deepEqual(
          names.map(({ name }) => name),
          ['alice', 'bob', 'carol', 'dave', 'erin'],
        )
      })

      it('ok/what one server issued logs in at another at once', async () => {
        const other = join(folder.path, 'other')
        mkdirSync(other)
        copyFileSync(join(data, 'keys'), join(other, 'keys'))
        await using second = await serve(other)
        await assertIn(await issue(), second)
      })

      it('ok/while the database is down: who is known here logs in, who is not gets no answer', async () => {
        const strange = await issue()
        await copied(kept)
        await copied(strange)
        await database.stop?.()
        const file = new DatabaseSync(join(data, 'issued.db'), { timeout: 5_000 })
        file.prepare('delete from issued where fingerprint = unhex(?)').run(strange.fingerprint)
        file.close()
        const { login: served } = await attempt(kept)
        assert.equal(served.accepted, true, served.output.slice(-800))
        const { login: silent } = await attempt(strange)
        assert.deepEqual([silent.accepted, silent.rejected], [false, false], silent.output.slice(-800))
      })
    }
  })
}

const missing = skipReason('eapoltest') ?? false

life('SQLite', missing, async (data) => {
  const [file, copy] = [join(data, 'sallyport.db'), join(data, '..', 'backup.db')]
  const run = (sql: string): void => {
    const database = new DatabaseSync(file, { timeout: 5_000 })
    database.exec(sql)
    database.close()
  }
  return {
    args: [],
    backup: () => run(`vacuum into '${copy}'`),
    restore: () => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
      copyFileSync(copy, file)
    },
    run: async (sql) => run(sql),
  }
})

let postgres: PostgresServer | undefined
life('PostgreSQL', missing || (postgresMissing() ?? false), async () => {
  const started = await startPostgres({ fsync: false })
  postgres = started
  const url = started.database('sallyport')
  let backup = ''
  return {
    args: ['--database', url],
    backup: () => {
      backup = started.backup('sallyport')
    },
    restore: () => started.restore('sallyport', backup),
    run: async (sql) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query(sql)
      await client.end()
    },
    stop: () => started.stop(),
  }
})
after(() => postgres?.stop())
