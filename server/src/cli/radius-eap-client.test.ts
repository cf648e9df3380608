import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EapAnswer, EapKeys, Verifier } from '@sallyport/eap'
import {
  EapPeer,
  EapServer,
  EapType,
  encodeSuccess,
  md5Peer,
  md5Server,
  mschapV2Peer,
  mschapV2Server,
} from '@sallyport/eap'
import { hashNtPasswordHash, ntPasswordHash, verifyMschapV2 } from '@sallyport/mschap'
import type { PacketView } from '@sallyport/radius'
import {
  type Attribute,
  attribute,
  encodeReply,
  encodeRequest,
  inspect,
  PacketCode,
  Secret,
} from '@sallyport/radius'
import { EapMessage, MsMppeRecvKey, MsMppeSendKey, State } from '@sallyport/radius/attributes'
import { type Exchange, eapLogin } from './radius-eap-client.ts'

const SECRET = new Secret('testing123')
const PASSWORD = 'correct horse'

/** What the played server answers to one Access-Request. */
type Answer = (request: PacketView) => Promise<{ code: number; attributes: readonly Attribute[] }>

/** Both directions go through real packets, without a socket. */
function exchangeWith(answer: Answer): Exchange {
  let id = 0
  return {
    send: async (code, attributes) => {
      const datagram = encodeRequest({ code, id: id++, secret: SECRET, attributes })
      const request = packetOf(datagram)
      const reply = packetOf(encodeReply({ ...(await answer(request)), request, secret: SECRET }))
      return { packet: reply, hiding: request.hidingKey(SECRET), datagram, attempts: 1, elapsedMs: 1 }
    },
  }
}

function packetOf(datagram: Uint8Array): PacketView {
  const inspected = inspect(datagram)
  assert.ok(inspected.ok)
  return inspected.packet
}

/** A server that speaks EAP and signs keys as `keysOf` says. */
function eapServerAnswer(keysOf: (keys: EapKeys) => Attribute[]): Answer {
  const server = new EapServer({
    methods: new Map([
      [EapType.MsChapV2, mschapV2Server({ verifier: VERIFIER })],
      [EapType.Md5Challenge, md5Server({ verifier: VERIFIER })],
    ]),
    offer: () => [EapType.MsChapV2, EapType.Md5Challenge],
  })
  return async (request) => {
    const eap = request.get(EapMessage)
    assert.ok(eap !== undefined)
    const answer: EapAnswer = await server.receive(eap)
    switch (answer.kind) {
      case 'request':
        return {
          code: PacketCode.AccessChallenge,
          attributes: [attribute(EapMessage, answer.packet), attribute(State, Uint8Array.of(7))],
        }
      case 'done': {
        const keys = answer.result.keys
        return {
          code: PacketCode.AccessAccept,
          attributes: [attribute(EapMessage, server.success()), ...(keys === undefined ? [] : keysOf(keys))],
        }
      }
      default:
        return { code: PacketCode.AccessReject, attributes: [attribute(EapMessage, server.failure())] }
    }
  }
}

const REFUSED = { ok: false, failure: { code: 'refused' } } as const
const VERIFIER: Verifier = {
  password: () => REFUSED,
  chap: () => ({ ok: true, proof: 'alice' }),
  mschapv1: () => ({ ...REFUSED, error: { code: 691, retry: false, message: '' } }),
  mschapv2: (_user, proof) => {
    const ntHash = ntPasswordHash(PASSWORD)
    const hashedName = verifyMschapV2(ntHash, proof)
    return hashedName === undefined
      ? { ...REFUSED, error: { code: 691, retry: false, message: 'no' } }
      : { ok: true, proof: 'alice', ntHashHash: hashNtPasswordHash(ntHash), hashedName }
  },
  changePassword: () => ({ ...REFUSED, error: { code: 709, retry: false, message: '' } }),
  certificate: () => REFUSED,
  resumed: () => REFUSED,
}

function peer(password: string, method: 'mschapv2' | 'md5' = 'mschapv2'): EapPeer {
  return new EapPeer({
    identity: 'alice',
    methods: new Map([
      method === 'mschapv2'
        ? [EapType.MsChapV2, mschapV2Peer({ password })]
        : [EapType.Md5Challenge, md5Peer({ password })],
    ]),
  })
}

const rightKeys = ({ msk }: EapKeys): Attribute[] => [
  attribute(MsMppeRecvKey, msk.slice(0, 32)),
  attribute(MsMppeSendKey, msk.slice(32, 64)),
]

describe('EAP over RADIUS', () => {
  it('ok/accepted, keys match, State comes back', async () => {
    const states: (number | undefined)[] = []
    const answer = eapServerAnswer(rightKeys)
    const client = exchangeWith((request) => {
      states.push(request.get(State)?.[0])
      return answer(request)
    })
    const login = await eapLogin(client, peer(PASSWORD), { attributes: [] })
    assert.equal(login.kind, 'accepted')
    assert.equal(login.kind === 'accepted' && login.keys, 'match')
    assert.deepEqual(states, [undefined, 7, 7])
  })

  it('ok/a method without keys; the peer says by Nak what it wants', async () => {
    const login = await eapLogin(exchangeWith(eapServerAnswer(rightKeys)), peer(PASSWORD, 'md5'), {
      attributes: [],
    })
    assert.ok(login.kind === 'accepted')
    assert.deepEqual([login.method, login.keys], ['eap-md5', 'absent'])
  })

  it('fail/a wrong password, with the E= code of the server', async () => {
    const login = await eapLogin(exchangeWith(eapServerAnswer(rightKeys)), peer('wrong'), { attributes: [] })
    assert.ok(login.kind === 'rejected')
    assert.deepEqual([login.reason?.code, login.reason?.detail?.error], ['refused', 691])
  })

  for (const [what, keysOf, expected] of [
    ['keys of another login', () => rightKeys({ msk: new Uint8Array(64) } as EapKeys), 'mismatch'],
    ['swapped keys', ({ msk }: EapKeys) => rightKeys({ msk: msk.toReversed() } as EapKeys), 'mismatch'],
    ['no keys', () => [], 'missing'],
    ['one key alone', (keys: EapKeys) => rightKeys(keys).slice(0, 1), 'missing'],
  ] as const) {
    it(`fail/an accept with ${what} is told`, async () => {
      const login = await eapLogin(exchangeWith(eapServerAnswer(keysOf)), peer(PASSWORD), { attributes: [] })
      assert.ok(login.kind === 'accepted')
      assert.equal(login.keys, expected)
    })
  }

  for (const [what, attributes] of [
    ['without EAP', []],
    ['with an EAP-Success the method has not earned', [attribute(EapMessage, encodeSuccess(0))]],
  ] as const) {
    it(`fail/an accept ${what} is not believed`, async () => {
      const client = exchangeWith(async () => ({ code: PacketCode.AccessAccept, attributes }))
      const login = await eapLogin(client, peer(PASSWORD), { attributes: [] })
      assert.equal(login.kind, 'broken-off')
    })
  }

  it('fail/a challenge that is none', async () => {
    const client = exchangeWith(async () => ({ code: PacketCode.AccessChallenge, attributes: [] }))
    const login = await eapLogin(client, peer(PASSWORD), { attributes: [] })
    assert.equal(login.kind, 'broken-off')
  })
})
