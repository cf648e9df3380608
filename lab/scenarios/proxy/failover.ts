/** Upstreams that hang, fall silent, lose packets, die and come back. */
import assert from 'node:assert/strict'
import process from 'node:process'
import type { LabCase } from '../../scenario.ts'
import { PASSWORD } from './configuration.ts'
import type { ProxyHouse } from './house.ts'

type Case = LabCase<ProxyHouse>

export const FAILOVER_CASES: readonly Case[] = [
  {
    name: 'a stopped server (kill -STOP): the first login waits and moves on, the next does not wait, -CONT revives',
    async run(house) {
      await house.mend()
      const { pid } = house.first.server.process
      process.kill(pid, 'SIGSTOP')
      try {
        const slow = await house.login('bob@partner.test')
        assert.equal(slow.code, 'Access-Accept', slow.output)
        const { body } = await house.receipt(slow.station)
        assert.equal(body.proxy?.upstream, 'second')
        await house.state('first', 'dead')
        const quick = await house.login('bob@partner.test')
        assert.equal(quick.code, 'Access-Accept', quick.output)
        const { milliseconds = 0, upstream } = (await house.receipt(quick.station)).body.proxy ?? {}
        assert.equal(upstream, 'second')
        assert.ok(milliseconds < 300, `${milliseconds} ms`)
        process.kill(pid, 'SIGCONT')
        await house.state('first', 'up')
        const back = await house.login('bob@partner.test')
        assert.equal((await house.receipt(back.station)).body.proxy?.upstream, 'first')
        return `${body.proxy?.milliseconds} ms, then ${milliseconds} ms`
      } finally {
        process.kill(pid, 'SIGCONT')
        await house.mend()
      }
    },
  },
  {
    name: 'real silence of both: nobody answers, nobody is rejected, and the receipt says who was asked',
    async run(house) {
      for (const { wire } of [house.first, house.second]) wire.loses = () => true
      try {
        const first = await house.login('bob@partner.test', undefined, 3)
        assert.equal(first.code, undefined, first.output)
        const { body, sentence } = await house.receipt(first.station)
        assert.equal(body.reason.code, 'upstream-silent')
        await house.state('first', 'dead')
        await house.state('second', 'dead')
        const next = await house.login('bob@partner.test', undefined, 1)
        assert.equal(next.code, undefined)
        assert.equal((await house.receipt(next.station)).body.reason.code, 'upstreams-dead')
        const local = await house.login('alice')
        assert.equal(local.code, 'Access-Accept')
        return sentence ?? ''
      } finally {
        await house.mend()
      }
    },
  },
  {
    name: 'a lost request is sent again and the server stays up',
    async run(house) {
      await house.mend()
      let lost = 0
      house.first.wire.loses = ({ toServer, octets }) => toServer && octets[0] === 1 && lost++ === 0
      try {
        const reply = await house.login('bob@partner.test')
        assert.equal(reply.code, 'Access-Accept', reply.output)
        const { body } = await house.receipt(reply.station)
        assert.deepEqual([body.proxy?.upstream, body.proxy?.attempts], ['first', 2])
        return '2 attempts'
      } finally {
        await house.mend()
      }
    },
  },
  {
    name: 'a conversation keeps to its server: when that falls silent half way, there is silence and no other is asked',
    async run(house) {
      await house.mend()
      let challenges = 0
      house.first.wire.loses = ({ toServer, octets }) =>
        octets[0] !== 12 && ((!toServer && octets[0] === 11 && ++challenges > 2) || challenges > 2)
      try {
        house.second.wire.forget()
        const result = await house.eap(
          [
            'eap=PEAP',
            'identity="bob@partner.test"',
            `password="${PASSWORD}"`,
            `ca_cert="${house.ca.certificate}"`,
            'phase2="auth=MSCHAPV2"',
          ],
          false,
          3,
        )
        assert.ok(!result.success && !result.rejected, result.output.slice(-2000))
        const asked = house.second.wire.seen.filter(({ toServer, octets }) => toServer && octets[0] === 1)
        assert.equal(asked.length, 0)
        return `${challenges - 1} challenges, then silence`
      } finally {
        await house.mend()
      }
    },
  },
]
