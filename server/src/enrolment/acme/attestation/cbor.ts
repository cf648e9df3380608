/** A value of CBOR (RFC 8949) as attestations use it. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap
export type CborMap = ReadonlyMap<string | number, CborValue>

const DEEPEST = 8
const MOST_ITEMS = 1_000

export class CborError extends Error {}

/**
 * Reads one value and nothing behind it. Small on purpose: lengths are definite, keys of maps are text or numbers and come
 * once; tags and floating point numbers are refused, for no attestation has them.
 */
export function readCbor(octets: Uint8Array): CborValue {
  const reader = new CborReader(octets)
  const value = reader.value(0)
  if (!reader.done) throw new CborError('octets behind the value')
  return value
}

class CborReader {
  readonly #octets: Buffer
  #offset = 0
  #items = 0

  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets)
  }

  get done(): boolean {
    return this.#offset === this.#octets.length
  }

  value(depth: number): CborValue {
    if (depth > DEEPEST || ++this.#items > MOST_ITEMS) throw new CborError('too deep or too many values')
    const head = this.#take(1)[0] ?? 0
    const major = head >> 5
    if (major === 7) return simpleValue(head & 0x1f)
    if (major === 6) throw new CborError('a tag')
    const argument = this.#argument(head & 0x1f)
    switch (major) {
      case 0:
        return argument
      case 1:
        return -1 - argument
      case 2:
        return Uint8Array.from(this.#take(argument))
      case 3:
        return utf8(this.#take(argument))
      case 4:
        return this.#list(argument, depth)
      default:
        return this.#map(argument, depth)
    }
  }

  #list(length: number, depth: number): readonly CborValue[] {
    const values: CborValue[] = []
    for (let at = 0; at < length; at++) values.push(this.value(depth + 1))
    return values
  }

  #map(length: number, depth: number): CborMap {
    const map = new Map<string | number, CborValue>()
    for (let at = 0; at < length; at++) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number')
        throw new CborError('a key that is no text or number')
      if (map.has(key)) throw new CborError('a key twice')
      map.set(key, this.value(depth + 1))
    }
    return map
  }

  #argument(information: number): number {
    if (information < 24) return information
    if (information === 24) return this.#take(1).readUInt8()
    if (information === 25) return this.#take(2).readUInt16BE()
    if (information === 26) return this.#take(4).readUInt32BE()
    throw new CborError('a length of 64 bits, or none')
  }

  #take(length: number): Buffer {
    const end = this.#offset + length
    if (end > this.#octets.length) throw new CborError('cut short')
    const taken = this.#octets.subarray(this.#offset, end)
    this.#offset = end
    return taken
  }
}

function simpleValue(information: number): CborValue {
  if (information === 20) return false
  if (information === 21) return true
  if (information === 22) return null
  throw new CborError('a value that is no number, text, list or map')
}

function utf8(octets: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    throw new CborError('text that is not UTF-8')
  }
}
