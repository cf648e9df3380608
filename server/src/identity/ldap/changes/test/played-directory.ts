import type { DirectoryEntry, DirectorySession, PageAnswer, SearchAnswer } from '../../directory.ts'
import { entry } from '../../sync/test/entry.ts'

export interface PlayedQuestion {
  readonly base: string
  readonly scope: string
  readonly filter: string
  readonly attributes: readonly string[]
}

export type PlayedAnswer = readonly DirectoryEntry[] | 'too-many' | 'gone'

/** A server that answers as the test says, and remembers what it was asked. */
export class PlayedDirectory {
  readonly asked: PlayedQuestion[] = []
  answer: (question: PlayedQuestion) => PlayedAnswer

  constructor(answer: (question: PlayedQuestion) => PlayedAnswer) {
    this.answer = answer
  }

  session(server = 'ldaps://dc1.example.org'): DirectorySession {
    const said = (question: PlayedQuestion): SearchAnswer => {
      this.asked.push(question)
      const found = this.answer(question)
      if (found === 'too-many') return { kind: 'too-many', server }
      if (found === 'gone') return { kind: 'unavailable', why: `${server}: no answer` }
      return { kind: 'entries', entries: found, server }
    }
    return {
      ...{ kind: 'session', server },
      search: async (question) => said(question),
      searchPaged: async function* (question) {
        const answer = said({ ...question, filter: `paged ${question.filter}` })
        if (answer.kind !== 'too-many') yield answer satisfies PageAnswer
      },
      close: () => {},
    }
  }

  /** How often a question with this text in its filter or base was asked. */
  count(text: string): number {
    return this.asked.filter(({ filter, base }) => filter.includes(text) || base.includes(text)).length
  }
}

const BASE = 'DC=example,DC=org'

/** A domain controller with what a test changes. */
export class PlayedController extends PlayedDirectory {
  usn = 1000
  /** Between the marks. */
  changed: readonly DirectoryEntry[] = []
  frame: readonly DirectoryEntry[] = []
  readonly byDn = new Map<string, DirectoryEntry>()
  /** sAMAccountName of all that can be found. */
  readonly names = new Set<string>()
  readonly #invocation: string

  constructor(invocation = 'dc1') {
    super((question) => this.#answer(question))
    this.#invocation = invocation
  }

  #answer({ base, scope, filter, attributes }: PlayedQuestion): readonly DirectoryEntry[] {
    if (base === '') {
      return [
        entry('', {
          ...{ namingContexts: [BASE], dsServiceName: [`CN=${this.#invocation}`] },
          highestCommittedUSN: [String(this.usn)],
        }),
      ]
    }
    if (filter.startsWith('paged ')) return this.frame
    const [, first, last] = /uSNChanged>=(\d+)\)\(uSNChanged<=(\d+)/.exec(filter) ?? []
    if (first !== undefined) {
      const inWindow = (each: DirectoryEntry): boolean => {
        const usn = Number(each.text('uSNChanged'))
        return usn >= Number(first) && usn <= Number(last)
      }
      return this.changed.filter(inWindow)
    }
    if (scope === 'base') return [this.byDn.get(base)].filter((found) => found !== undefined)
    const wanted = [...filter.matchAll(/sAMAccountName=([^)]*)/g)].map(([, name = '']) => name)
    return attributes.includes('sAMAccountName')
      ? wanted
          .filter((name) => this.names.has(name))
          .map((name) => entry(`CN=${name},${BASE}`, { sAMAccountName: [name] }))
      : []
  }

  user(name: string, usn: number, more: Readonly<Record<string, readonly string[]>> = {}): DirectoryEntry {
    this.names.add(name)
    const found = entry(`CN=${name},${BASE}`, {
      ...{ objectGUID: [guid(name)], objectClass: ['top', 'user'], sAMAccountName: [name] },
      ...{ uSNChanged: [String(usn)], ...more },
    })
    this.byDn.set(found.dn, found)
    return found
  }

  group(name: string, usn: number, members: readonly DirectoryEntry[], id = name): DirectoryEntry {
    this.names.add(name)
    const found = entry(`CN=${id},${BASE}`, {
      ...{ objectGUID: [guid(id)], objectClass: ['top', 'group'], sAMAccountName: [name] },
      ...{ uSNChanged: [String(usn)], member: members.map(({ dn }) => dn) },
    })
    this.byDn.set(found.dn, found)
    return found
  }

  unit(name: string, usn: number, dn = `OU=${name},${BASE}`): DirectoryEntry {
    const attributes = {
      objectGUID: [guid(name)],
      objectClass: ['organizationalUnit'],
      uSNChanged: [String(usn)],
    }
    return entry(dn, attributes)
  }
}

/** Sixteen octets. */
function guid(name: string): string {
  return name.padEnd(16, '.').slice(-16)
}
