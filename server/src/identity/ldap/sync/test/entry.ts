import type { DirectoryEntry, DirectorySession, SearchAnswer } from '../../directory.ts'

/** An entry as a server might send it; names of attributes as they are written here. */
export function entry(dn: string, attributes: Readonly<Record<string, readonly string[]>>): DirectoryEntry {
  const texts = (name: string): readonly string[] =>
    Object.entries(attributes).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? []
  return {
    dn,
    names: Object.keys(attributes),
    octets: (name) => texts(name).map((text) => new TextEncoder().encode(text)),
    texts,
    text: (name) => texts(name)[0],
  }
}

/** A server that answers searches as the test says. */
export function playedSession(answer: (attributes: readonly string[]) => SearchAnswer): DirectorySession {
  return {
    kind: 'session',
    server: 'ldaps://dc1.example.org',
    search: async ({ attributes }) => answer(attributes),
    searchPaged: async function* ({ attributes }) {
      const said = answer(attributes)
      if (said.kind !== 'too-many') yield said
    },
    close: () => {},
  }
}
