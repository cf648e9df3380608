import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Secret } from '@sallyport/radius'
import { Door, NAS, SECRET } from '../../test/door.ts'
import { login, readReply } from '../../test/requests.ts'
import { RequestError } from '../kernel/errors.ts'
import { type DryLogin, dryDecision } from './dry-run.ts'
import { readableAttributes } from './readable-attributes.ts'
import type { ServedClient } from './served-client.ts'

const PROFILES = [
  {
    name: 'staff',
    vlan: 42,
    acl: ['permit ip from any to any'],
    urlRedirect: { url: 'https://portal.example.org/' },
    dnsServers: ['192.0.2.53', '2001:db8::53'],
  },
  { name: 'guest', role: 'guest' },
  {
    name: 'huge',
    attributes: Array.from({ length: 20 }, (_, n) => ({
      name: 'Reply-Message',
      value: `${n}`.padEnd(240, 'x'),
    })),
  },
]
const RULES = [
  { name: 'by-connection', when: 'request.connection == "Lab VPN"', effect: 'accept', profiles: ['staff'] },
  { name: 'wired', when: 'request.nasPortType == "Ethernet"', effect: 'accept', profiles: ['huge'] },
  { name: 'guests', when: '"Guests" in user.groups', effect: 'accept', profiles: ['guest'] },
  {
    name: 'staff',
    when: '"Staff" in user.groups && client.name == "nas"',
    effect: 'accept',
    profiles: ['staff'],
  },
] as const

const CLIENT: ServedClient = {
  name: 'nas',
  vendor: 'cisco',
  enabled: true,
  secrets: [new Secret(SECRET)],
  rules: { requireMessageAuthenticator: true },
  macAuthentication: undefined,
  connections: new Map([['Lab-VPN-staff', 'Lab VPN']]),
}
const LOGIN: DryLogin = { user: 'alice', method: 'pap', attributes: [], address: NAS.address, now: 0 }

async function withDoor(work: (door: Door) => Promise<void>): Promise<void> {
  const door = await Door.open({ vendor: 'cisco', profiles: PROFILES, rules: RULES })
  try {
    await door.users.add('alice')
    await work(door)
  } finally {
    door.close()
  }
}

function dry(door: Door, about: Partial<DryLogin> = {}) {
  return dryDecision({ ...LOGIN, now: door.clock.now(), ...about }, CLIENT, door.served)
}

describe('a dry run', () => {
  it('ok/ is what a real login gets, and leaves no trace', () =>
    withDoor(async (door) => {
      const tried = await dry(door)
      assert.equal(door.receipts.length, 0)
      const sent = login('pap')
      const reply = (await door.send(sent)) ?? new Uint8Array()
      const real = Object.entries(readableAttributes(readReply(reply, sent))).flatMap(([name, values]) =>
        values.map((value) => ({ name, value })),
      )
      const comparable = (all: readonly { name: string; value: string }[]) =>
        all.filter(({ name }) => name !== 'Class' && name !== 'Message-Authenticator')
      assert.deepEqual(comparable(tried.reply.attributes), comparable(real))
      assert.equal(tried.reply.octets, reply.length)
      assert.deepEqual([tried.rule, tried.profiles, tried.groups], ['staff', ['staff'], ['Staff']])
      assert.deepEqual(
        tried.rules?.map(({ rule, outcome }) => [rule, outcome]),
        [
          ['by-connection', 'unknown'],
          ['wired', 'unknown'],
          ['guests', 'not-matched'],
          ['staff', 'matched'],
        ],
      )
    }))

  it('ok/ groups in place of those the user has, and for nobody', () =>
    withDoor(async (door) => {
      const visitor = await dry(door, { user: 'visitor', groups: ['Staff'] })
      assert.deepEqual([visitor.reply.outcome, visitor.rule], ['accept', 'staff'])
      const nobody = await dry(door, { groups: [] })
      assert.equal(nobody.reply.reason.code, 'no-rule-matched')
    }))

  it('fail/ what the vendor cannot be told, and what fits no packet, is a reject as it would be', () =>
    withDoor(async (door) => {
      const guest = await dry(door, { groups: ['Guests'] })
      assert.deepEqual([guest.reply.outcome, guest.reply.reason.code], ['reject', 'reply-unbuildable'])
      assert.deepEqual(guest.reply.attributes, [])
      const wired = await dry(door, { attributes: [{ name: 'NAS-Port-Type', value: 'Ethernet' }] })
      assert.deepEqual([wired.rule, wired.reply.reason.code], ['wired', 'reply-unbuildable'])
    }))

  it('ok/ the connection a gateway names in NAS-Port-Id, fail/ a name none of its connections has', () =>
    withDoor(async (door) => {
      const by = (value: string) => dry(door, { attributes: [{ name: 'NAS-Port-Id', value }] })
      assert.equal((await by('Lab-VPN-staff')).rule, 'by-connection')
      assert.equal((await by('Lab VPN')).rule, 'staff')
      assert.equal((await dry(door)).rule, 'staff')
    }))

  it('fail/ an account that may not log in', () =>
    withDoor(async (door) => {
      assert.equal((await dry(door, { user: 'nobody' })).reply.reason.code, 'user-not-found')
      assert.equal((await dry(door, { user: 'alice@elsewhere' })).reply.reason.code, 'realm-unknown')
      await door.users.add('carol', { disabled: true })
      const carol = await dry(door, { user: 'carol', groups: ['Staff'] })
      assert.equal(carol.reply.reason.code, 'account-disabled')
    }))

  it('fail/ an attribute that is none', () =>
    withDoor(async (door) => {
      const attributes = [{ name: 'No-Such', value: '1' }]
      await assert.rejects(dry(door, { attributes }), (error) => error instanceof RequestError)
    }))
})
