import type { Random } from './random.ts'

/** Values at which lengths, counters and types change their meaning. */
const EDGES = [
  0, 1, 2, 3, 4, 5, 6, 16, 17, 18, 20, 24, 25, 26, 32, 64, 79, 80, 127, 128, 129, 241, 245, 253, 254, 255,
]
const LARGEST = 4096

type Mutation = (octets: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array

const flipBit: Mutation = (octets, random) => {
  const at = random.below(octets.length)
  octets[at] = (octets[at] ?? 0) ^ (1 << random.below(8))
  return octets
}

const setOctet: Mutation = (octets, random) => {
  octets[random.below(octets.length)] = random.oneIn(2) ? random.pick(EDGES) : random.below(256)
  return octets
}

const setWord: Mutation = (octets, random) => {
  const at = random.below(octets.length)
  const value = random.pick([
    0,
    1,
    0x7fff,
    0x8000,
    0xffff,
    octets.length,
    octets.length + 1,
    random.below(0x1_0000),
  ])
  octets.set([value >> 8, value & 255].slice(0, octets.length - at), at)
  return octets
}

const cut: Mutation = (octets, random) => octets.slice(0, random.below(octets.length + 1))

const leaveOut: Mutation = (octets, random) => {
  const [from, to] = range(octets, random)
  return join(octets.subarray(0, from), octets.subarray(to))
}

const repeat: Mutation = (octets, random) => {
  const [from, to] = range(octets, random)
  const times = random.oneIn(20) ? 100 : random.between(1, 3)
  const part = octets.subarray(from, to)
  return join(octets.subarray(0, to), ...Array.from({ length: times }, () => part), octets.subarray(to))
}

const insert: Mutation = (octets, random) => {
  const at = random.below(octets.length + 1)
  return join(octets.subarray(0, at), random.octets(random.between(1, 32)), octets.subarray(at))
}

const overwrite: Mutation = (octets, random) => {
  const [from, to] = range(octets, random)
  return octets.fill(random.oneIn(2) ? 0 : random.below(256), from, to)
}

const splice: Mutation = (octets, random, others) => {
  const other = random.pick(others)
  return join(
    octets.subarray(0, random.below(octets.length + 1)),
    other.subarray(random.below(other.length + 1)),
  )
}

const MUTATIONS = [
  flipBit,
  flipBit,
  setOctet,
  setOctet,
  setWord,
  cut,
  leaveOut,
  repeat,
  insert,
  overwrite,
  splice,
]

/** One to five changes at random places. `others`: what pieces are taken from. The input stays as it is. */
export function mutate(
  input: Uint8Array,
  random: Random,
  others: readonly Uint8Array[] = [input],
): Uint8Array {
  let octets: Uint8Array = Uint8Array.from(input)
  for (let left = random.between(1, 5); left > 0; left--) {
    const mutation = octets.length === 0 ? insert : random.pick(MUTATIONS)
    octets = mutation(octets, random, others).slice(0, LARGEST)
  }
  return octets
}

/** One to three octets altered where they stand: lengths around them mostly stay right. */
export function alter(input: Uint8Array, random: Random): Uint8Array {
  const octets = Uint8Array.from(input)
  for (let left = random.between(1, 3); left > 0; left--) random.pick([flipBit, setOctet])(octets, random, [])
  return octets
}

/** Code points that readers of text stumble over. */
const ODD = [0, 9, 10, 13, 34, 39, 92, 0xa0, 0x2028, 0xd7ff, 0xfeff, 0x1f600]

/** One to three changes of a text: pieces of it and of `words` are put in, left out, repeated and mixed up. */
export function mutateText(input: string, random: Random, words: readonly string[]): string {
  let text = input
  for (let left = random.between(1, 3); left > 0; left--) {
    const at = random.below(text.length + 1)
    const to = Math.min(text.length, at + random.below(24))
    const piece = text.slice(at, to)
    const odd = random.oneIn(3) ? random.pick(ODD) : random.between(32, 126)
    const [before, after] = [text.slice(0, at), text.slice(to)]
    text = random.pick([
      () => before + random.pick(words) + text.slice(at),
      () => before + random.pick(words) + after,
      () => before + after,
      () => before + piece.repeat(random.oneIn(10) ? 50 : 2) + after,
      () => before + String.fromCodePoint(odd) + text.slice(at + 1),
      () => (random.oneIn(5) ? before + text.slice(random.below(text.length + 1)) : before + after),
    ])()
  }
  return text.slice(0, 20_000)
}

/** One to three tokens of a text replaced by `words` or by each other. */
export function mutateTokens(input: string, random: Random, words: readonly string[]): string {
  const tokens: string[] = input.match(/"[^"]*"|\w+|\s+|[^\w\s]/g) ?? []
  const own = tokens.filter((token) => token.trim() !== '')
  for (let left = random.between(1, 3); left > 0 && own.length > 0; left--) {
    const at = tokens.indexOf(random.pick(own))
    tokens[at] = random.pick(random.oneIn(2) ? words : own)
  }
  return tokens.join('')
}

function range(octets: Uint8Array, random: Random): [number, number] {
  const from = random.below(octets.length)
  return [from, Math.min(octets.length, from + random.between(1, 48))]
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
