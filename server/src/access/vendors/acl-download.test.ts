import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attribute, PacketCode, type PacketView } from '@sallyport/radius'
import { CiscoAVPair, ProxyState, State, UserName } from '@sallyport/radius/attributes'
import { Door, type DoorOptions, LEGACY_NAS, NAS, OTHER_NAS } from '../../../test/door.ts'
import { login, readReply, request } from '../../../test/requests.ts'
import { downloadableAcl } from './downloadable-acl.ts'

const LONG = Array.from(
  { length: 300 },
  (_, n) => `permit tcp from self to 10.${n >> 8}.${n & 255}.0/24 port 443`,
)
const PROFILES = [
  { name: 'short', acl: ['deny ip from self to 10.0.0.0/8', 'permit ip from any to any'] },
  { name: 'long', acl: LONG },
] as const
const RULES = [{ name: 'long', when: 'user.name == "alice"', effect: 'accept', profiles: ['long'] }] as const

async function withDoor(options: DoorOptions, work: (door: Door) => Promise<void>): Promise<void> {
  const door = await Door.open({ vendor: 'cisco', profiles: PROFILES, rules: RULES, ...options })
  try {
    await work(door)
  } finally {
    door.close()
  }
}

let id = 0
interface Ask {
  readonly state?: Uint8Array | undefined
  readonly from?: { readonly address: string; readonly port: number }
  readonly messageAuthenticator?: boolean
  readonly event?: string
  /** Octets of Proxy-State. */
  readonly proxyState?: number
}

async function ask(
  door: Door,
  list: string,
  { state, from = NAS, event, proxyState = 0, ...options }: Ask = {},
): Promise<PacketView> {
  const attributes = [
    attribute(UserName, list),
    attribute(CiscoAVPair, 'aaa:service=ip_admission'),
    attribute(CiscoAVPair, event ?? 'aaa:event=acl-download'),
    ...(state === undefined ? [] : [attribute(State, state)]),
    ...Array.from({ length: proxyState / 250 }, () => attribute(ProxyState, new Uint8Array(248))),
  ]
  id = (id + 1) % 256
  const sent = request(attributes, { id, ...options })
  const reply = await door.send(sent, from)
  assert.ok(reply !== undefined, 'an answer')
  return readReply(reply, sent)
}

function nameOf(profile: (typeof PROFILES)[number]): string {
  return downloadableAcl(profile.acl, { aclOf: profile.name }, 'wildcard').name
}

const [SHORT_PROFILE, LONG_PROFILE] = PROFILES
const SHORT_NAME = nameOf(SHORT_PROFILE)
const LONG_NAME = nameOf(LONG_PROFILE)

async function refused(door: Door, list: string, why: RegExp, options: Ask = {}): Promise<void> {
  const reply = await ask(door, list, options)
  assert.equal(reply.code, PacketCode.AccessReject)
  assert.equal(reply.getAll(CiscoAVPair).length, 0)
  assert.equal(door.receipt.reason.code, 'acl-download-refused')
  assert.match(JSON.stringify(door.receipt.reason.values), why)
}

describe('downloadable access lists of Cisco', () => {
  it('ok/ a long list comes in several answers, whole and in order', () =>
    withDoor({}, async (door) => {
      await door.users.add('alice')
      const sent = login('pap', { id: 200 })
      const accept = readReply((await door.send(sent)) ?? new Uint8Array(), sent)
      assert.deepEqual(accept.getAll(CiscoAVPair), [`ACS:CiscoSecure-Defined-ACL=${LONG_NAME}`])
      const entries: string[] = []
      let state: Uint8Array | undefined
      let rounds = 0
      for (; rounds < 20; rounds++) {
        const reply = await ask(door, LONG_NAME, { state })
        entries.push(...reply.getAll(CiscoAVPair))
        if (reply.code === PacketCode.AccessAccept) break
        assert.equal(reply.code, PacketCode.AccessChallenge)
        state = reply.get(State)
      }
      assert.ok(rounds >= 3, `${rounds} challenges`)
      assert.deepEqual(
        entries,
        LONG.map((_, n) => `ip:inacl#${n + 1}=permit tcp any 10.${n >> 8}.${n & 255}.0 0.0.0.255 eq 443`),
      )
    }))

  it('ok/ a list of a profile no rule uses yet: CoA may name it', () =>
    withDoor({}, async (door) => {
      const reply = await ask(door, SHORT_NAME)
      assert.equal(reply.code, PacketCode.AccessAccept)
      assert.deepEqual(reply.getAll(CiscoAVPair), [
        'ip:inacl#1=deny ip any 10.0.0.0 0.255.255.255',
        'ip:inacl#2=permit ip any any',
      ])
    }))

  it('fail/ Proxy-State that leaves less room, and none', () =>
    withDoor({}, async (door) => {
      const whole = await ask(door, LONG_NAME)
      const less = await ask(door, LONG_NAME, { proxyState: 2000 })
      assert.equal(less.code, PacketCode.AccessChallenge)
      assert.ok(less.getAll(CiscoAVPair).length < whole.getAll(CiscoAVPair).length)
      await refused(door, LONG_NAME, /no room/, { proxyState: 3750 })
    }))

  it('fail/ another version, and no such list', () =>
    withDoor({}, async (door) => {
      await refused(door, SHORT_NAME.replace(/.$/, 'x'), /no list of this name and version/)
      await refused(door, '#ACSACL#-IP-', /no list of this name/)
      await refused(door, '#ACSACL#-IP-__proto__', /no list of this name/)
    }))

  it('fail/ a client that is no Cisco device', () =>
    withDoor({}, async (door) => {
      await refused(door, LONG_NAME, /its vendor is \\"other\\"/, { from: OTHER_NAS })
    }))

  it('fail/ without Message-Authenticator nothing proves the request, legacy client or not', async () => {
    await withDoor({ legacyVendor: 'cisco' }, async (door) => {
      const list = LONG_NAME
      const unsigned = { from: LEGACY_NAS, messageAuthenticator: false } as const
      await refused(door, list, /no Message-Authenticator/, unsigned)
    })
  })

  it('fail/ a State that is altered, of another list, of another client, empty, or past the end', () =>
    withDoor({ otherVendor: 'cisco' }, async (door) => {
      const list = LONG_NAME
      const state = (await ask(door, list)).get(State)
      assert.ok(state !== undefined)
      const altered = state.map((octet, at) => (at === 1 ? octet + 1 : octet))
      await refused(door, list, /its State/, { state: altered })
      await refused(door, list, /its State/, { state: Uint8Array.of(0, 5) })
      await refused(door, list, /its State/, { state: Uint8Array.of(0xff, 0xff, ...state.subarray(2)) })
      await refused(door, list, /its State/, { state, from: OTHER_NAS })
      await refused(door, SHORT_NAME, /its State/, { state })
    }))

  it('fail/ a user who is called like a list logs in as a user', () =>
    withDoor({}, async (door) => {
      const reply = await ask(door, LONG_NAME, { event: 'aaa:event=something-else' })
      assert.equal(reply.code, PacketCode.AccessReject)
      assert.equal(door.receipt.reason.code, 'no-credentials')
    }))
})
