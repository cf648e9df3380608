import { hash } from 'node:crypto'
import { allOf } from './directory-objects.ts'
import { dnKey } from './dn-key.ts'
import { pagesOf } from './sync-pages.ts'
import type { SyncParts } from './sync-parts.ts'

/**
 * An organizational unit that is renamed or moved takes the DNs of all below it along, and none of them is marked as
 * changed. So when one is seen to have changed, everything is read.
 */
export async function containersSince(parts: SyncParts, since: string): Promise<boolean> {
  const query = queryOf(parts, since)
  for await (const entries of pagesOf(parts.session, query)) if (entries.length > 0) return true
  return false
}

/**
 * Where only times tell: the latest change of any container, and which have that very time, because a second is long.
 *
 * @param earlier what this gave before; nothing older is read
 */
export async function containerMark(parts: SyncParts, earlier = ''): Promise<string> {
  const [from = ''] = earlier.split('*')
  const query = queryOf(parts, from === '' ? undefined : `(modifyTimestamp>=${from})`)
  let latest = ''
  let names: string[] = []
  for await (const entries of pagesOf(parts.session, query)) {
    for (const entry of entries) {
      const at = entry.text('modifyTimestamp') ?? ''
      if (at > latest) {
        latest = at
        names = []
      }
      if (at === latest) names.push(dnKey(entry.dn))
    }
  }
  return `${latest}*${hash('sha256', names.toSorted().join(), 'base64url').slice(0, 22)}`
}

function queryOf({ objects, server, marks }: SyncParts, since: string | undefined) {
  const filter = allOf(objects.containerFilter, since)
  return { base: server.context, filter, attributes: [marks.attribute], pageSize: 500 }
}
