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
const LINE =
  /^\s*(?:([^\s={}#][^={}#]*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^#]*?)\s*|([^\s={}#][^={}#]*?)\s*\{|(\}))?\s*(?:#.*)?$/

/** @throws UnreadableProfile */
export function bracedSections(text: string): BracedSection {
  const root: Open = { values: new Map(), sections: new Map() }
  const open = [root]
  // A brace may stand on a line with others: each gets one of its own. Values in quotes keep theirs.
  const lines = text.replace(/"(?:[^"\\]|\\.)*"|[{}]/g, (mark) =>
    mark.length === 1 ? `${mark === '}' ? '\n}' : mark}\n` : mark,
  )
  for (const line of lines.split(/\r?\n/)) {
    const [all, key, value, section, end] = LINE.exec(line) ?? []
    const current = open.at(-1)
    if (all === undefined || current === undefined)
      throw new UnreadableProfile(`This line cannot be read: ${line.trim().slice(0, 60)}`)
    if (key !== undefined && value !== undefined) current.values.set(key, value.replace(/^"|"$/g, ''))
    if (section !== undefined) {
      if (open.length >= DEEPEST) throw new UnreadableProfile('Sections stand too deep inside each other.')
      const begun = current.sections.get(section) ?? { values: new Map(), sections: new Map() }
      current.sections.set(section, begun)
      open.push(begun)
    }
    if (end !== undefined) open.pop()
  }
  if (open.length !== 1) throw new UnreadableProfile('A section does not end.')
  return root
}
