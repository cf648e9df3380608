/** radclient plays a Cisco switch that fetches the access list its accept named. */
import assert from 'node:assert/strict'
import { MESSAGE_AUTHENTICATOR } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { LONG_LIST, PASSWORD, type VendorsHouse } from './house.ts'

type Case = LabCase<VendorsHouse>

const EVENT = ['Cisco-AVPair += "aaa:service=ip_admission"', 'Cisco-AVPair += "aaa:event=acl-download"']

function asks(list: string, ...more: readonly string[]): readonly string[] {
  return [`User-Name = "${list}"`, ...EVENT, ...more]
}

async function nameFor(house: VendorsHouse, user: string): Promise<string> {
  const { code, attributes } = await house.ask('cisco', [
    `User-Name = ${user}`,
    `User-Password = "${PASSWORD}"`,
    MESSAGE_AUTHENTICATOR,
  ])
  assert.equal(code, 'Access-Accept')
  const name = attributes
    .map((line) => /Defined-ACL=([^"]+)"/.exec(line)?.[1])
    .find((each) => each !== undefined)
  assert.ok(name !== undefined, attributes.join('\n'))
  return name
}

export const DOWNLOAD_CASES: readonly Case[] = [
  {
    name: 'a Cisco switch fetches a short list in one answer',
    async run(house) {
      const { code, attributes } = await house.ask(
        'cisco',
        asks(await nameFor(house, 'alice'), MESSAGE_AUTHENTICATOR),
      )
      assert.equal(code, 'Access-Accept')
      const entries = attributes.filter((line) => line.startsWith('Cisco-AVPair'))
      assert.deepEqual(entries, [
        'Cisco-AVPair = "ip:inacl#1=deny ip any 10.0.0.0 0.255.255.255"',
        'Cisco-AVPair = "ip:inacl#2=permit ip any any"',
      ])
      return `${entries.length} entries`
    },
  },
  {
    name: 'a Cisco switch fetches a long list in several rounds',
    async run(house) {
      const list = await nameFor(house, 'long')
      const entries: string[] = []
      let state: string | undefined
      let rounds = 0
      for (; rounds < 20; rounds++) {
        const more = state === undefined ? [] : [`State = ${state}`]
        const { code, attributes } = await house.ask('cisco', asks(list, ...more, MESSAGE_AUTHENTICATOR))
        entries.push(...attributes.flatMap((line) => /^Cisco-AVPair = "(.*)"$/.exec(line)?.[1] ?? []))
        if (code === 'Access-Accept') break
        assert.equal(code, 'Access-Challenge')
        state = attributes
          .map((line) => /^State = (0x[0-9a-f]+)$/.exec(line)?.[1])
          .find((each) => each !== undefined)
      }
      assert.ok(rounds >= 2, `${rounds} challenges`)
      assert.equal(entries.length, LONG_LIST.length)
      entries.forEach((entry, n) => {
        assert.equal(
          entry,
          `ip:inacl#${n + 1}=permit tcp any 10.${n >> 6}.${n & 63}.0 0.0.0.255 eq ${1000 + n}`,
        )
      })
      return `${entries.length} entries in ${rounds + 1} answers`
    },
  },
  {
    name: 'no list for another vendor, and none by an old name',
    async run(house) {
      const list = await nameFor(house, 'alice')
      const other = await house.ask('other', asks(list, MESSAGE_AUTHENTICATOR))
      assert.equal(other.code, 'Access-Reject')
      const old = await house.ask('cisco', asks(list.replace(/.{8}$/, '00000000'), MESSAGE_AUTHENTICATOR))
      assert.equal(old.code, 'Access-Reject')
      for (const { attributes } of [other, old]) {
        assert.ok(!attributes.some((line) => line.startsWith('Cisco-AVPair')))
      }
      await until('two receipts', async () => {
        const receipts = await house.server.api.receipts({ reason: 'acl-download-refused' })
        return receipts.length === 2 ? receipts : undefined
      })
      return 'two rejects, acl-download-refused'
    },
  },
]
