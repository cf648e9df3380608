import { UnreadableProfile } from '../profile-facts.ts'

/** Settings of strongSwan: `key = value` and `name { ... }`, with `#` comments. */
export interface BracedSection {
  readonly values: ReadonlyMap<string, string>
  readonly sections: ReadonlyMap<string, BracedSection>
}

interface Open {
  readonly values: Map<string, string>
  readonly sections: Map<string, Open>
}

const DEEPEST = 16
/** The next character that means something, and a quoted value as a whole; `y`, so that nothing is looked at twice. */
const PLAIN = /[^={}#"\n]*/y
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"/y
const COMMENT = /[^\n]*/y

/** Reads each octet once, whatever stands there: a file of anybody must not hold the server up. @throws UnreadableProfile */
export function bracedSections(text: string): BracedSection {
  const root: Open = { values: new Map(), sections: new Map() }
  const open = [root]
  let at = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  while (at < text.length) {
    const current = open.at(-1)
    if (current === undefined) throw new UnreadableProfile('A section ends that did not begin.')
    const name = take(PLAIN).trim()
    const mark = text[at++] ?? '\n'
    if (mark === '#') take(COMMENT)
    if (mark === '=' && name !== '') {
      current.values.set(name, settingValue(take))
      continue
    }
    if (mark === '{' && name !== '') {
      if (open.length >= DEEPEST) throw new UnreadableProfile('Sections stand too deep inside each other.')
      const begun = current.sections.get(name) ?? { values: new Map(), sections: new Map() }
      current.sections.set(name, begun)
      open.push(begun)
      continue
    }
    const isEnd = mark === '}'
    if (isEnd) open.pop()
    if (name !== '' || !(isEnd || mark === '#' || mark === '\n')) {
      throw new UnreadableProfile(`This cannot be read: ${`${name} ${mark}`.trim().slice(0, 60)}`)
    }
  }
  if (open.length !== 1) throw new UnreadableProfile('A section does not end.')
  return root
}

const BLANKS = /[ \t]*/y
/** Up to the comment, the end of the line or of the section. */
const UNQUOTED = /[^#{}"\n]*/y

function settingValue(take: (pattern: RegExp) => string): string {
  take(BLANKS)
  const quoted = take(QUOTED)
  return quoted === '' ? take(UNQUOTED).trim() : quoted.slice(1, -1)
}
