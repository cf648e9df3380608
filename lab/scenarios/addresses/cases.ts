/** Which address an answer leaves from, where the server listens on every one. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { type AddressesHouse, SERVER4, SERVER6 } from './house.ts'

type Case = LabCase<AddressesHouse>

/** As a virtual address of a failover pair, or one that DHCP gives, comes. */
const LATE = ['10.77.9.3', '2001:db8:9::3'] as const

export const ADDRESSES_CASES: readonly Case[] = [
  {
    name: 'ok/ an answer leaves from the address that was asked, each of several',
    async run(house) {
      for (const host of [...SERVER4, ...SERVER6]) {
        assert.deepEqual(await house.ask(host), { code: 'Access-Accept', from: host })
        assert.deepEqual(await house.ask(host, 'acct'), { code: 'Accounting-Response', from: host })
      }
      return `${SERVER4.length + SERVER6.length} addresses, logins and accounting`
    },
  },
  {
    name: 'ok/ so does the answer to a trusted sender of CoA',
    async run(house) {
      for (const host of [...SERVER4, ...SERVER6]) {
        assert.deepEqual(await house.ask(host, 'disconnect'), { code: 'Disconnect-NAK', from: host })
      }
      return 'Disconnect-NAK'
    },
  },
  {
    name: 'ok/ loopback',
    async run(house) {
      for (const host of ['127.0.0.1', '::1']) {
        assert.deepEqual(await house.ask(host, 'auth', { at: 'server' }), {
          code: 'Access-Accept',
          from: host,
        })
      }
      return '127.0.0.1, ::1'
    },
  },
  {
    name: 'ok/ an address that comes while the server runs answers within seconds; one that goes takes nothing along',
    async run(house) {
      const { network } = house
      const change = (what: 'add' | 'del'): void => {
        network.ip('server', 'address', what, `${LATE[0]}/24`, 'dev', 'uplink0')
        network.ip('server', 'address', what, `${LATE[1]}/64`, 'dev', 'uplink0')
      }
      const startedAt = performance.now()
      change('add')
      for (const host of LATE) {
        await until(`an answer from ${host}`, async () => {
          const answer = await house.ask(host, 'auth', { at: 'switch', seconds: 0.5 })
          return answer?.from === host ? answer : undefined
        })
      }
      const seconds = Math.ceil((performance.now() - startedAt) / 1000)
      await house.server.process.waitFor(/is open on 2001:db8:9::3 too/)
      change('del')
      await house.server.process.waitFor(/is closed on 2001:db8:9::3/)
      for (const host of [SERVER4[1], SERVER6[1]]) {
        assert.deepEqual(await house.ask(host), { code: 'Access-Accept', from: host })
      }
      return `after ${seconds} s`
    },
  },
]
