import { existsSync, readFileSync } from 'node:fs'

/** Debian's place for the translations of a program, as GNU gettext compiles them. */
const fileOf = (domain: string, language: string) => `/usr/share/locale/${language}/LC_MESSAGES/${domain}.mo`

const MAGIC = 0x950412de

/**
 * What a program that is installed here says for each English text; undefined where it is not, or not in this language.
 * GNU gettext manual, "The Format of GNU MO Files": magic, revision, count, offset of the originals, of the translations;
 * each a table of length and offset. Before a \x04 stands a context, behind a \0 the plural.
 */
export function translationsOf(
  domain: string,
  language: string,
): ReadonlyMap<string, readonly string[]> | undefined {
  const file = fileOf(domain, language)
  if (!existsSync(file)) return undefined
  const bytes = readFileSync(file)
  if (bytes.readUInt32LE(0) !== MAGIC) throw new Error(`${file} is not a little-endian MO file`)
  const textAt = (table: number, index: number): string => {
    const [length, offset] = [
      bytes.readUInt32LE(table + index * 8),
      bytes.readUInt32LE(table + index * 8 + 4),
    ]
    return bytes.toString('utf8', offset, offset + length).split('\0')[0] ?? ''
  }
  const found = new Map<string, string[]>()
  const [count, originals, translations] = [8, 12, 16].map((at) => bytes.readUInt32LE(at))
  for (let index = 0; index < (count ?? 0); index++) {
    const text = plain(
      textAt(originals ?? 0, index)
        .split('\u0004')
        .at(-1) ?? '',
    )
    found.set(text, [...(found.get(text) ?? []), plain(textAt(translations ?? 0, index))])
  }
  return found
}

/** Without the mark of the key that chooses it, and without the colon before a field. */
export const plain = (text: string): string => text.normalize('NFC').replaceAll('_', '').replace(/:$/, '')
