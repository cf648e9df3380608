import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DAY } from '../../enrolment/authority.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { Logging } from '../../kernel/logging.ts'
import { Metrics, renderMetrics } from '../../kernel/metrics.ts'
import { forEachEngine } from '../../store/testing.ts'
import { IssuedUpkeep } from './issued-upkeep.ts'

forEachEngine(({ open }) => {
  it('ok/one line a day and a metric tell of issued certificates that end', async () => {
    const [reader, clock, metrics] = [await open(), new FakeClock(), new Metrics()]
    const unused = { pem: 'PEM', key_sealed: null, revoked_at: null, revocation_reason: null }
    for (const serial of ['4a01', '4a02'])
      await reader.kysely
        .insertInto('certificates')
        .values({
          ...{ serial, fingerprint: serial, kind: 'client', template: 'user', status: 'issued', ...unused },
          ...{ subject: 'CN=alice', created_at: 1, not_before: 0, not_after: clock.now() + 9.5 * DAY },
        })
        .execute()
    const lines: { msg: string; within: object; first: object[] }[] = []
    const logging = new Logging({ clock, stream: { write: (line) => void lines.push(JSON.parse(line)) } })
    const upkeep = new IssuedUpkeep({ reader, clock, metrics, log: logging.for('pki') })
    await upkeep.look()
    await upkeep.look()
    assert.equal(lines.length, 1)
    assert.match(lines[0]?.msg ?? '', /^2 issued certificates end within 30 days .*2 within 14, 0 within 7/)
    assert.deepEqual(lines[0]?.within, { '1': 0, '7': 0, '14': 2, '30': 2 })
    assert.equal(lines[0]?.first.length, 2)
    const text = await renderMetrics([await metrics.snapshot()])
    assert.match(text, /sallyport_issued_certificates_ending\{within="14"\} 2/)
    clock.advance(DAY)
    await upkeep.look()
    assert.equal(lines.length, 2)
    await upkeep.close()
  })
})
