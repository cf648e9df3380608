import { isDeepStrictEqual } from 'node:util'
import type { FieldChange, ObjectChange } from './difference.ts'
import type { Configuration } from './schema.ts'
import { isSecretField } from './secrets.ts'
import { LIST_SECTIONS, type ListSection, OBJECT_SECTIONS } from './section-shapes.ts'

type Named = { readonly name: string }

const MASKED = '***'

/**
 * What applying a document would make of the current configuration, and how that differs from it. Pure.
 *
 * An object of the document replaces the object of its name as a whole; objects it does not name stay, unless `prune`
 * deletes them. `prune` reaches only sections the document names.
 */
export function planConfiguration(
  current: Configuration,
  document: Partial<Configuration>,
  { prune }: { prune: boolean },
): { next: Configuration; changes: ObjectChange[] } {
  const changes: ObjectChange[] = []
  const objects = Object.fromEntries(
    OBJECT_SECTIONS.map((section) => {
      const wanted = document[section]
      if (wanted !== undefined) changes.push(changeOf(section, section, current[section], wanted))
      return [section, wanted ?? current[section]]
    }),
  )
  const lists = Object.fromEntries(
    LIST_SECTIONS.map((section) => {
      const before: readonly Named[] = current[section]
      const wanted: readonly Named[] | undefined = document[section]
      const after = wanted === undefined ? before : prune ? wanted : merge(before, wanted)
      changes.push(...listChanges(section, before, after, wanted ?? []))
      return [section, after]
    }),
  )
  // Everything came out of the section of its own name.
  return { next: { ...objects, ...lists } as unknown as Configuration, changes }
}

/**
 * The document's objects in the document's order; each one it does not name stays behind the one it stood behind. So an
 * unnamed rule keeps its place relative to the rule before it.
 */
function merge(before: readonly Named[], wanted: readonly Named[]): readonly Named[] {
  const names = new Set(wanted.map((object) => object.name))
  const merged = [...wanted]
  let predecessor: string | undefined
  for (const object of before) {
    if (!names.has(object.name)) {
      const at = merged.findIndex((other) => other.name === predecessor)
      merged.splice(at + 1, 0, object)
    }
    predecessor = object.name
  }
  return merged
}

function listChanges(
  section: ListSection,
  before: readonly Named[],
  after: readonly Named[],
  wanted: readonly Named[],
): ObjectChange[] {
  const old = byName(before)
  const now = byName(after)
  const changes = wanted.map((object) => changeOf(section, object.name, old.get(object.name), object))
  for (const object of before) {
    if (!now.has(object.name)) changes.push({ section, name: object.name, action: 'delete' })
  }
  if (section === 'rules') changes.push(...orderChange(before, after))
  return changes
}

/** Rules are tried in order: moving one is a change even where each stays as it is. */
function orderChange(before: readonly Named[], after: readonly Named[]): ObjectChange[] {
  const [old, now] = [byName(before), byName(after)]
  const was = before.map((rule) => rule.name).filter((name) => now.has(name))
  const is = after.map((rule) => rule.name).filter((name) => old.has(name))
  if (isDeepStrictEqual(was, is)) return []
  const fields = [
    { path: 'order', before: before.map((rule) => rule.name), after: after.map((rule) => rule.name) },
  ]
  return [{ section: 'rules', name: 'order', action: 'change', fields }]
}

function byName(objects: readonly Named[]): Map<string, Named> {
  return new Map(objects.map((object) => [object.name, object]))
}

function changeOf(section: keyof Configuration, name: string, before: unknown, after: unknown): ObjectChange {
  if (before === undefined) return { section, name, action: 'create' }
  const fields = fieldChanges(before, after, '', (path) => isSecretField(section, path))
  return fields.length === 0
    ? { section, name, action: 'unchanged' }
    : { section, name, action: 'change', fields }
}

/** Differing leaves of two JSON values. Exported for the data sections, whose objects are shown the same way. */
export function fieldChanges(
  before: unknown,
  after: unknown,
  path = '',
  isSecret: (path: string) => boolean = () => false,
): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return []
  if (isPlain(before) && isPlain(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) =>
      fieldChanges(before[key], after[key], path === '' ? key : `${path}/${key}`, isSecret),
    )
  }
  const shown = (value: unknown): unknown => (isSecret(path) ? MASKED : value)
  return [
    {
      path,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    },
  ]
}

/** A list counts as one value: its members have no names to tell them apart by. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
