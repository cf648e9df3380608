/** A big CA: 1,000,000 certificates are searched, 100,000 revocations made into a CRL, while nobody has to wait. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createRootCertificate, distinguishedName, generateKeyPairFor, parseCrl } from '@sallyport/pki'
import { temporaryFolder } from '../../lab/process.ts'
import { configurationSchema } from '../../server/src/config/schema.ts'
import { CertificateStore } from '../../server/src/enrolment/certificate-store.ts'
import { caKeyId } from '../../server/src/enrolment/publication-paths.ts'
import { CrlPublisher } from '../../server/src/enrolment/status/crl-publisher.ts'
import { CrlStore } from '../../server/src/enrolment/status/crl-store.ts'
import { systemClock } from '../../server/src/kernel/clock.ts'
import { Logging } from '../../server/src/kernel/logging.ts'
import type { Database } from '../../server/src/store/database.ts'
import { openWriter } from '../../server/src/store/open.ts'
import type { BenchCase, Pace } from '../case.ts'
import { oursBelow, row } from '../row.ts'

const CERTIFICATES = 1_000_000
const QUICK_CERTIFICATES = 100_000
const REVOCATIONS = 100_000
const SEARCHES = 500
const YEAR = 365 * 86_400_000

interface Run {
  readonly p95: number
  readonly p50: number
}

export const certificatesSearch: BenchCase = {
  name: 'certificates-search',
  summary: '1,000,000 issued certificates: a page by serial, name, template, end',
  counterparts: [],
  async run({ loadSeconds }: Pace) {
    const count = loadSeconds < 5 ? QUICK_CERTIFICATES : CERTIFICATES
    using folder = temporaryFolder('sallyport-bench-')
    const database = await openWriter(`sqlite:${join(folder.path, 'bench.db')}`)
    try {
      fill(database, count)
      const times = await search(database, count)
      const run: Run = { p95: at(times, 0.95), p50: at(times, 0.5) }
      const runs = { ours: [run], peer: [] as Run[] }
      const name = `certificates-search, ${count.toLocaleString('en')}`
      return {
        rows: [
          row({ case: `${name}, p95`, unit: 'ms', goal: oursBelow(50, 'ms'), runs }, ({ p95 }) => p95),
          row({ case: `${name}, p50`, unit: 'ms', runs }, ({ p50 }) => p50),
        ],
        raw: runs,
      }
    } finally {
      await database.close()
    }
  },
}

interface CrlRun {
  readonly seconds: number
  /** The longest the thread did nothing else. */
  readonly stallMilliseconds: number
  readonly megabytes: number
}

export const crl: BenchCase = {
  name: 'crl',
  summary: 'a CRL of 100,000 revocations: time, and how long the thread is busy at a stretch',
  counterparts: [],
  async run({ runs: count }: Pace) {
    using folder = temporaryFolder('sallyport-bench-')
    const database = await openWriter(`sqlite:${join(folder.path, 'bench.db')}`)
    try {
      const ours: CrlRun[] = []
      const publisher = authorityOver(database)
      for (let run = 0; run < count; run++) ours.push(await publishOnce(database, publisher))
      const runs = { ours, peer: [] as CrlRun[] }
      return {
        rows: [
          row(
            { case: 'crl, 100,000 revocations', unit: 's', goal: oursBelow(2, 's'), runs },
            ({ seconds }) => seconds,
          ),
          row(
            { case: 'crl, longest stretch', unit: 'ms', goal: oursBelow(100, 'ms'), runs },
            ({ stallMilliseconds }) => stallMilliseconds,
          ),
          row({ case: 'crl, size', unit: 'MB', runs }, ({ megabytes }) => megabytes),
        ],
        raw: runs,
      }
    } finally {
      await database.close()
    }
  },
}

const serialOf = (index: number) => `4${createHash('sha1').update(`${index}`).digest('hex').slice(1)}`
const at = (sorted: readonly number[], part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN

function fill(database: Database, count: number): void {
  if (database.raw.engine !== 'sqlite') throw new TypeError('the embedded database is measured')
  const { connection } = database.raw
  const now = Date.now()
  connection.exec('begin')
  const certificate = connection.prepare(
    `insert into certificates (serial, kind, subject, pem, fingerprint, not_before, not_after, status, created_at,
      template, holder_id, holder_name) values (?, 'client', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const named = connection.prepare('insert into certificate_names (name, serial, newest) values (?, ?, ?)')
  const pem = 'x'.repeat(900)
  for (let index = 0; index < count; index++) {
    const [serial, user, created] = [
      serialOf(index),
      `user${index % 50_000}`,
      now - (index % 365) * 86_400_000,
    ]
    const status = index % 7 === 0 ? 'revoked' : 'issued'
    const fingerprint = createHash('sha256').update(serial).digest('hex')
    const template = `template${index % 20}`
    const end = created + YEAR
    const row = [serial, `CN=${user}`, pem, fingerprint, created, end, status, created, template, user, user]
    certificate.run(...row)
    named.run(user, serial, -created)
    named.run(`${user}@example.org`, serial, -created)
  }
  connection.exec('commit')
}

async function search(database: Database, count: number): Promise<number[]> {
  const store = new CertificateStore(database.kysely)
  const now = Date.now()
  const times: number[] = []
  for (let index = 0; index < SEARCHES; index++) {
    const serial = serialOf((index * 7919) % count)
    const filters = [
      { search: serial.slice(0, 6) },
      { search: createHash('sha256').update(serial).digest('hex').slice(0, 12) },
      { search: `user${(index * 31) % 50_000}` },
      { search: 'user', status: 'revoked' },
      { template: `template${index % 20}`, status: 'revoked' },
      { expiringBefore: now + 30 * 86_400_000 },
      {},
    ] as const
    const filter = filters[index % filters.length] ?? {}
    const began = performance.now()
    const { rows } = await store.list({ ...filter, limit: 50 }, now)
    times.push(performance.now() - began)
    if (rows.length === 0) throw new Error(`nothing was found: ${JSON.stringify(filter)}`)
  }
  return times.sort((a, b) => a - b)
}

function authorityOver(database: Database): CrlPublisher {
  if (database.raw.engine !== 'sqlite') throw new TypeError('the embedded database is measured')
  const keys = generateKeyPairFor('p256')
  const [notBefore, notAfter] = [Date.now() - 86_400_000, Date.now() + YEAR].map(
    (ms) => Math.floor(ms / 1000) * 1000,
  )
  const certificate = createRootCertificate({
    ...keys,
    subject: distinguishedName(['CN', 'Bench CA']),
    notBefore: notBefore ?? 0,
    notAfter: notAfter ?? 0,
  })
  const issuers = [{ certificate, privateKey: keys.privateKey }]
  const { connection } = database.raw
  const insert = connection.prepare(
    "insert into revoked_certificates (serial, issuer_key, status, revoked_at, reason, not_after, revision) values (?, ?, 'revoked', ?, 'superseded', ?, ?)",
  )
  connection.exec('begin')
  for (let index = 0; index < REVOCATIONS; index++)
    insert.run(serialOf(index), caKeyId(certificate), Date.now(), Date.now() + YEAR, index + 1)
  connection.exec('commit')
  const store = new CrlStore(database)
  const { enrolment } = configurationSchema.parse({})
  return new CrlPublisher({
    ...{ read: store, store, clock: systemClock },
    issuers: () => issuers,
    revision: async () => REVOCATIONS,
    settings: () => enrolment,
    published: async () => {},
    log: new Logging({ clock: systemClock, level: 'error' }).for('pki'),
  })
}

async function publishOnce(database: Database, publisher: CrlPublisher): Promise<CrlRun> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const began = performance.now()
  const { lists, failures } = await publisher.publish('full')
  const seconds = (performance.now() - began) / 1000
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.disable()
  const [full] = lists
  if (full === undefined || failures.length > 0) throw new Error(`no list: ${JSON.stringify(failures)}`)
  const stored = await new CrlStore(database).find(full.issuerKey, 'full')
  if (stored === undefined || parseCrl(stored.der).revoked.size !== REVOCATIONS)
    throw new Error('not all are listed')
  return { seconds, stallMilliseconds: delay.max / 1e6, megabytes: stored.der.length / 1e6 }
}
