/** Servers that fall silent: packets lost, processes that stand still, crashes. Nobody is refused for it, and nobody let in. */
import assert from 'node:assert/strict'
import { COMMON_PASSWORD } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import { until } from '../../until.ts'
import { LOCAL_PASSWORD } from './configuration.ts'
import { type DirectoryHouse, SERVER_TO } from './house.ts'
import { ACCEPTED, ACCEPTED_VPN, expectLogin, UNAVAILABLE, wrongPassword } from './slapd-logins.ts'

type Case = LabCase<DirectoryHouse>

interface Failure {
  readonly what: string
  readonly begin: (house: DirectoryHouse) => Promise<void> | void
  readonly end: (house: DirectoryHouse) => Promise<void> | void
}

const SLAPD_FAILURES: readonly Failure[] = [
  {
    what: 'all packets lost',
    begin: ({ backends }) => backends.slapd.cutOff(SERVER_TO.ldap1),
    end: ({ backends }) => backends.slapd.reconnect(SERVER_TO.ldap1),
  },
  {
    what: 'standing still',
    begin: ({ backends }) => backends.slapd.hang(),
    end: ({ backends }) => backends.slapd.resume(),
  },
  {
    what: 'killed',
    begin: ({ backends }) => backends.slapd.stop('SIGKILL'),
    end: ({ backends }) => backends.slapd.start(),
  },
]

const DOMAIN_FAILURES: readonly Failure[] = [
  {
    what: 'all packets lost',
    begin: ({ backends }) => backends.controller.cutOff(SERVER_TO.dc),
    end: ({ backends }) => backends.controller.reconnect(SERVER_TO.dc),
  },
  {
    what: 'standing still',
    begin: ({ backends }) => backends.controller.hang(),
    end: ({ backends }) => backends.controller.resume(),
  },
]

/** Silence while it lasts, with right and wrong passwords; other realms live on; five seconds later all is well. */
function outage(who: string, { what, begin, end }: Failure, user: string, password: string): Case {
  return {
    name: `${who} ${what}: silence and no reject, others unmoved, well again within 5 s`,
    async run(house) {
      await expectLogin(house, user, password, ACCEPTED_VPN)
      await begin(house)
      try {
        const silent = [password, wrongPassword()].map(async (word) => {
          const { code, station } = await house.login(user, word, 3)
          assert.equal(code, undefined)
          assert.equal((await house.receipt(station)).body.reason.code, UNAVAILABLE.reason)
        })
        const startedAt = performance.now()
        await expectLogin(house, 'lola@local.test', LOCAL_PASSWORD, ACCEPTED)
        assert.ok(performance.now() - startedAt < 1000, 'another realm waited as well')
        await Promise.all(silent)
      } finally {
        await end(house)
      }
      const healedAt = performance.now()
      await until(
        'logins after the outage',
        async () => {
          const { code } = await house.login(user, password, 1)
          assert.notEqual(code, 'Access-Reject')
          return code
        },
        5000,
      )
      await expectLogin(house, user, wrongPassword(), { code: 'Access-Reject', reason: 'wrong-password' })
      return `well after ${Math.round(performance.now() - healedAt)} ms`
    },
  }
}

/** Two servers: the second answers while the first loses everything, with hardly a wait after the first login. */
function failover(
  who: string,
  source: string,
  password: string,
  { begin, end }: Omit<Failure, 'what'>,
): Case {
  return {
    name: `${who}: the second server answers while the first loses everything`,
    async run(house) {
      await expectLogin(house, `alice@${source}.test`, password, ACCEPTED_VPN)
      await begin(house)
      try {
        await until(
          'a login by the second server',
          async () => (await house.login(`alice@${source}.test`, password, 4)).code,
          8000,
        )
        const startedAt = performance.now()
        await expectLogin(house, `bob@${source}.test`, password, ACCEPTED_VPN)
        const milliseconds = Math.round(performance.now() - startedAt)
        assert.ok(milliseconds < 1500, `${milliseconds} ms`)
        return `${milliseconds} ms`
      } finally {
        await end(house)
      }
    },
  }
}

export const SLAPD_OUTAGE_CASES: readonly Case[] = [
  ...SLAPD_FAILURES.map((failure) => outage('slapd', failure, 'alice@regular.test', LDAP_PASSWORD)),
  failover('slapd', 'failover', LDAP_PASSWORD, {
    begin: ({ backends }) => backends.slapd.cutOff(SERVER_TO.ldap1),
    end: ({ backends }) => backends.slapd.reconnect(SERVER_TO.ldap1),
  }),
]
export const DOMAIN_OUTAGE_CASES: readonly Case[] = [
  ...DOMAIN_FAILURES.map((failure) =>
    outage('AD: domain controller', failure, 'alice@domain.test', COMMON_PASSWORD),
  ),
  failover('AD', 'two-servers', COMMON_PASSWORD, {
    begin: (house) => house.firstController('delete'),
    end: (house) => house.firstController('add'),
  }),
]
