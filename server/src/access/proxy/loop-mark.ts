import { concat } from '@sallyport/bytes'
import type { PacketView } from '@sallyport/radius'
import { ProxyState } from '@sallyport/radius/attributes'

/** Longer chains of proxies than this are loops of others. */
const MOST_HOPS = 10
const MAGIC = Uint8Array.of(0x53, 0x70, 0x78, 0x31)

/**
 * Our Proxy-State (RFC 2865 section 5.33): every upstream returns it untouched, and every server that passes a request on
 * leaves it in. So a request that carries it has been here before.
 */
export class LoopMark {
  readonly value: Uint8Array

  /** `process`: octets that no other server has. */
  constructor(process: Uint8Array) {
    this.value = concat(MAGIC, process)
  }

  /** What is wrong with a request that goes round; undefined where nothing is. */
  complaint(packet: PacketView): string | undefined {
    const states = packet.getAll(ProxyState)
    if (states.some((state) => Buffer.compare(state, this.value) === 0))
      return 'it has passed through this server already'
    if (states.length >= MOST_HOPS) return `it has passed through ${states.length} proxies`
    return undefined
  }
}
