import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import {
  type Attribute,
  attribute,
  encodeReply,
  inspect,
  PacketCode,
  type PacketView,
  Secret,
} from '@sallyport/radius'
import {
  AcctSessionId,
  AcctStatusType,
  Class,
  EapMessage,
  FilterId,
  ProxyState,
  ReplyMessage,
  State,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import { DOOR_MARK, Door, NAS, OTHER_NAS } from '../../../test/door.ts'
import { readReply, request } from '../../../test/requests.ts'
import { configurationSchema, type UpstreamConfiguration } from '../../config/schema.ts'
import type { Source } from '../../listeners/radius-udp/udp-listener.ts'

const SECRET = 'secret between the servers'
const REALM = { name: 'partner', suffixes: ['partner.test'], proxy: { group: 'partner' } }

function upstream(name: string, more: object = {}): UpstreamConfiguration {
  const [parsed] = configurationSchema.parse({
    upstreams: [
      {
        name,
        group: 'partner',
        host: '192.0.2.50',
        secret: SECRET,
        statusServer: false,
        retries: 0,
        ...more,
      },
    ],
  }).upstreams
  return { ...parsed, secret: SECRET } as UpstreamConfiguration // one was given
}

type Answers = (
  packet: PacketView,
) => { readonly code: number; readonly attributes?: readonly Attribute[] } | undefined

interface Played {
  readonly door: Door
  readonly asked: PacketView[]
}

/** A door behind which an upstream answers at once. `tamper`: what happens to its datagrams on the way. */
async function open(
  answers: Answers,
  {
    tamper = (octets: Uint8Array, _request: PacketView): Uint8Array => octets,
    ...options
  }: Parameters<typeof Door.open>[0] & {
    tamper?: (octets: Uint8Array, request: PacketView) => Uint8Array
  } = {},
): Promise<Played> {
  const door = await Door.open({ realms: [REALM], upstreams: [upstream('one')], ...options })
  const asked: PacketView[] = []
  const secret = new Secret(SECRET)
  door.upstreamNetwork = (_to, events) => ({
    send: (datagram) => {
      const inspected = inspect(Uint8Array.from(datagram))
      assert.ok(inspected.ok)
      asked.push(inspected.packet)
      const answer = answers(inspected.packet)
      if (answer === undefined) return
      const { code, attributes = [] } = answer
      const octets = encodeReply({ code, request: inspected.packet, secret, attributes })
      queueMicrotask(() => events.received(tamper(octets, inspected.packet)))
    },
    close: () => {},
  })
  return { door, asked }
}

const accepts: Answers = () => ({ code: PacketCode.AccessAccept })
const login = (id: number, ...more: readonly Attribute[]) =>
  request([attribute(UserName, 'bob@partner.test'), attribute(UserPassword, fromUtf8('any')), ...more], {
    id,
  })

async function answer({ door }: Played, datagram: Uint8Array, from: Source = NAS) {
  const reply = await door.send(datagram, from)
  return reply === undefined ? undefined : readReply(reply, datagram)
}

/** Silence takes time: the clock is moved until everything is given up. */
async function silence({ door }: Played, datagram: Uint8Array): Promise<void> {
  const replies: Uint8Array[] = []
  door.submit(datagram, (octets) => replies.push(octets))
  for (let second = 0; second < 40; second++) {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    door.clock.advance(1000)
    door.upstreams.tick(door.clock.monotonic())
  }
  await door.rest()
  assert.deepEqual(replies, [])
}

describe('what upstreams say', () => {
  test('ok/an accept is a proof, and the rules decide', async () => {
    const rules = [{ name: 'no bob', when: 'user.name == "bob"', effect: 'reject' }]
    const open1 = await open(accepts)
    assert.equal((await answer(open1, login(1)))?.code, PacketCode.AccessAccept)
    const { facts, method } = open1.door.receipt
    assert.deepEqual(
      [facts.user?.name, facts.user?.realm, facts.user?.source, method],
      ['bob', 'partner', 'partner', 'proxied'],
    )
    assert.equal((await answer(await open(accepts, { rules }), login(1)))?.code, PacketCode.AccessReject)
    assert.equal((await answer(await open(accepts, { rules: [] }), login(1)))?.code, PacketCode.AccessReject)
    const tunnels = [{ name: 'peap', effect: 'accept', methods: { outer: ['peap'] } }]
    assert.equal(
      (await answer(await open(accepts, { rules: tunnels }), login(1)))?.code,
      PacketCode.AccessReject,
    )
  })

  test('fail/a reply without Message-Authenticator, or signed with another secret: silence', async () => {
    await silence(await open(accepts, { tamper: withoutMessageAuthenticator }), login(1))
    const legacy = [upstream('old', { requireMessageAuthenticator: false })]
    const lenient = await open(accepts, { tamper: withoutMessageAuthenticator, upstreams: legacy })
    assert.equal((await answer(lenient, login(1)))?.code, PacketCode.AccessAccept)
    const forged = (octets: Uint8Array) => {
      const changed = Uint8Array.from(octets)
      changed[0] = PacketCode.AccessAccept
      return changed
    }
    await silence(await open(() => ({ code: PacketCode.AccessReject }), { tamper: forged }), login(1))
  })

  test('fail/a challenge that does not fit once we signed it is a reject, and no conversation begins', async () => {
    const legacy = [upstream('old', { requireMessageAuthenticator: false })]
    const messages = [...Array.from({ length: 6 }, () => 250), 225]
    const played = await open(
      () => ({
        code: PacketCode.AccessChallenge,
        attributes: [
          attribute(State, fromUtf8('x')),
          ...messages.map((length) => attribute(ReplyMessage, 'x'.repeat(length))),
        ],
      }),
      { tamper: withMessageInPlaceOfAuthenticator, upstreams: legacy },
    )
    const states = Array.from({ length: 9 }, () => attribute(ProxyState, new Uint8Array(253)))
    const packet = await answer(played, login(1, ...states))
    assert.equal(packet?.code, PacketCode.AccessReject)
    assert.equal(packet?.getAll(ProxyState).length, 9)
    assert.equal(played.door.receipt.reason.code, 'challenge-too-long')
    assert.equal(packet?.get(State), undefined)
  })

  test('fail/an accept that contradicts its EAP packet is a reject', async () => {
    const eap = [
      attribute(UserName, 'bob@partner.test'),
      attribute(EapMessage, Uint8Array.of(2, 9, 0, 6, 1, 98)),
    ]
    for (const inside of [undefined, Uint8Array.of(4, 9, 0, 4), Uint8Array.of(1, 9, 0, 5, 4)]) {
      const attributes = inside === undefined ? [] : [attribute(EapMessage, inside)]
      const played = await open(() => ({ code: PacketCode.AccessAccept, attributes }))
      const reply = await answer(played, request(eap))
      assert.equal(reply?.code, PacketCode.AccessReject)
      assert.deepEqual(reply?.get(EapMessage), Uint8Array.of(4, 9, 0, 4))
      assert.equal(played.door.receipt.reason.code, 'upstream-reply-unusable')
    }
  })

  test('fail/no attribute reaches the device that was not allowed, and no State or Proxy-State of the upstream', async () => {
    const attributes = [
      attribute(FilterId, 'administrators'),
      attribute(ReplyMessage, 'hello'),
      attribute(State, fromUtf8('theirs')),
    ]
    const reply = await answer(
      await open(() => ({ code: PacketCode.AccessAccept, attributes })),
      login(1, attribute(ProxyState, fromUtf8('of the access point'))),
    )
    assert.equal(reply?.get(FilterId), undefined)
    assert.equal(reply?.get(State), undefined)
    assert.equal(reply?.get(ReplyMessage), 'hello')
    assert.deepEqual(reply?.getAll(ProxyState), [fromUtf8('of the access point')])
    const allowing = [{ ...REALM, proxy: { group: 'partner', reply: { allow: ['Filter-Id'] } } }]
    const wide = await answer(
      await open(() => ({ code: PacketCode.AccessAccept, attributes }), { realms: allowing }),
      login(1),
    )
    assert.equal(wide?.get(FilterId), 'administrators')
  })

  test('fail/whatever is allowed, State and Proxy-State of the upstream stay there', async () => {
    const realms = [{ ...REALM, proxy: { group: 'partner', reply: { allow: ['*'] } } }]
    const attributes = [attribute(State, fromUtf8('theirs')), attribute(FilterId, 'staff')]
    const played = await open(() => ({ code: PacketCode.AccessAccept, attributes }), { realms })
    const reply = await answer(played, login(1))
    assert.equal(reply?.get(FilterId), 'staff')
    assert.equal(reply?.get(State), undefined)
    // The upstream returned our own Proxy-State; the device never sent one.
    assert.deepEqual(reply?.getAll(ProxyState), [])
  })

  test('fail/an upstream names nobody outside its realm', async () => {
    for (const [told, name] of [
      ['carol@partner.test', 'carol'],
      ['admin@example.org', 'bob'],
      ['admin', 'bob'],
    ] as const) {
      const played = await open(() => ({
        code: PacketCode.AccessAccept,
        attributes: [attribute(UserName, told)],
      }))
      const reply = await answer(played, login(1))
      assert.equal(played.door.receipt.facts.user?.name, name)
      assert.equal(reply?.get(UserName), `${name}@partner.test`)
    }
  })
})

describe('conversations', () => {
  const challenges: Answers = (packet) =>
    packet.get(State) === undefined
      ? { code: PacketCode.AccessChallenge, attributes: [attribute(State, fromUtf8('theirs'))] }
      : { code: PacketCode.AccessAccept }

  test('ok/State is ours toward the device and theirs toward the upstream', async () => {
    const played = await open(challenges)
    const state = (await answer(played, login(1)))?.get(State)
    assert.ok(state !== undefined)
    assert.notDeepEqual(state, fromUtf8('theirs'))
    assert.equal((await answer(played, login(2, attribute(State, state))))?.code, PacketCode.AccessAccept)
    assert.deepEqual(played.asked.at(-1)?.getAll(State), [fromUtf8('theirs')])
    // The conversation is over: its State opens nothing any more.
    assert.equal((await answer(played, login(3, attribute(State, state))))?.code, PacketCode.AccessReject)
    assert.equal(played.asked.length, 2)
  })

  test('fail/a conversation that goes on under another name ends: its first name is the one that is decided about', async () => {
    const other = (name: string, state: Uint8Array) =>
      request(
        [attribute(UserName, name), attribute(UserPassword, fromUtf8('any')), attribute(State, state)],
        { id: 2 },
      )
    for (const name of ['mallory@partner.test', 'BOB@partner.test']) {
      const played = await open(challenges)
      const state = (await answer(played, login(1)))?.get(State)
      assert.ok(state !== undefined)
      assert.equal((await answer(played, other(name, state)))?.code, PacketCode.AccessReject)
      assert.equal(played.door.receipt.reason.code, 'request-not-forwardable')
      assert.equal(played.asked.length, 1)
    }
  })

  test("fail/another client's State, an altered one, the upstream's own, an empty one", async () => {
    const played = await open(challenges)
    const state = (await answer(played, login(1)))?.get(State)
    assert.ok(state !== undefined)
    const altered = Uint8Array.from(state)
    altered[5] = (altered[5] ?? 0) ^ 1
    const cases = [
      [state, OTHER_NAS],
      [altered, NAS],
      [fromUtf8('theirs'), NAS],
      [new Uint8Array(0), NAS],
    ] as const
    for (const [index, [wrong, from]] of cases.entries()) {
      const reply = await answer(played, login(10 + index, { type: 24, octets: wrong }), from)
      assert.equal(reply?.code, PacketCode.AccessReject, `case ${index}`)
    }
    assert.equal(played.asked.length, 1)
  })

  test('fail/a second request of a conversation while the first is with the upstream', async () => {
    let isSilent = false
    const played = await open((packet) => (isSilent ? undefined : challenges(packet)))
    const state = (await answer(played, login(1)))?.get(State)
    assert.ok(state !== undefined)
    isSilent = true
    const replies: Uint8Array[] = []
    const submit = (id: number) =>
      played.door.submit(login(id, attribute(State, state)), (octets) => replies.push(octets))
    submit(2)
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    submit(3)
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    assert.equal(played.asked.length, 2)
    assert.deepEqual(replies, [])
  })

  test('fail/our own mark, or too many proxies: a loop', async () => {
    const played = await open(accepts)
    const mark = attribute(ProxyState, DOOR_MARK.value)
    assert.equal((await answer(played, login(1, mark)))?.code, PacketCode.AccessReject)
    assert.equal(played.door.receipt.reason.code, 'proxy-loop')
    const hops = Array.from({ length: 10 }, (_, hop) => attribute(ProxyState, Uint8Array.of(hop)))
    assert.equal((await answer(played, login(2, ...hops)))?.code, PacketCode.AccessReject)
    assert.equal(played.asked.length, 0)
    assert.equal((await answer(played, login(3, ...hops.slice(1))))?.code, PacketCode.AccessAccept)
    assert.deepEqual(played.asked[0]?.getAll(ProxyState).at(-1), DOOR_MARK.value)
  })

  test('fail/a realm that is proxied is nobody to check here', async () => {
    const played = await open(accepts)
    const inner = await played.door.served.order.authenticate('bob@partner.test', {
      form: 'password',
      password: fromUtf8('any'),
    })
    assert.equal(inner.outcome.kind, 'realm-proxied')
  })
})

test('ok/accounting of the realm is forwarded without our Class, with our mark; other accounting and loops stay here', async () => {
  const { door } = await open(accepts)
  const report = (id: number, user: string, ...more: readonly Attribute[]) =>
    request(
      [
        attribute(UserName, user),
        attribute(AcctStatusType, 1),
        attribute(AcctSessionId, `session ${id}`),
        attribute(Class, fromUtf8('sallyport:ours')),
        attribute(Class, fromUtf8('theirs')),
        ...more,
      ],
      { id, code: PacketCode.AccountingRequest },
    )
  assert.ok((await door.send(report(1, 'bob@partner.test'), NAS, 'accounting')) !== undefined)
  assert.ok((await door.send(report(2, 'alice'), NAS, 'accounting')) !== undefined)
  const mark = attribute(ProxyState, DOOR_MARK.value)
  assert.ok((await door.send(report(3, 'bob@partner.test', mark), NAS, 'accounting')) !== undefined)
  const [forwarded, local, looped] = door.accounted.map(({ forwarding }) => forwarding)
  assert.deepEqual([forwarded?.group, local, looped], ['partner', undefined, undefined])
  const text = Buffer.from(forwarded?.attributes ?? []).toString('latin1')
  assert.ok(text.includes('theirs') && !text.includes('sallyport:ours'))
  assert.ok(text.includes(Buffer.from(DOOR_MARK.value).toString('latin1')))
})

test('ok/weights share the logins of one priority; a higher priority waits for the dead', async () => {
  const upstreams = [
    upstream('one', { host: '192.0.2.51' }),
    upstream('spare', { priority: 2, host: '192.0.2.52' }),
  ]
  const played = await open(() => undefined, { upstreams })
  await silence(played, login(1))
  assert.equal(played.asked.length, 2)
  assert.deepEqual(
    played.door.upstreams.seen().map(({ ports }) => ports[0]?.state),
    ['dead', 'dead'],
  )
  assert.equal(played.door.receipt.reason.code, 'upstream-silent')
  played.asked.length = 0
  assert.equal(await answer(played, login(2)), undefined)
  assert.equal(played.asked.length, 0)
  assert.equal(played.door.receipt.reason.code, 'upstreams-dead')
})

/** As a server before CVE-2024-3596 answers: signed by the Response Authenticator alone (RFC 2865 section 3). */
/** As long as it was, and without a Message-Authenticator, which we add: 18 octets more. */
function withMessageInPlaceOfAuthenticator(octets: Uint8Array, asked: PacketView): Uint8Array {
  const changed = Buffer.from(octets)
  changed.fill('y', 22, 38)
  changed[20] = ReplyMessage.path[0] as number
  changed.set(asked.authenticator, 4)
  createHash('md5').update(changed).update(SECRET).digest().copy(changed, 4)
  return changed
}

function withoutMessageAuthenticator(octets: Uint8Array, asked: PacketView): Uint8Array {
  const short = Buffer.concat([octets.subarray(0, 20), octets.subarray(38)])
  short.writeUInt16BE(short.length, 2)
  short.set(asked.authenticator, 4)
  createHash('md5').update(short).update(SECRET).digest().copy(short, 4)
  return short
}
