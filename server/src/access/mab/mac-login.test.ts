import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { EapPeer, type EapPeerMethodFactory, EapType, gtcPeer, md5Peer } from '@sallyport/eap'
import { type Attribute, attribute, PacketCode } from '@sallyport/radius'
import { CallingStationId, NasPortId, ServiceType, UserName } from '@sallyport/radius/attributes'
import { CHECK_SWITCH, Door, NAME_SWITCH, NAS, OTHER_NAS } from '../../../test/door.ts'
import { EapClient } from '../../../test/eap-client.ts'
import { proof, readReply, request } from '../../../test/requests.ts'
import type { StoredMac } from '../../identity/mac/stored-mac.ts'
import type { Source } from '../../listeners/radius-udp/udp-listener.ts'

const MAC = '0a1b2c3d4e5f'
const CALLING = attribute(CallingStationId, '0A-1B-2C-3D-4E-5F')
const CHECK = attribute(ServiceType, 10)

const PRINTER: StoredMac = {
  mac: MAC,
  description: 'Printer, 2nd floor',
  groups: ['Printers'],
  owner: 'facilities',
  disabled: false,
  attributes: {},
}

const RULES = [
  { name: 'printers', when: '"Printers" in mac.groups', methods: { outer: ['mab'] }, effect: 'accept' },
  { name: 'users', when: 'user.source == "local"', effect: 'accept' },
]

let id = 0

/** A house whose MAC store has a printer, and whose users are alice and somebody named as a MAC address. */
async function open(rules: readonly object[] = RULES): Promise<Door> {
  const door = await Door.open({ rules })
  await door.users.add('alice')
  await door.users.add(MAC, { password: MAC })
  await door.users.add('0000000000aa', { password: '0000000000aa' })
  door.macs.set(MAC, PRINTER)
  return door
}

async function ask(door: Door, from: Source, ...attributes: readonly Attribute[]) {
  const datagram = request(attributes, { id: ++id & 255, number: id })
  const reply = await door.send(datagram, from)
  const { reason, method } = door.receipt
  return [reply === undefined ? 'silence' : CODES.get(readReply(reply, datagram).code), reason.code, method]
}

const CODES = new Map<number, string>([
  [PacketCode.AccessAccept, 'accept'],
  [PacketCode.AccessReject, 'reject'],
])

const name = (text: string): Attribute => attribute(UserName, text)

function eap(
  door: Door,
  from: Source,
  about: readonly Attribute[],
  methods: ReadonlyMap<number, EapPeerMethodFactory>,
  identity = MAC,
): EapClient {
  id += 20
  return new EapClient(door, new EapPeer({ identity, methods }), { number: id, from, about })
}

const MD5 = (password: string) => new Map([[EapType.Md5Challenge, md5Peer({ password })]])

suite('MAC authentication bypass', () => {
  test('ok/Call-Check: in every format, by PAP, CHAP and without a password', async () => {
    const door = await open()
    for (const text of ['0a1b2c3d4e5f', '0A-1B-2C-3D-4E-5F', '0a1b.2c3d.4e5f', '0a:1b:2c:3d:4e:5f']) {
      for (const proved of [proof('pap', 'x'), proof('chap', 'x'), []])
        assert.deepEqual(await ask(door, CHECK_SWITCH, name(text), CHECK, CALLING, ...proved), [
          'accept',
          'accepted',
          'mab',
        ])
    }
    const { user, auth, mac } = door.receipt.facts
    assert.deepEqual([user?.name, user?.source, user?.groups], [MAC, 'mac', []])
    assert.deepEqual([auth?.method, mac?.address, mac?.groups], ['mab', MAC, ['Printers']])
    assert.equal(door.receipt.facts.request?.callingMac, MAC)
    assert.deepEqual(door.users.lookups, [], 'users are never asked')
  })

  test('ok/name and password are the MAC address: PAP in another format too, CHAP', async () => {
    const door = await open()
    for (const proved of [proof('pap', MAC), proof('pap', '0A:1B:2C:3D:4E:5F'), proof('chap', MAC)])
      assert.deepEqual(await ask(door, NAME_SWITCH, name(MAC), CALLING, ...proved), [
        'accept',
        'accepted',
        'mab',
      ])
  })

  test('fail/a user by MAC authentication: known to the local source, unknown to the MAC store', async () => {
    const door = await open()
    const other = attribute(CallingStationId, '00-00-00-00-00-AA')
    const login = [name('0000000000aa'), other, ...proof('pap', '0000000000aa')]
    for (const [from, more] of [
      [CHECK_SWITCH, [CHECK]],
      [NAME_SWITCH, []],
    ] as const)
      assert.deepEqual(await ask(door, from, ...login, ...more), ['reject', 'mac-unknown', 'mab'])
    assert.deepEqual(door.users.lookups, [])
    // The same login through a client that does no MAC authentication is a user's.
    assert.deepEqual(await ask(door, NAS, ...login), ['accept', 'accepted', 'pap'])
  })

  test('fail/a MAC address of the MAC store as a user login', async () => {
    const door = await Door.open({ rules: [{ name: 'all', when: 'true', effect: 'accept' }] })
    door.macs.set(MAC, PRINTER)
    const login = [name(MAC), CALLING, ...proof('pap', MAC)]
    assert.deepEqual(await ask(door, NAS, ...login, CHECK), ['reject', 'user-not-found', 'pap'])
    assert.deepEqual(await ask(door, CHECK_SWITCH, ...login), ['reject', 'user-not-found', 'pap'])
    for (const method of ['mschap', 'mschapv2'] as const) {
      const proved = proof(method, MAC, MAC)
      for (const from of [CHECK_SWITCH, NAME_SWITCH])
        assert.deepEqual(await ask(door, from, name(MAC), CALLING, CHECK, ...proved), [
          'reject',
          'user-not-found',
          method,
        ])
    }
    const wrong = [name(MAC), CALLING, ...proof('pap', 'another')]
    assert.deepEqual(await ask(door, NAME_SWITCH, ...wrong), ['reject', 'user-not-found', 'pap'])
  })

  test('fail/Calling-Station-Id names somebody else, or nobody', async () => {
    const door = await open()
    for (const [from, more] of [
      [CHECK_SWITCH, [CHECK]],
      [NAME_SWITCH, []],
    ] as const) {
      const login = [name(MAC), ...proof('pap', MAC), ...more]
      assert.deepEqual(await ask(door, from, ...login), ['reject', 'mac-contradicted', 'mab'])
      for (const calling of ['0A-1B-2C-3D-4E-60', '192.0.2.1', 'FF-FF-FF-FF-FF-FF']) {
        const station = attribute(CallingStationId, calling)
        assert.deepEqual(await ask(door, from, ...login, station), ['reject', 'mac-contradicted', 'mab'])
      }
    }
  })

  test('fail/disabled, expired, no rule that lists mab', async () => {
    const door = await open([...RULES.slice(1), { name: 'all', when: 'true', effect: 'accept' }])
    const login = [name(MAC), CHECK, CALLING]
    assert.deepEqual(await ask(door, CHECK_SWITCH, ...login), ['reject', 'mab-not-listed', 'mab'])
    door.macs.set(MAC, { ...PRINTER, disabled: true })
    assert.deepEqual(await ask(door, CHECK_SWITCH, ...login), ['reject', 'mac-disabled', 'mab'])
    door.macs.set(MAC, { ...PRINTER, expiresAt: door.clock.now() })
    assert.deepEqual(await ask(door, CHECK_SWITCH, ...login), ['reject', 'mac-expired', 'mab'])
  })

  test('fail/a MAC store that cannot be read is silence', async () => {
    const door = await open()
    door.macs.get = () => {
      throw new Error('disk')
    }
    assert.deepEqual(await ask(door, CHECK_SWITCH, name(MAC), CHECK, CALLING), [
      'silence',
      'source-unavailable',
      'mab',
    ])
    assert.equal(door.broken.length, 1)
  })

  test('ok/EAP-MD5 with the MAC address as name and password', async () => {
    const door = await open()
    for (const [from, about] of [
      [CHECK_SWITCH, [name(MAC), CHECK, CALLING]],
      [NAME_SWITCH, [name(MAC), CALLING]],
    ] as const) {
      const packet = await eap(door, from, about, MD5(MAC)).run()
      assert.equal(packet.code, PacketCode.AccessAccept)
      assert.equal(door.receipt.method, 'mab')
    }
    assert.deepEqual(door.users.lookups, [])
    assert.equal(door.conversations.size, 0)
  })

  test('fail/EAP: wrong password, another method, another identity, contradicted, a user', async () => {
    const door = await open()
    const about = [name(MAC), CALLING]
    for (const [why, client] of [
      ['mac-proof-wrong', eap(door, NAME_SWITCH, about, MD5('guess'))],
      [
        'eap-nak-to-forbidden-method',
        eap(door, NAME_SWITCH, about, new Map([[EapType.Gtc, gtcPeer({ password: MAC })]])),
      ],
      ['eap-no-common-method', eap(door, NAME_SWITCH, about, MD5('correct horse'), 'alice')],
      ['mac-contradicted', eap(door, NAME_SWITCH, [name(MAC)], MD5(MAC))],
      // The store knows the address, and this client does no MAC authentication: a user's login, by EAP.
      ['wrong-password', eap(door, OTHER_NAS, about, MD5('guess'))],
    ] as const) {
      assert.equal((await client.run()).code, PacketCode.AccessReject)
      assert.equal(door.receipt.reason.code, why)
    }
  })

  test("fail/a conversation that began as a user's does not become one of the MAC store", async () => {
    const door = await open()
    const client = eap(door, NAME_SWITCH, [name('alice'), CALLING], MD5('correct horse'), 'alice')
    const first = await client.next()
    assert.ok(first)
    await client.send(first)
    assert.equal((await client.run()).code, PacketCode.AccessAccept)
    assert.deepEqual([door.receipt.method, door.receipt.user], ['eap-md5', 'alice'])
  })

  test('fail/100,000 unknown addresses: bounded, and the port is told', async () => {
    const door = await open()
    const port = attribute(NasPortId, 'GigabitEthernet1/0/7')
    const station = attribute(CallingStationId, '02-00-00-00-00-01')
    assert.deepEqual(await ask(door, CHECK_SWITCH, name('020000000001'), CHECK, station, port), [
      'reject',
      'mac-unknown',
      'mab',
    ])
    assert.deepEqual(
      door.unknownMacs.list().map(({ mac, client, port: at, count }) => [mac, client, at, count]),
      [['020000000001', 'check-switch', 'GigabitEthernet1/0/7', 1]],
    )
    for (let n = 0; n < 100_000; n++)
      door.unknownMacs.note(n.toString(16).padStart(12, '0'), 'check-switch', '', door.clock.now())
    assert.ok(door.unknownMacs.list().length <= 2000)
    // Once added it is unknown no more.
    door.macs.set('020000000001', { ...PRINTER, mac: '020000000001' })
    await ask(door, CHECK_SWITCH, name('020000000001'), CHECK, station)
    assert.ok(!door.unknownMacs.list().some(({ mac }) => mac === '020000000001'))
  })
})
