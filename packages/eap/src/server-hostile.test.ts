import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8 } from '@sallyport/bytes'
import fc from 'fast-check'
import { PasswordVerifier } from '../test/password-verifier.ts'
import { DONE, ScriptedMethod } from '../test/scripted-method.ts'
import { EapType } from './eap-type.ts'
import { gtcServer } from './methods/eap-gtc/server.ts'
import { md5Server } from './methods/eap-md5/server.ts'
import { mschapV2Peer } from './methods/eap-mschapv2/peer.ts'
import { mschapV2Server } from './methods/eap-mschapv2/server.ts'
import { encodeRequest, encodeResponse, encodeSuccess } from './packet.ts'
import { EapPeer } from './peer.ts'
import { type EapAnswer, EapServer, type EapServerOptions } from './server.ts'

const alice = fromUtf8('alice')

function serverOf(types: readonly number[], more: Partial<EapServerOptions> = {}): EapServer {
  return new EapServer({
    methods: new Map(types.map((type) => [type, () => new ScriptedMethod(type)])),
    offer: () => types,
    ...more,
  })
}

/** A conversation in which the first method (type) was proposed with identifier 2. */
async function proposed(types: readonly number[]): Promise<EapServer> {
  const server = serverOf(types)
  const answer = await server.receive(encodeResponse(1, 1, alice))
  assert.equal(answer.kind, 'request')
  return server
}

function code(answer: EapAnswer): string {
  return 'reason' in answer ? `${answer.kind} ${answer.reason.code}` : answer.kind
}

test('fail/response before request', async () => {
  for (const type of [3, 4, 25, 254]) {
    const answer = await serverOf([4]).receive(encodeResponse(1, type, fromHex('00000000000003')))
    assert.equal(code(answer), 'ignore unexpected-packet', `type ${type}`)
  }
})

test('fail/packets that only a server sends', async () => {
  const server = await proposed([4])
  for (const packet of [encodeRequest(2, 4, alice), encodeSuccess(2), fromHex('04020004')]) {
    assert.equal(code(await server.receive(packet)), 'ignore unexpected-packet')
  }
})

test('fail/wrong identifier', async () => {
  const server = await proposed([4])
  for (const identifier of [0, 1, 3, 255]) {
    assert.equal(code(await server.receive(encodeResponse(identifier, 4, alice))), 'ignore unexpected-packet')
  }
  assert.equal(code(await server.receive(encodeResponse(2, 4, alice))), 'request')
})

test('fail/length faults are discarded and the conversation goes on', async () => {
  const server = await proposed([4])
  for (const octets of [
    '',
    '02',
    '02020004',
    '02020003 04',
    '0202ffff 04 00',
    '02020007 04 00',
    '00020006 04 00',
  ]) {
    assert.equal(code(await server.receive(fromHex(octets))), 'ignore malformed-packet', octets)
  }
  assert.equal(code(await server.receive(encodeResponse(2, 4, alice))), 'request')
})

test('fail/an identity that is not UTF-8 or holds a NUL', async () => {
  for (const identity of ['ff', '616c00626f62']) {
    const answer = await serverOf([4]).receive(encodeResponse(1, 1, fromHex(identity)))
    assert.equal(code(answer), 'failure malformed-packet')
  }
})

test('fail/something else than an identity is answered to Request/Identity', async () => {
  const server = serverOf([4], { randomBytes: () => Uint8Array.of(0) })
  server.start()
  for (const type of [2, 3, 4]) {
    assert.equal(
      code(await server.receive(encodeResponse(1, type, Uint8Array.of(4)))),
      'ignore unexpected-packet',
    )
  }
})

test('fail/empty Nak, Nak with zero, Expanded Nak with nothing', async () => {
  const naks: readonly (readonly [number, string])[] = [
    [3, ''],
    [3, '00'],
    [254, '00000000000003'],
    [254, '00000000000003 fe00000000000000'],
  ]
  for (const [type, data] of naks) {
    const server = await proposed([25, 4])
    assert.equal(
      code(await server.receive(encodeResponse(2, type, fromHex(data)))),
      'failure no-common-method',
    )
  }
})

test('fail/Nak to a method that is not offered', async () => {
  const server = await proposed([25, 13])
  const answer = await server.receive(encodeResponse(2, 3, Uint8Array.of(4, 43)))
  assert.ok(answer.kind === 'failure')
  assert.deepEqual(answer.reason, {
    code: 'nak-to-forbidden-method',
    detail: { offered: '25,13', wanted: '4,43' },
  })
  assert.equal(answer.method, 'peap')
})

test('ok/Expanded Nak to an offered method', async () => {
  const server = await proposed([25, 13])
  const answer = await server.receive(encodeResponse(2, 254, fromHex('00000000000003 fe0000000000000d')))
  assert.ok(answer.kind === 'request' && answer.packet[4] === 13)
})

test('fail/a Nak loop ends: no method is proposed twice', async () => {
  const server = await proposed([25, 13])
  const second = await server.receive(encodeResponse(2, 3, Uint8Array.of(13)))
  assert.ok(second.kind === 'request' && second.packet[4] === 13)
  assert.equal(
    code(await server.receive(encodeResponse(3, 3, Uint8Array.of(25)))),
    'failure no-common-method',
  )
})

test('fail/a Nak that asks for the very method it refuses', async () => {
  const server = await proposed([25])
  assert.equal(
    code(await server.receive(encodeResponse(2, 3, Uint8Array.of(25)))),
    'failure no-common-method',
  )
})

test('fail/a Nak after the method has begun is discarded', async () => {
  const server = await proposed([25, 4])
  assert.equal(code(await server.receive(encodeResponse(2, 25, alice))), 'request')
  assert.equal(code(await server.receive(encodeResponse(3, 3, Uint8Array.of(4)))), 'ignore unexpected-packet')
  assert.equal(code(await server.receive(encodeResponse(3, 25, alice))), 'request')
})

test('fail/another method than the one proposed', async () => {
  const server = await proposed([25, 4])
  for (const type of [1, 2, 4, 13]) {
    assert.equal(code(await server.receive(encodeResponse(2, type, alice))), 'ignore unexpected-packet')
  }
})

test('fail/endless conversations are bounded', async () => {
  const server = serverOf([4], { maxRounds: 5 })
  let answer = await server.receive(encodeResponse(1, 1, alice))
  let rounds = 1
  while (answer.kind === 'request') {
    rounds += 1
    answer = await server.receive(encodeResponse(answer.packet[1] as number, 4, alice))
  }
  assert.equal(rounds, 6)
  assert.equal(code(answer), 'failure too-many-rounds')
})

test('fail/nothing is answered after the end', async () => {
  const method = new ScriptedMethod(4, [DONE])
  const server = serverOf([4], { methods: new Map([[4, method.factory]]) })
  await server.receive(encodeResponse(1, 1, alice))
  assert.equal(code(await server.receive(encodeResponse(2, 4, alice))), 'done')
  for (const packet of [
    encodeResponse(2, 4, alice),
    encodeResponse(3, 4, alice),
    encodeResponse(1, 1, alice),
  ]) {
    assert.equal(code(await server.receive(packet)), 'ignore unexpected-packet')
  }
})

/** What a peer of EAP-MSCHAPv2 with the wrong password says, mutated: truncated, octets changed, lengths changed. */
test('property/no mutation of a peer with the wrong password is accepted, and none throws', async () => {
  const verifier = new PasswordVerifier('alice', 'right')
  const methods = new Map([
    [EapType.MsChapV2, mschapV2Server({ verifier })],
    [EapType.Gtc, gtcServer({ verifier })],
    [EapType.Md5Challenge, md5Server({ verifier })],
  ])
  const mutation = fc.record({
    round: fc.nat(3),
    at: fc.nat(80),
    octet: fc.nat(255),
    cut: fc.option(fc.nat(80)),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { maxLength: 4 }), async (mutations) => {
      const server = new EapServer({ methods, offer: () => [...methods.keys()] })
      const peer = new EapPeer({
        identity: 'alice',
        methods: new Map([
          [EapType.MsChapV2, mschapV2Peer({ password: 'wrong', askAgain: () => 'wrong too' })],
        ]),
      })
      let answer: EapAnswer = server.start()
      for (let round = 0; answer.kind === 'request'; round++) {
        const response = await peer.receive(answer.packet)
        if (response.kind !== 'respond') break
        let octets = response.packet.slice()
        for (const each of mutations.filter((one) => one.round === round)) {
          octets[each.at % octets.length] = each.octet
          if (each.cut !== null) octets = octets.slice(0, each.cut)
        }
        answer = await server.receive(octets)
      }
      assert.notEqual(answer.kind, 'done')
      assert.throws(() => server.success())
      server.close()
    }),
    { seed: 20, numRuns: 300 },
  )
})

test('property/truncated at every length, every length octet flipped: a reason, no crash', async () => {
  const good = encodeResponse(2, 4, alice)
  for (let length = 0; length < good.length; length++) {
    const server = await proposed([4])
    assert.equal(code(await server.receive(good.subarray(0, length))), 'ignore malformed-packet', `${length}`)
  }
  for (const at of [2, 3]) {
    for (let octet = 0; octet < 256; octet++) {
      const server = await proposed([4])
      const changed = good.slice()
      changed[at] = octet
      const length = ((changed[2] as number) << 8) | (changed[3] as number)
      const expected = length > good.length || length < 5 ? 'ignore malformed-packet' : 'request'
      assert.equal(code(await server.receive(changed)), expected)
    }
  }
})
