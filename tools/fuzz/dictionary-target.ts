import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadDictionary, RadiusError } from '@sallyport/radius'
import { mutateText } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** Dictionaries that an administrator brings along. */
export const dictionaryTarget: FuzzTarget = {
  name: 'dictionary',
  share: 1 / 10,
  open: async () => new DictionaryFuzz(),
}

const FOLDER = join(import.meta.dirname, '../../packages/radius/dictionary')
const WORDS =
  'ATTRIBUTE VALUE VENDOR BEGIN-VENDOR END-VENDOR BEGIN-TLV END-TLV $INCLUDE $INCLUDE- FLAGS format=1,1 format=4,0,c format=9 ' +
  'string octets integer integer64 ipaddr ipv6prefix tlv vsa evs extended long-extended ether ifid date signed byte short abinary ' +
  'has_tag encrypt=1 encrypt=2 array concat 26 241.1 245.26.9 0x 0xff -1 0 255 256 4294967295 99999999999 .. 1.2.3.4.5.6.7.8.9 # \n \t' +
  ' __proto__ constructor dictionary ../dictionary ./x'
const words = WORDS.split(' ').flatMap((word) => [word, ` ${word} `, `\n${word} `])

class DictionaryFuzz implements OpenTarget {
  readonly #texts = globSync('*.txt', { cwd: FOLDER }).map((file) =>
    readFileSync(join(FOLDER, file), 'utf8').split('\n'),
  )

  attempt(random: Random, tell: (input: Uint8Array) => void): string {
    const lines = random.pick(this.#texts)
    // From the top most of the time, or nothing would know its vendor.
    const from = random.oneIn(4) ? random.below(lines.length) : 0
    const text = mutateText(lines.slice(from, from + random.between(5, 80)).join('\n'), random, words)
    tell(Buffer.from(text))
    try {
      const dictionary = loadDictionary('dictionary', (path) => (path === 'dictionary' ? text : undefined))
      for (const { name } of dictionary.definitions) dictionary.named(name)
      return 'read'
    } catch (error) {
      if (error instanceof RadiusError && error.code === 'bad-dictionary') return 'refused'
      throw error
    }
  }

  close(): void {
    if (this.#texts.length < 5) throw new Finding(`only ${this.#texts.length} dictionaries to begin with`)
  }
}
