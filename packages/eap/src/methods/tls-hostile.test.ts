import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { makePki } from '../../test/certificates.ts'
import { PASSWORD, TlsLogin, VERSIONS } from '../../test/tls-login.ts'
import type { EapMethodFactory } from '../method.ts'
import { EapPeer } from '../peer.ts'
import type { EapPeerMethodFactory } from '../peer-method.ts'
import { EapServer } from '../server.ts'

/** A good login in which one response of the peer is changed on the way: at every step, in many places. */
const pki = makePki()
after(() => pki.remove())

/** EAP header and type: mutations start behind them. */
const TYPE_DATA = 5

type Change = (typeData: Uint8Array) => Uint8Array

async function loginWith(
  server: EapMethodFactory,
  peerFactory: EapPeerMethodFactory,
  at: number,
  change: Change,
): Promise<{ readonly end: string; readonly rounds: number }> {
  const { type } = peerFactory({ identity: 'alice', mtu: 1020 })
  const eap = new EapServer({ methods: new Map([[type, server]]), offer: () => [type] })
  const peer = new EapPeer({ identity: 'alice', methods: new Map([[type, peerFactory]]) })
  let answer = eap.start()
  let rounds = 0
  while (answer.kind === 'request') {
    const response = await peer.receive(answer.packet)
    if (response.kind !== 'respond') break
    const packet = rounds === at ? changed(response.packet, change) : response.packet
    rounds++
    answer = await eap.receive(packet)
  }
  eap.close()
  peer.close()
  return { end: answer.kind === 'failure' ? answer.reason.code : answer.kind, rounds }
}

function changed(packet: Uint8Array, change: Change): Uint8Array {
  const data = change(packet.subarray(TYPE_DATA))
  const whole = new Uint8Array(TYPE_DATA + data.length)
  whole.set(packet.subarray(0, TYPE_DATA))
  whole.set(data, TYPE_DATA)
  new DataView(whole.buffer).setUint16(2, whole.length)
  return whole
}

/**
 * Places in `length` octets behind the flags: the first ones, where headers are, and a few spread over the rest. Octets 2
 * and 3 may be the version of a TLS record, which RFC 5246 leaves out of everything it protects.
 */
function places(length: number): number[] {
  const spread = [0.2, 0.5, 0.8, 0.99].map((part) => Math.floor(length * part))
  return [...new Set([1, 4, 5, 6, 9, ...spread])].filter((at) => at > 0 && at < length)
}

for (const version of VERSIONS) {
  const only = { minVersion: version, maxVersion: version }
  const pap = { method: 'pap', user: 'alice', password: PASSWORD } as const
  const methods = (login: TlsLogin) =>
    ({
      'eap-tls': [login.eapTls(), login.eapTlsPeer(pki.alice, only)],
      peap: [login.peap(), login.peapPeer(only)],
      'eap-ttls': [login.ttls(), login.ttlsPeer(pap, only)],
    }) as const

  for (const name of ['eap-tls', 'peap', 'eap-ttls'] as const) {
    test(`fail/${version}: ${name} with one response changed, cut or emptied`, async () => {
      const login = new TlsLogin(pki)
      const [server, peer] = methods(login)[name]
      const lengths: number[] = []
      const measure = (at: number) => async () => {
        const { end } = await loginWith(server, peer, at, (data) => {
          lengths[at] = data.length
          return data
        })
        assert.equal(end, 'done')
      }
      const { rounds } = await loginWith(server, peer, -1, (data) => data)
      for (let at = 1; at < rounds; at++) await measure(at)()
      for (let at = 1; at < rounds; at++) {
        const length = lengths[at] as number
        const changes: [what: string, change: Change][] = places(length).flatMap((place) => [
          [`octet ${place} flipped`, (data) => data.map((octet, i) => (i === place ? octet ^ 0xff : octet))],
          [`cut at ${place}`, (data) => data.slice(0, place)],
        ])
        changes.push(['emptied', () => new Uint8Array(0)])
        for (const [what, change] of changes) {
          const { end } = await loginWith(server, peer, at, change)
          const label = `response ${at} of ${length} octets, ${what}: ${end}`
          // An acknowledgement is its flags octet; nothing behind it can be cut.
          assert.notEqual(end, 'done', label)
          assert.notEqual(end, 'internal', label)
        }
      }
    })
  }
}
