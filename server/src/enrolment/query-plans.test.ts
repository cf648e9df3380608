/** SQLite chooses indexes without knowing how many rows there are: each look-up must have one that leaves few. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWriter } from '../store/open.ts'
import { CertificateStore } from './certificate-store.ts'
import { CertificateRequestStore, type RequestIntent } from './registration/certificate-request-store.ts'
import { HolderStore } from './status/holder-store.ts'

/** What SQLite does for each statement about certificates that `work` lets it prepare, by its SQL. */
async function plansOf(
  work: (database: Awaited<ReturnType<typeof openWriter>>) => Promise<void>,
): Promise<ReadonlyMap<string, string>> {
  const database = await openWriter('sqlite::memory:')
  try {
    assert.ok(database.raw.engine === 'sqlite')
    const { connection } = database.raw
    const prepare = connection.prepare.bind(connection)
    const plans = new Map<string, string>()
    connection.prepare = (text: string) => {
      if (/^(select|update|delete).*certificate/.test(text)) {
        const nothing = Array.from(text.matchAll(/\?/g), () => null)
        const steps = prepare(`explain query plan ${text}`).all(...nothing)
        plans.set(text, steps.map(({ detail }) => String(detail)).join('; '))
      }
      return prepare(text)
    }
    await work(database)
    return plans
  } finally {
    await database.close()
  }
}

const intent: RequestIntent = {
  ...{ transaction_key: '1', protocol: 'est', template: 'user', requester: 'alice', holder_id: 'a1' },
  ...{ device_id: null, key_hash: 'k1', days: null, requester_data: '{}', request: Uint8Array.of(1) },
  ...{ renews: '4a01', created_at: 1000, status: 'approved', mayReuseKey: false, most: 9, mostRenewals: 9 },
}

test('ok/what issuing a certificate looks up is found by the holder, the key, the request or the serial', async () => {
  const plans = await plansOf(async ({ kysely }) => {
    const requests = new CertificateRequestStore(kysely)
    const certificates = new CertificateStore(kysely)
    const device = { transaction_key: '2', key_hash: 'k2', device_id: 'phone' }
    const nobody = { transaction_key: '3', key_hash: 'k3', holder_id: null }
    for (const more of [{}, device, nobody]) {
      assert.equal((await requests.open({ ...intent, ...more })).kind, 'new')
    }
    await requests.claim(1, 2000, 1000)
    await requests.issuedSerial(1)
    for (const held of [null, 'phone']) await requests.held({ id: 'a1', device: held }, ['user'], 1000)
    await certificates.markIssued('4a02', 'PEM', 'print')
    await requests.finish(1, '4a02', ['4a01'])
    await certificates.find('4a02')
  })
  assert.ok(plans.size >= 14)
  for (const [text, plan] of plans) assert.doesNotMatch(plan, /SCAN|in_order_of|TEMP/, text)
})

test('ok/the watch over holders goes from one to the next, and reads the certificates of one', async () => {
  const plans = await plansOf(async (database) => {
    const holders = new HolderStore(database)
    await holders.holders('a1', 1000, 100)
    await holders.certificatesOf('a1', 1000)
  })
  assert.equal(plans.size, 2)
  for (const [text, plan] of plans) assert.match(plan, /USING INDEX certificates_by_holder_id/, text)
  for (const [text, plan] of plans) assert.doesNotMatch(plan, /TEMP/, text)
})
