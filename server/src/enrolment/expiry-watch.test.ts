import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '../kernel/clock.ts'
import { Logging } from '../kernel/logging.ts'
import { DAY } from './authority.ts'
import { type Ending, ExpiryWatch, endingsOf } from './expiry-watch.ts'
import { servedCertificates } from './served-certificates.ts'
import { ServerCertificates } from './server-certificates.ts'
import { openAuthorityBench, trustEntries } from './testing.ts'
import { resolveTrust } from './trust.ts'

function watchOver(clock: FakeClock) {
  const lines: { level: number; msg: string }[] = []
  const logging = new Logging({ clock, stream: { write: (line) => void lines.push(JSON.parse(line)) } })
  return { lines, watch: new ExpiryWatch(clock, logging.for('config')) }
}

describe('the watch over certificates that end', () => {
  it('ok/says it at 30, 14, 7 and 1 days and at the end, once each', () => {
    const clock = new FakeClock()
    const { lines, watch } = watchOver(clock)
    const ending = { kind: 'server certificate' as const, name: 'x', subject: 'CN=x', fingerprint: 'f' }
    const end = clock.now() + 60 * DAY
    const seen: number[] = []
    for (let day = 60; day >= -2; day--) {
      const before = lines.length
      watch.watch([{ ...ending, notAfter: end }])
      watch.watch([{ ...ending, notAfter: end }])
      if (lines.length > before) seen.push(day)
      assert.equal(lines.length - before <= 1, true)
      assert.equal(watch.warnings().length, day <= 30 ? 1 : 0)
      clock.advance(DAY)
    }
    assert.deepEqual(seen, [30, 14, 7, 1, 0])
    assert.match(lines[0]?.msg ?? '', /^The server certificate "x" \(CN=x\) ends .*, in 30 days\.$/)
    assert.match(lines.at(-1)?.msg ?? '', /ended .*: logins that need it fail\.$/)
  })

  it('ok/a renewed one is another one', () => {
    const clock = new FakeClock()
    const { lines, watch } = watchOver(clock)
    const ending = { kind: 'server certificate' as const, name: 'x', subject: 'CN=x' }
    watch.watch([{ ...ending, fingerprint: 'old', notAfter: clock.now() + DAY / 2 }])
    watch.watch([{ ...ending, fingerprint: 'new', notAfter: clock.now() + 400 * DAY }])
    assert.deepEqual([lines.length, watch.warnings()], [1, []])
  })

  it('ok/looks at what is shown and at what is trusted', async () => {
    const { parts, authority } = await openAuthorityBench()
    const certificates = new ServerCertificates(authority, parts)
    const { radius } = await certificates.ensure({ radius: 'radius.test', https: ['localhost'] })
    const selection = { clients: [], realms: [] }
    const lobby = { name: 'lobby', kind: 'own' as const, serverName: 'lobby.test', ...selection }
    const served = await servedCertificates([lobby], radius, certificates)
    const trust = resolveTrust(trustEntries({ name: 'own', kind: 'own' }), await authority.trust(), 1)
    const authorities = authority.signers.map((ca) => ({ name: `${ca.role} CA`, ...ca }))
    const special = { name: 'Sallyport OCSP responder', ...authority.currentIssuer }
    const own = { authorities, signing: [special] }
    const namesOf = (endings: readonly Ending[]) =>
      new Set(endings.map(({ kind, name }) => `${kind} ${name}`))
    const whats = namesOf(endingsOf(served, trust, own))
    assert.deepEqual(
      [...whats],
      [
        'server certificate lobby',
        'server certificate built-in',
        'trusted CA own',
        'signing certificate Sallyport OCSP responder',
      ],
    )
    const untrusting = namesOf(endingsOf([], { version: 1, authorities: [] }, { ...own, signing: [] }))
    assert.deepEqual([...untrusting], ['own CA root CA', 'own CA issuing CA'])
  })
})
