import { type Family, parseAddress, prefixMask } from '../../config/ip-address.ts'

/** An address or prefix: the words of its first address, and how many of their bits count. */
interface Network {
  readonly family: Family
  readonly words: Uint32Array
  readonly length: number
}

/**
 * An address or prefix as text that sorts like the address: `0a000007/32`, `20010db8.../064`. Undefined where it is
 * neither. Host bits of a prefix are cleared, as RFC 3162 section 2.3 wants them.
 */
export function addressKey(text: string): string | undefined {
  const network = parseNetwork(text)
  return network === undefined ? undefined : keyOf(network, network.length)
}

export interface AddressSearch {
  readonly family: Family
  /** The keys of everything that contains what was asked for, itself included. */
  readonly within: readonly string[]
  /** First and last key of what lies inside the prefix asked for. */
  readonly from: string
  readonly to: string
}

/** What to look for among keys, all of it by index. Undefined: no address. */
export function addressSearch(text: string): AddressSearch | undefined {
  const network = parseNetwork(text)
  if (network === undefined) return undefined
  const { family, words, length } = network
  const within = Array.from({ length: length + 1 }, (_, bits) => keyOf(network, bits))
  const last = words.map((word, index) => (word | ~prefixMask(length, index)) >>> 0)
  const bits = family === 4 ? 32 : 128
  return { family, within, from: keyOf(network, length), to: keyOf({ ...network, words: last }, bits) }
}

function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/')
  const words = new Uint32Array(4)
  const family = parseAddress(slash < 0 ? text : text.slice(0, slash), words)
  if (family === 0) return undefined
  const bits = family === 4 ? 32 : 128
  if (slash < 0) return { family, words, length: bits }
  const length = Number(text.slice(slash + 1))
  const isLength = /^\d{1,3}$/.test(text.slice(slash + 1)) && length <= bits
  return isLength ? { family, words, length } : undefined
}

function keyOf({ family, words }: Network, length: number): string {
  let digits = ''
  for (let index = 0; index < (family === 4 ? 1 : 4); index++) {
    const word = ((words[index] ?? 0) & prefixMask(length, index)) >>> 0
    digits += word.toString(16).padStart(8, '0')
  }
  return `${digits}/${String(length).padStart(3, '0')}`
}
