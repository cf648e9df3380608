import { type Family, parseAddress, prefixMask } from './ip-address.ts'

/** Addresses whose client is remembered by their text. Only addresses of clients are: a stranger costs no memory. */
const REMEMBERED = 10_000

interface Entry<T> {
  readonly words: Uint32Array
  /** Of a link-local address: this interface alone. Empty: any. */
  readonly zone: string
  readonly value: T
}

/** Networks of one family and prefix length. */
interface PrefixLevel<T> {
  readonly family: Family
  readonly mask: Uint32Array
  /** By hash of the masked address. */
  readonly buckets: Map<number, Entry<T>[]>
}

/**
 * From the source address of a packet to its RADIUS client: the longest prefix wins; of two clients with the same network
 * the first. A lookup allocates nothing.
 */
export class ClientTable<T> {
  /** Longest prefix first. */
  readonly #levels: PrefixLevel<T>[] = []
  readonly #remembered = new Map<string, T>()
  readonly #address = new Uint32Array(4)
  readonly #masked = new Uint32Array(4)

  /** @param clients networks in CIDR, as a Snapshot lists them */
  constructor(clients: Iterable<{ readonly networks: readonly string[]; readonly value: T }>) {
    const levels = new Map<string, PrefixLevel<T> & { length: number }>()
    for (const { networks, value } of clients) {
      for (const network of networks) {
        const [address = '', prefix] = network.split('/')
        const words = new Uint32Array(4)
        const family = parseAddress(address, words)
        if (family === 0) throw new RangeError(`not a network: ${network}`)
        const length = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix)
        const key = `${family}/${length}`
        let level = levels.get(key)
        if (level === undefined) {
          const mask = Uint32Array.from({ length: 4 }, (_, index) => prefixMask(length, index))
          level = { family, length, mask, buckets: new Map() }
          levels.set(key, level)
        }
        const masked = words.map((word, index) => word & prefixMask(length, index))
        const bucket = level.buckets.get(hash(masked))
        const entry = { words: masked, zone: zoneOf(address), value }
        if (bucket === undefined) level.buckets.set(hash(masked), [entry])
        else bucket.push(entry)
      }
    }
    this.#levels = [...levels.values()].sort((a, b) => b.length - a.length)
  }

  /** @param address as `node:dgram` gives it: `192.0.2.10`, `2001:db8::1`, `fe80::1%eth0` */
  find(address: string): T | undefined {
    const remembered = this.#remembered.get(address)
    if (remembered !== undefined) return remembered
    const family = parseAddress(address, this.#address)
    if (family === 0) return undefined
    const found = this.#search(family, family === 6 ? zoneOf(address) : '')
    if (found !== undefined && this.#remembered.size < REMEMBERED) this.#remembered.set(address, found)
    return found
  }

  #search(family: Family, zone: string): T | undefined {
    for (const level of this.#levels) {
      if (level.family !== family) continue
      for (let index = 0; index < 4; index++) {
        this.#masked[index] = (this.#address[index] ?? 0) & (level.mask[index] ?? 0)
      }
      const bucket = level.buckets.get(hash(this.#masked))
      if (bucket === undefined) continue
      const found = inBucket(bucket, this.#masked, zone)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** A client of this very interface before one of any. */
function inBucket<T>(bucket: readonly Entry<T>[], masked: Uint32Array, zone: string): T | undefined {
  let found: T | undefined
  for (const entry of bucket) {
    if (!equal(entry.words, masked)) continue
    if (entry.zone === zone) return entry.value
    if (entry.zone === '') found ??= entry.value
  }
  return found
}

/** `fe80::1%eth0` -> `eth0`. */
function zoneOf(address: string): string {
  const at = address.indexOf('%')
  return at < 0 ? '' : address.slice(at + 1)
}

/** A client chooses its own network, not the hash of others: no need for a keyed one. */
function hash(words: Uint32Array): number {
  let value = words[0] ?? 0
  for (let index = 1; index < 4; index++) value = (Math.imul(value, 0x9e3779b1) ^ (words[index] ?? 0)) >>> 0
  return value
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}
