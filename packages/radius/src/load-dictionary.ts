import type { Dictionary } from './dictionary.ts'
import { DictionaryBuilder, type Fail } from './dictionary-builder.ts'
import { badDictionary, DictionaryFile } from './dictionary-file.ts'

/** Gives the text of a file, or undefined where there is none. Paths use `/` and never leave the first file's folder. */
export type ReadText = (path: string) => string | undefined

const DEEPEST_INCLUDE = 16
const MOST_FILES = 2000

/**
 * Reads the dictionary format of FreeRADIUS 3: `VENDOR`, `BEGIN-VENDOR`, `BEGIN-TLV`, `ATTRIBUTE` with dotted numbers and
 * flags, `VALUE`, `$INCLUDE`. Throws RadiusError `bad-dictionary` with file and line on the first thing that is wrong.
 * Attributes FreeRADIUS keeps for itself (numbers no packet can carry) are passed over.
 */
export function loadDictionary(path: string, read: ReadText): Dictionary {
  const builder = new DictionaryBuilder()
  let files = 0
  const load = (from: string, depth: number): void => {
    const text = read(from)
    if (text === undefined) throw badDictionary(from, 0, 'no such file')
    if (++files > MOST_FILES) throw badDictionary(from, 0, `more than ${MOST_FILES} files`)
    new DictionaryFile(builder, from, (target, isOptional, fail) => {
      if (depth === DEEPEST_INCLUDE) fail(`$INCLUDE deeper than ${DEEPEST_INCLUDE}`)
      const included = besides(from, target, fail)
      if (!isOptional || read(included) !== undefined) load(included, depth + 1)
    }).read(text)
  }
  load(path, 0)
  return builder.finish()
}

/** The path of a file named in another one. It may not leave the folder. */
function besides(from: string, target: string, fail: Fail): string {
  if (target.startsWith('/') || target.includes('\\') || target.split('/').includes('..')) {
    fail(`$INCLUDE ${target} leaves the folder`)
  }
  return from.includes('/') ? `${from.slice(0, from.lastIndexOf('/'))}/${target}` : target
}
