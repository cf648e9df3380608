import { concat } from '@sallyport/bytes'
import type { EapFailure } from '../failure.ts'
import { encodeTlsFrame, parseTlsFrame, type TlsFrame } from './framing.ts'

/** What a received frame means to the one who runs TLS. */
export type Received =
  /** A whole TLS message; no octets: the other side acknowledged our whole message and has nothing to add. */
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  /** Type-data to send back: an acknowledgement, or our next fragment. */
  | { readonly kind: 'reply'; readonly data: Uint8Array }
  /** The server's Start (peer side only). */
  | { readonly kind: 'start'; readonly version: number }
  | { readonly kind: 'fail'; readonly reason: EapFailure }

/** Our last TLS message in numbers: for whoever wonders why the other side fell silent. */
export interface MessageProgress {
  readonly octets: number
  readonly fragments: number
  /** Fragments that arrived: the other side asked for the next one. */
  readonly acknowledged: number
  /** Octets of the fragment that is out. */
  readonly fragmentOctets: number
  /** Octets of the other side's own message, where it is not whole yet. */
  readonly receivedOctets: number
}

/** Octets one TLS message may have before it is whole: a certificate chain fits, a flood does not. */
const MOST_OCTETS = 65_536
/** EAP code, identifier, length and type. */
const EAP_HEADER = 5
const NOTHING = new Uint8Array(0)

/**
 * Cuts outgoing TLS messages into fragments and joins incoming ones, in lock-step (RFC 5216 section 2.1.5). Server and
 * peer use the same: each packet is answered by exactly one packet.
 */
export class TlsMessenger {
  readonly #side: 'server' | 'peer'
  readonly #version: number
  readonly #frameLength: number
  #outgoing: Uint8Array = NOTHING
  #sent = 0
  #fragmentsSent = 0
  #fragmentOctets = 0
  #incoming: Uint8Array[] = []
  #incomingLength = 0
  #announced: number | undefined

  /** `mtu`: octets of the largest EAP packet, header included. `version`: of PEAP or EAP-TTLS; 0 for EAP-TLS. */
  constructor(side: 'server' | 'peer', version: number, mtu: number) {
    this.#side = side
    this.#version = version
    this.#frameLength = Math.max(mtu - EAP_HEADER, 64)
  }

  /** The server's first packet. */
  start(): Uint8Array {
    return encodeTlsFrame({
      version: this.#version,
      start: true,
      moreFragments: false,
      fragment: NOTHING,
    })
  }

  /** Type-data that begins to send a TLS message; the rest follows as the other side acknowledges. */
  send(message: Uint8Array): Uint8Array {
    this.#outgoing = message
    this.#sent = 0
    this.#fragmentsSent = 0
    return this.#nextFragment()
  }

  /** How much of our message is out, and what is known to have arrived. */
  get progress(): MessageProgress {
    const whole = this.#outgoing.length
    const fragments =
      whole + 1 <= this.#frameLength ? 1 : 1 + Math.ceil((whole - this.#room(true)) / this.#room(false))
    return {
      octets: whole,
      fragments,
      acknowledged: Math.max(this.#fragmentsSent - 1, 0),
      fragmentOctets: this.#fragmentOctets,
      receivedOctets: this.#incomingLength,
    }
  }

  receive(data: Uint8Array): Received {
    const frame = parseTlsFrame(data)
    if (frame === undefined) return malformed('truncated TLS frame')
    if (frame.start) {
      return this.#side === 'peer'
        ? { kind: 'start', version: frame.version }
        : malformed('start from the peer')
    }
    if (frame.version !== this.#version) {
      return {
        kind: 'fail',
        reason: {
          code: 'unexpected-packet',
          detail: { version: frame.version, expected: this.#version },
        },
      }
    }
    if (this.#sent < this.#outgoing.length) {
      const acknowledges = frame.fragment.length === 0 && !frame.moreFragments
      return acknowledges
        ? { kind: 'reply', data: this.#nextFragment() }
        : malformed('data where an acknowledgement was due')
    }
    return this.#join(frame)
  }

  #join(frame: TlsFrame): Received {
    const announced = this.#announced ?? frame.messageLength
    const length = this.#incomingLength + frame.fragment.length
    // Only what was announced is collected, so this bounds it.
    if (announced !== undefined && announced > MOST_OCTETS) return tooLarge(announced)
    if (frame.messageLength !== undefined && frame.messageLength !== announced) {
      return malformed('announced length changed')
    }
    if (announced !== undefined && length > announced) return malformed('more octets than announced')
    if (frame.moreFragments) {
      // A peer that sends nothing and promises more would keep the conversation alive for ever.
      if (frame.fragment.length === 0) return malformed('empty fragment')
      if (announced === undefined) return malformed('first fragment without length')
      this.#announced = announced
      this.#incoming.push(frame.fragment.slice())
      this.#incomingLength = length
      return { kind: 'reply', data: this.#acknowledgement() }
    }
    if (announced !== undefined && length !== announced) return malformed('fewer octets than announced')
    const octets = this.#incoming.length === 0 ? frame.fragment : concat(...this.#incoming, frame.fragment)
    this.#incoming = []
    this.#incomingLength = 0
    this.#announced = undefined
    return { kind: 'message', octets }
  }

  #nextFragment(): Uint8Array {
    const first = this.#sent === 0
    const left = this.#outgoing.length - this.#sent
    const fragmented = !first || left + 1 > this.#frameLength
    const fragment = this.#outgoing.subarray(this.#sent, this.#sent + this.#room(first && fragmented))
    this.#sent += fragment.length
    this.#fragmentsSent++
    this.#fragmentOctets = fragment.length
    return encodeTlsFrame({
      version: this.#version,
      start: false,
      moreFragments: fragment.length < left,
      // RFC 5216 section 2.1.5: the first fragment announces the length of the whole.
      ...(first && fragmented ? { messageLength: this.#outgoing.length } : {}),
      fragment,
    })
  }

  /** Octets of TLS in one frame; the one that announces the length has four fewer. */
  #room(announces: boolean): number {
    return this.#frameLength - (announces ? 5 : 1)
  }

  #acknowledgement(): Uint8Array {
    return encodeTlsFrame({
      version: this.#version,
      start: false,
      moreFragments: false,
      fragment: NOTHING,
    })
  }
}

function malformed(what: string): Received {
  return { kind: 'fail', reason: { code: 'malformed-packet', detail: { what } } }
}

function tooLarge(octets: number): Received {
  return { kind: 'fail', reason: { code: 'too-large', detail: { octets, most: MOST_OCTETS } } }
}
