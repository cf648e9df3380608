/** Rules that limit sessions, asked by radclient and eapol_test. */
import assert from 'node:assert/strict'
import { eapolTest } from '../../eapol-test.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { PASSWORD, RESERVATION_SECONDS, SECRET, type SessionsHouse } from './house.ts'

function classOf(attributes: readonly string[]): string {
  return attributes.find((line) => line.startsWith('Class = ')) ?? ''
}

function report(status: string, session: string, user: string, station: string, decision: string) {
  return [
    'NAS-Identifier = "vpn-1"',
    `Acct-Status-Type = ${status}`,
    `Acct-Session-Id = "${session}"`,
    `User-Name = "${user}"`,
    `Calling-Station-Id = "${station}"`,
    decision,
  ]
}

export const LIMIT_CASES: readonly LabCase<SessionsHouse>[] = [
  {
    name: 'radclient: ten logins at once under a limit of two: two come in, eight are told which sessions fill it',
    async run(house) {
      const stations = Array.from({ length: 10 }, (_, index) => `02-00-00-00-00-${10 + index}`)
      const replies = await Promise.all(stations.map((station) => house.login('alice', station)))
      const accepted = replies.filter(({ code }) => code === 'Access-Accept')
      assert.equal(accepted.length, 2)
      assert.equal(replies.filter(({ code }) => code === 'Access-Reject').length, 8)
      const { items } = await until('the receipts', async () => {
        const page = await house.server.api.send<{ items: { id: string }[] }>(
          'GET',
          '/receipts?user=alice&reason=session-limit-reached',
        )
        return page.items.length === 8 ? page : undefined
      })
      const { code, output } = await house.server.cli('explain', items[0]?.id ?? '')
      assert.equal(code, 0, output)
      assert.match(output, /allows 2 sessions per user/)
      assert.match(output, /accepted just now through gateway from 02:00:00:00:00:1/)
      return '2 accepts, 8 rejects'
    },
  },
  {
    name: 'radclient: a session counts until its Stop; the same device again does not count twice',
    async run(house) {
      const [laptop, phone] = ['02-00-00-00-01-01', '02-00-00-00-01-02']
      const first = await house.login('bob', laptop)
      assert.equal(first.code, 'Access-Accept', first.output)
      // A NAS that knows the user by an anonymous name: Class tells whose session it is.
      const decision = classOf(first.attributes)
      await house.report(report('Start', 'bob-1', 'anonymous', laptop, decision))
      assert.equal((await house.login('bob', phone)).code, 'Access-Reject')
      assert.equal((await house.login('bob', laptop)).code, 'Access-Accept')
      await house.report(report('Stop', 'bob-1', 'anonymous', laptop, decision))
      const after = await until(
        'the place is free',
        async () => {
          const reply = await house.login('bob', phone)
          return reply.code === 'Access-Accept' ? reply : undefined
        },
        (RESERVATION_SECONDS + 5) * 1000,
      )
      await house.report(report('Start', 'bob-2', 'bob', phone, classOf(after.attributes)))
      await house.report(report('Stop', 'bob-2', 'bob', phone, classOf(after.attributes)))
      return 'reject while live, accept after the Stop'
    },
  },
  {
    name: 'sallyport sessions close: a device that is gone without a Stop no longer fills the limit',
    async run(house) {
      const [lost, phone] = ['02-00-00-00-01-03', '02-00-00-00-01-04']
      const first = await house.login('bob', lost)
      assert.equal(first.code, 'Access-Accept', first.output)
      await house.report(report('Start', 'bob-3', 'bob', lost, classOf(first.attributes)))
      assert.equal((await house.login('bob', phone)).code, 'Access-Reject')
      const { code, output } = await house.server.cli('sessions', 'close', '--user', 'bob')
      assert.equal(code, 0, output)
      const after = await house.login('bob', phone)
      assert.equal(after.code, 'Access-Accept', after.output)
      await house.report(report('Start', 'bob-4', 'bob', phone, classOf(after.attributes)))
      await house.report(report('Stop', 'bob-4', 'bob', phone, classOf(after.attributes)))
      assert.equal((await house.server.cli('sessions', 'close', 'bob-3')).code, 1)
      return 'reject while it counts, accept once it is closed'
    },
  },
  {
    name: 'eapol_test: PEAP under a limit: keys agree; a second device is refused; an accept without accounting runs out',
    async run(house) {
      const ask = (mac: string) =>
        eapolTest({
          network: [
            'key_mgmt=IEEE8021X',
            'eap=PEAP',
            'identity="carol"',
            `password="${PASSWORD}"`,
            'phase2="auth=MSCHAPV2"',
          ],
          server: { port: house.server.authPort, secret: SECRET },
          folder: house.folder,
          mac,
          seconds: 10,
        })
      const first = await ask('02:00:00:00:02:01')
      assert.ok(first.success, first.output.slice(-2000))
      assert.deepEqual(first.keys, { ok: 1, mismatch: 0 })
      const second = await ask('02:00:00:00:02:02')
      assert.ok(second.rejected, second.output.slice(-2000))
      const later = await until(
        'the place of an accept that became no session',
        async () => {
          const result = await ask('02:00:00:00:02:02')
          return result.success ? result : undefined
        },
        (RESERVATION_SECONDS + 10) * 1000,
      )
      assert.deepEqual(later.keys, { ok: 1, mismatch: 0 })
      return 'accept, reject, accept after the reservation'
    },
  },
]
