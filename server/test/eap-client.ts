import {
  EapPeer,
  type EapPeerAnswer,
  type EapPeerMethodFactory,
  type EapPeerOptions,
  EapType,
  eapTlsPeer,
  encodeRequest,
  gtcPeer,
  md5Peer,
  mschapV2Peer,
  type PeerTlsOptions,
  peapPeer,
  type TlsVersion,
  ttlsPeer,
} from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { type Attribute, attribute, PacketCode, type PacketView } from '@sallyport/radius'
import { EapMessage, State, UserName } from '@sallyport/radius/attributes'
import type { Source } from '../src/listeners/radius-udp/udp-listener.ts'
import { type Door, NAS } from './door.ts'
import { DOOR_PKI, SERVER_NAME } from './door-pki.ts'
import { PASSWORD } from './door-users.ts'
import { readReply, request } from './requests.ts'

export const EAP_LOGINS = [
  'eap-md5',
  'eap-gtc',
  'eap-mschapv2',
  'eap-tls',
  'peap',
  'ttls-pap',
  'ttls-mschapv2',
  'ttls-eap',
] as const
export type EapLoginName = (typeof EAP_LOGINS)[number]

export interface PeerSettings {
  readonly password?: string
  readonly certificate?: typeof DOOR_PKI.alice
  readonly version?: TlsVersion
}

const engine = new NodeTlsEngine()

/** The peer of one of the logins above: alice, unless the settings make her somebody else. */
export function eapPeer(name: EapLoginName, settings: PeerSettings = {}): EapPeer {
  const identity = 'alice@example.org'
  return new EapPeer({ identity, methods: new Map([method(name, settings)]) })
}

function method(name: EapLoginName, settings: PeerSettings): [number, EapPeerMethodFactory] {
  const { password = PASSWORD, certificate = DOOR_PKI.alice, version } = settings
  const tls: PeerTlsOptions = {
    engine,
    authorities: [DOOR_PKI.authority],
    serverName: SERVER_NAME,
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
  }
  const inner: EapPeerOptions = {
    identity: 'alice@example.org',
    methods: new Map([[EapType.MsChapV2, mschapV2Peer({ password })]]),
  }
  const ttls = (inside: 'pap' | 'mschapv2'): EapPeerMethodFactory =>
    ttlsPeer({ ...tls, inner: { method: inside, user: 'alice@example.org', password } })
  switch (name) {
    case 'eap-md5':
      return [EapType.Md5Challenge, md5Peer({ password })]
    case 'eap-gtc':
      return [EapType.Gtc, gtcPeer({ password })]
    case 'eap-mschapv2':
      return [EapType.MsChapV2, mschapV2Peer({ password })]
    case 'eap-tls':
      return [EapType.Tls, eapTlsPeer({ ...tls, certificate })]
    case 'peap':
      return [EapType.Peap, peapPeer({ ...tls, inner })]
    case 'ttls-pap':
      return [EapType.Ttls, ttls('pap')]
    case 'ttls-mschapv2':
      return [EapType.Ttls, ttls('mschapv2')]
    case 'ttls-eap':
      return [EapType.Ttls, ttlsPeer({ ...tls, inner: { method: 'eap', ...inner } })]
  }
}

/** One Access-Request of an EAP conversation. */
export interface Flight {
  readonly datagram: Uint8Array
  /** The EAP packet in it, and the State it goes with. */
  readonly eap: Uint8Array
  readonly state: Uint8Array | undefined
}

/** The RADIUS client in the middle of one EAP conversation; goes on step by step. */
export class EapClient {
  readonly flights: Flight[] = []
  readonly #door: Door
  readonly #peer: EapPeer
  readonly #from: Source
  readonly #first: number
  readonly #about: readonly Attribute[]
  #answer: EapPeerAnswer | undefined
  #state: Uint8Array | undefined

  /** `number`: of the first request's authenticator; each further request counts on. */
  constructor(
    door: Door,
    peer: EapPeer,
    options: {
      readonly number?: number
      readonly from?: Source
      /** In every request, in place of alice's User-Name. */
      readonly about?: readonly Attribute[]
    } = {},
  ) {
    this.#door = door
    this.#peer = peer
    this.#from = options.from ?? NAS
    this.#first = options.number ?? 0
    this.#about = options.about ?? [attribute(UserName, 'alice@example.org')]
  }

  /** The next request as the peer wants it sent; undefined: the peer has nothing more to say. */
  async next(): Promise<Flight | undefined> {
    this.#answer ??= await this.#peer.receive(encodeRequest(0, EapType.Identity, new Uint8Array(0)))
    if (this.#answer.kind !== 'respond') return undefined
    const { packet } = this.#answer
    const number = this.#first + this.flights.length
    return { datagram: eapRequest(packet, this.#state, number, this.#about), eap: packet, state: this.#state }
  }

  /** Sends a flight and lets the peer read the reply. */
  async send(flight: Flight): Promise<PacketView> {
    this.flights.push(flight)
    const reply = await this.#door.send(flight.datagram, this.#from)
    if (reply === undefined) throw new Error(`no reply to flight ${this.flights.length}`)
    const packet = readReply(reply, flight.datagram)
    const eap = packet.get(EapMessage)
    if (eap !== undefined) this.#answer = await this.#peer.receive(eap)
    this.#state = packet.get(State)?.slice()
    return packet
  }

  /** To the end: the last reply. */
  async run(): Promise<PacketView> {
    for (let round = 0; round < 50; round++) {
      const flight = await this.next()
      if (flight === undefined) throw new Error(`the peer broke off: ${JSON.stringify(this.#answer)}`)
      const packet = await this.send(flight)
      if (packet.code !== PacketCode.AccessChallenge) return packet
    }
    throw new Error('the conversation came to no end')
  }

  close(): void {
    this.#peer.close()
  }
}

/** An EAP packet on its way through a RADIUS client. */
export function eapRequest(
  eap: Uint8Array,
  state: Uint8Array | undefined,
  number: number,
  about: readonly Attribute[] = [attribute(UserName, 'alice@example.org')],
): Uint8Array {
  const stateAttributes = state === undefined ? [] : [{ type: 24, octets: state }]
  return request([...about, attribute(EapMessage, eap), ...stateAttributes], { id: number & 255, number })
}
