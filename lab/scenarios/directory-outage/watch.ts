/** What changes in a directory reaches live sessions. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD, ldapUserDn, SUFFIX } from '../../slapd/people.ts'
import { until } from '../../until.ts'
import { type OutageHouse, SERVER_ADDRESS } from './house.ts'

type Case = LabCase<OutageHouse>

const DISCONNECT = 40
/** Of source `watched`: 3.6 s. */
const BELIEVED_MILLISECONDS = 3800

async function changeMember(house: OutageHouse, how: 'add' | 'delete', user: string): Promise<void> {
  const group = `cn=vpn-users,ou=Groups,${SUFFIX}`
  await house.slapd.ldif(`dn: ${group}\nchangetype: modify\n${how}: member\nmember: ${ldapUserDn(user)}\n`)
}

async function beginSession(house: OutageHouse, user: string, id: string): Promise<void> {
  const { code, attributes, output } = await house.login(user, LDAP_PASSWORD)
  assert.equal(code, 'Access-Accept', output)
  await house.account('Start', user, id, attributes)
}

function disconnects(house: OutageHouse, user: string): number {
  return house.heard().filter((heard) => heard.code === DISCONNECT && heard.user === user).length
}

export const WATCH_CASES: readonly Case[] = [
  {
    name: 'who leaves a group loses the session within the time a directory is believed',
    async run(house) {
      await beginSession(house, 'bob@watched.test', 'watched-1')
      await delay(BELIEVED_MILLISECONDS)
      assert.equal(disconnects(house, 'bob@watched.test'), 0)
      await changeMember(house, 'delete', 'bob')
      const changedAt = performance.now()
      try {
        // A second more for the way from the finding to the device.
        await until(
          'a Disconnect',
          () => (disconnects(house, 'bob@watched.test') > 0 ? true : undefined),
          BELIEVED_MILLISECONDS + 1500,
        )
        const took = performance.now() - changedAt
        assert.equal((await house.login('bob@watched.test', LDAP_PASSWORD)).code, 'Access-Reject')
        return `Disconnect after ${Math.round(took)} ms`
      } finally {
        await house.account('Stop', 'bob@watched.test', 'watched-1', [])
        await changeMember(house, 'add', 'bob')
      }
    },
  },
  {
    name: 'a refresh on demand reaches logins and sessions at once, whatever was kept',
    async run(house) {
      await house.server.cli('sources', 'refresh', 'watched')
      await beginSession(house, 'bob@watched.test', 'watched-2')
      const before = disconnects(house, 'bob@watched.test')
      await changeMember(house, 'delete', 'bob')
      const changedAt = performance.now()
      try {
        const { code, output } = await house.server.cli('sources', 'refresh', 'watched', '--user', 'bob')
        assert.equal(code, 0, output)
        assert.equal((await house.login('bob@watched.test', LDAP_PASSWORD)).code, 'Access-Reject')
        await until(
          'a Disconnect',
          () => (disconnects(house, 'bob@watched.test') > before ? true : undefined),
          5000,
        )
        return `Disconnect after ${Math.round(performance.now() - changedAt)} ms`
      } finally {
        await house.account('Stop', 'bob@watched.test', 'watched-2', [])
        await changeMember(house, 'add', 'bob')
        await house.server.cli('sources', 'refresh', 'watched')
      }
    },
  },
  {
    name: 'a directory that is down ends no session',
    async run(house) {
      await beginSession(house, 'bob@watched.test', 'watched-3')
      const before = disconnects(house, 'bob@watched.test')
      house.slapd.cutOff(SERVER_ADDRESS)
      try {
        await delay(1.5 * BELIEVED_MILLISECONDS)
        assert.equal(disconnects(house, 'bob@watched.test'), before)
      } finally {
        house.slapd.reconnect(SERVER_ADDRESS)
      }
      await delay(BELIEVED_MILLISECONDS)
      assert.equal(disconnects(house, 'bob@watched.test'), before)
      await house.account('Stop', 'bob@watched.test', 'watched-3', [])
      return 'no Disconnect in the outage nor after it'
    },
  },
]
