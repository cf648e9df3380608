/** A directory that fails under load. Nobody is refused for it, nobody is let in by it, and others do not feel it. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import { until } from '../../until.ts'
import { type OutageHouse, SERVER_ADDRESS } from './house.ts'
import { type Attempt, type Group, percentile, underLoad } from './load.ts'

type Case = LabCase<OutageHouse>

interface Failure {
  readonly what: string
  readonly begin: (house: OutageHouse) => Promise<void> | void
  readonly end: (house: OutageHouse) => Promise<void> | void
}

interface SourceStatus {
  readonly name: string
  readonly state: string
  readonly silentLogins: number
  readonly offlineLogins: number
  readonly clients: readonly { readonly client: string; readonly silentLogins: number }[]
  readonly lastError?: { readonly why: string; readonly servers: readonly string[] }
}

const CUT_OFF: Failure = {
  what: 'all packets lost',
  begin: ({ slapd }) => slapd.cutOff(SERVER_ADDRESS),
  end: ({ slapd }) => slapd.reconnect(SERVER_ADDRESS),
}

const FAILURES: readonly Failure[] = [
  CUT_OFF,
  { what: 'standing still', begin: ({ slapd }) => slapd.hang(), end: ({ slapd }) => slapd.resume() },
  { what: 'stopped', begin: ({ slapd }) => slapd.stop(), end: ({ slapd }) => slapd.start() },
]

const WARM_MILLISECONDS = 1000
const OUTAGE_MILLISECONDS = 4000
const WELL_WITHIN_MILLISECONDS = 5000
/** Of logins that do not need the directory. */
const SHARE_ACCEPTED = 0.99

async function status(house: OutageHouse, name: string): Promise<SourceStatus> {
  const { items } = await house.server.api.send<{ items: SourceStatus[] }>('GET', '/sources')
  const found = items.find((item) => item.name === name)
  assert.ok(found !== undefined)
  return found
}

function underFailure({ what, begin, end }: Failure): Case {
  return {
    name: `${what} under load: no false answer, other realms and certificates go on, well again within 5 s`,
    async run(house) {
      await knowEverybody(house)
      let [down, healed, well] = [0, 0, 0]
      let seen: SourceStatus | undefined
      const attempts = await underLoad(house, async (elapsed) => {
        await delay(WARM_MILLISECONDS)
        await begin(house)
        down = elapsed()
        try {
          await delay(OUTAGE_MILLISECONDS)
          seen = await status(house, 'staff')
        } finally {
          await end(house)
          healed = elapsed()
        }
        await until(
          'a login after the outage',
          async () => ((await house.login('alice@staff.test', LDAP_PASSWORD, 1)).code ? true : undefined),
          WELL_WITHIN_MILLISECONDS,
        )
        well = elapsed()
        await delay(1000)
      })
      const of = (group: Group) => attempts.filter((attempt) => attempt.group === group)
      const counted = (some: readonly Attempt[], answer: Attempt['answer']) =>
        some.filter((attempt) => attempt.answer === answer).length
      for (const group of ['local', 'certificate', 'kept', 'directory'] as const) {
        assert.equal(counted(of(group), 'reject'), 0, `false rejects of ${group}`)
      }
      assert.equal(counted(of('wrong'), 'accept'), 0, 'false accepts')
      for (const group of ['local', 'certificate'] as const) {
        const [all, accepted] = [of(group).length, counted(of(group), 'accept')]
        assert.ok(accepted >= SHARE_ACCEPTED * all, `${group}: ${accepted} of ${all} accepted`)
      }
      const meanwhile = of('directory').filter(({ at }) => at > down && at < healed - 2000)
      assert.equal(counted(meanwhile, 'accept'), 0, 'accepts that the directory cannot have given')
      const after = of('directory').filter(({ at }) => at > well)
      assert.equal(counted(after, 'accept'), after.length, 'not all accepted after the outage')
      assert.equal(seen?.state, 'down')
      assert.ok(seen.clients.some(({ client, silentLogins }) => client === 'gateway' && silentLogins > 0))
      assert.match(seen.lastError?.why ?? '', /./)
      const during = of('local').filter(({ at }) => at > down && at < healed)
      const before = of('local').filter(({ at }) => at < down)
      return [
        `${attempts.length} logins, ${counted(of('certificate'), 'accept')} by certificate`,
        `${counted(of('directory'), 'silence')} silences`,
        `well after ${Math.round(well - healed)} ms`,
        `p99 of the local realm ${percentile(before, 0.99)} ms before, ${percentile(during, 0.99)} ms in the outage`,
      ].join(', ')
    },
  }
}

/** Everybody once, so that the directory has said something of them. */
async function knowEverybody(house: OutageHouse): Promise<void> {
  for (const user of ['alice@staff.test', 'alice@kept.test', 'bob@kept.test']) {
    await until(`a login of ${user}`, async () =>
      (await house.login(user, LDAP_PASSWORD)).code === 'Access-Accept' ? true : undefined,
    )
  }
  assert.ok((await house.loginByCertificate()).accepted)
  // A password is hashed after its login, and all is written a second later.
  await delay(1500)
}

const OFFLINE: Case = {
  name: 'cut off: what was proved to us is let in with fewer rights, also after a crash of the server; else silence',
  async run(house) {
    await knowEverybody(house)
    await CUT_OFF.begin(house)
    try {
      await house.restartServer()
      const certificate = await house.loginByCertificate()
      assert.ok(certificate.accepted, certificate.output.slice(-3000))
      const { body } = await house.receipt(certificate.station)
      assert.equal((body.facts.user as { lookup?: string }).lookup, 'offline')
      const right = await house.login('alice@kept.test', LDAP_PASSWORD)
      assert.equal(right.code, 'Access-Accept')
      assert.ok(
        right.attributes.some((line) => line.startsWith('Tunnel-Private-Group-Id') && line.includes('99')),
      )
      // Silence: a wrong password, one nobody proved before, and a source that keeps no hashes.
      const silent = await Promise.all([
        house.login('alice@kept.test', 'not-the-password'),
        house.login('dave@kept.test', LDAP_PASSWORD),
        house.login('alice@staff.test', LDAP_PASSWORD),
      ])
      assert.deepEqual(
        silent.map(({ code }) => code),
        [undefined, undefined, undefined],
      )
      const [wrong] = silent
      const { body: why } = await house.receipt(wrong?.station ?? '')
      assert.equal(why.reason.code, 'source-unavailable')
      assert.equal(typeof why.reason.values.waitedMilliseconds, 'number')
      const kept = await status(house, 'kept')
      assert.ok(kept.offlineLogins >= 2, JSON.stringify(kept))
      const { output } = await house.server.cli('sources')
      assert.match(output, /kept is down: ldaps:\/\//)
      assert.match(output, /may turn to another server: gateway \(\d+\)/)
      const { warnings } = await house.server.api.send<{ warnings: string[] }>('GET', '/health')
      assert.ok(warnings.some((line) => line.includes('Identity source "kept" does not answer')))
      return String(why.reason.values.why)
    } finally {
      await CUT_OFF.end(house)
      await until(
        'logins after the outage',
        async () => (await house.login('alice@staff.test', LDAP_PASSWORD, 1)).code,
      )
    }
  },
}

export const OUTAGE_CASES: readonly Case[] = [...FAILURES.map(underFailure), OFFLINE]
