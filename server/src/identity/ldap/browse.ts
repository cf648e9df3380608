import { reason } from '../../reasons/index.ts'
import type { DirectoryEntry, DirectorySession } from './directory.ts'
import { SyncStopped, stopUnlessEntries } from './sync/sync-stopped.ts'

export type Shown = 'containers' | 'groups' | 'all'
export type BrowsedKind = 'container' | 'group' | 'user' | 'computer' | 'other'

export interface DirectoryListing {
  readonly server: string
  readonly dn: string
  readonly entries: readonly {
    readonly dn: string
    readonly name: string
    readonly kind: BrowsedKind
    readonly description?: string
  }[]
  readonly more: boolean
}

/** More are not shown: whoever looks for one of these looks by name. */
export const MOST_SHOWN = 500
const PAGE = 100

const CONTAINERS = [
  ...['organizationalUnit', 'container', 'builtinDomain', 'domain', 'domainDNS', 'organization'],
  ...['country', 'locality', 'lostAndFound', 'nsContainer'],
]
const GROUPS = ['group', 'groupOfNames', 'groupOfUniqueNames', 'groupOfMembers', 'posixGroup']
const KINDS: readonly (readonly [BrowsedKind, readonly string[]])[] = [
  ['computer', ['computer']],
  ['group', GROUPS],
  ['user', ['user', 'person', 'posixAccount', 'account']],
  ['container', CONTAINERS],
]
const FILTERS: Readonly<Record<Shown, string>> = {
  containers: anyClass(CONTAINERS),
  groups: anyClass([...CONTAINERS, ...GROUPS]),
  all: '(objectClass=*)',
}

/** One level below `dn`, in order of name; without one, where the directory begins. Throws SyncStopped. */
export async function browse(
  session: DirectorySession,
  dn: string | undefined,
  show: Shown,
): Promise<DirectoryListing> {
  const { server } = session
  if (dn === undefined || dn === '') return await beginnings(session)
  const entries: DirectoryEntry[] = []
  const query = {
    ...({ base: dn, scope: 'one', filter: FILTERS[show] } as const),
    attributes: ['objectClass', 'description'],
    pageSize: PAGE,
  }
  for await (const page of session.searchPaged(query)) {
    entries.push(...stopUnlessEntries(page, server, dn))
    if (entries.length > MOST_SHOWN) break
  }
  const shown = entries.slice(0, MOST_SHOWN).map((entry) => {
    const description = entry.text('description')
    return { dn: entry.dn, name: nameOf(entry.dn), kind: kindOf(entry), ...(description && { description }) }
  })
  return {
    server,
    dn,
    entries: shown.toSorted((a, b) => a.name.localeCompare(b.name)),
    more: entries.length > MOST_SHOWN,
  }
}

/** Naming contexts (RFC 4512 section 5.1); that of the domain first. */
async function beginnings(session: DirectorySession): Promise<DirectoryListing> {
  const answer = await session.search({
    base: '',
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['namingContexts', 'defaultNamingContext'],
    limit: 1,
  })
  const [root] = stopUnlessEntries(answer, session.server)
  const first = root?.text('defaultNamingContext')
  const contexts = [
    ...new Set([...(first === undefined ? [] : [first]), ...(root?.texts('namingContexts') ?? [])]),
  ]
  if (contexts.length === 0) {
    const detail = 'it does not say what it holds (namingContexts)'
    throw new SyncStopped(reason('directory-sync-broken-off', { server: session.server, detail }))
  }
  const entries = contexts.map((dn) => ({ dn, name: dn, kind: 'container' }) as const)
  return { server: session.server, dn: '', entries, more: false }
}

function kindOf(entry: DirectoryEntry): BrowsedKind {
  const classes = entry.texts('objectClass').map((name) => name.toLowerCase())
  return KINDS.find(([, names]) => names.some((name) => classes.includes(name.toLowerCase())))?.[0] ?? 'other'
}

/** Value of the first relative name, unescaped for people. */
function nameOf(dn: string): string {
  const relative = /^(?:\\.|[^,\\])*/s.exec(dn)?.[0] ?? dn
  return relative
    .slice(relative.indexOf('=') + 1)
    .replace(/(?:\\[0-9a-f]{2})+/gi, (octets) => Buffer.from(octets.replaceAll('\\', ''), 'hex').toString())
    .replace(/\\(.)/gs, '$1')
}

function anyClass(names: readonly string[]): string {
  return `(|${names.map((name) => `(objectClass=${name})`).join('')})`
}
