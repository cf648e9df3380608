import type * as z from 'zod'
import { configurationSchema } from './schema.ts'
import { definitionOf } from './schema-problems.ts'

/**
 * docs/configuration.md, generated from the schemas (`npm run generate`): every setting with its type, default and
 * meaning. Data sections bring their own schema.
 */
export function configurationReference(
  dataSections: readonly {
    readonly name: string
    readonly schema: z.ZodType
    readonly description: string
  }[] = [],
): string {
  const sections = Object.entries(configurationSchema.shape).map(([name, schema]) => {
    const { type, element } = definitionOf(unwrap(schema))
    return type === 'array' && element !== undefined
      ? sectionText(name, schema.description, element, true)
      : sectionText(name, schema.description, unwrap(schema), false)
  })
  const data = dataSections.map(({ name, schema, description }) =>
    sectionText(name, description, schema, true),
  )
  return `${[INTRODUCTION, ...sections, ...data].join('\n\n')}\n`
}

const INTRODUCTION = `# Configuration reference

Generated from the schemas in \`server/src/config/sections/\`; do not edit.

One YAML document describes everything an administrator decides. \`sallyport apply -f FILE\` compares it with what is
served and shows the difference; \`--dry-run\` stops there. A document may hold any of the sections. Objects go by their
name: an object of the document replaces the stored one as a whole, objects the document does not name stay, unless
\`--prune\` deletes them (in the sections the document names). A rule that is not named keeps its place behind the rule it
stood behind. An unknown key is an error.

A secret is text of at least 8 characters (16 or more are recommended), \`{generate: true}\` (made when none is stored, and
shown once), or \`{ref: clients/vpn-1/secret}\` (the stored one, as \`sallyport export\` writes it).`

function sectionText(
  name: string,
  description: string | undefined,
  schema: z.ZodType,
  list: boolean,
): string {
  const rows = objectsOf(schema).flatMap((object) => rowsOf(object, ''))
  const unique = [...new Map(rows.map((row) => [row.join(), row])).values()]
  return [
    `## \`${name}\``,
    `${description ?? ''}${list ? ' (a list).' : '.'}`,
    [
      '| key | value | default | meaning |',
      '|---|---|---|---|',
      ...unique.map((row) => `| ${row.join(' | ')} |`),
    ].join('\n'),
  ].join('\n\n')
}

type Row = readonly [key: string, value: string, fallback: string, meaning: string]

/** One row for each setting; a block of settings becomes rows with a longer key. */
function rowsOf(object: z.ZodType, prefix: string): Row[] {
  return Object.entries(definitionOf(object).shape ?? {}).flatMap(([key, field]) => {
    const path = `${prefix}${key}`
    const inner = unwrap(field)
    const { type, element } = definitionOf(inner)
    const own: Row = [`\`${path}\``, valueText(inner), defaultText(field), meaningOf(field)]
    if (type === 'object') return rowsOf(inner, `${path}.`)
    const member = element === undefined ? undefined : unwrap(element)
    return member !== undefined && definitionOf(member).type === 'object'
      ? [own, ...rowsOf(member, `${path}[].`)]
      : [own]
  })
}

/** A union by kind is shown as the sum of its kinds. */
function objectsOf(schema: z.ZodType): z.ZodType[] {
  return definitionOf(schema).options?.map((option) => option) ?? [schema]
}

function valueText(schema: z.ZodType): string {
  const { type, element, values, options } = definitionOf(schema)
  switch (type) {
    case 'string':
      return 'text'
    case 'boolean':
      return '`true` or `false`'
    case 'number':
      return rangeText(schema)
    case 'enum':
      return choices(Object.values(definitionOf(schema).entries ?? {}))
    case 'literal':
      return choices(values ?? [])
    case 'array':
      return `list of ${element === undefined ? 'values' : valueText(unwrap(element))}`
    case 'object':
      return 'block'
    case 'record':
      return 'keys and texts'
    case 'union':
      return options?.some((option) => definitionOf(option).shape?.generate !== undefined)
        ? 'secret'
        : (options ?? []).map((option) => valueText(unwrap(option))).join(' or ')
    default:
      return type
  }
}

/** Bounds that are only those of JavaScript's integers say nothing. */
function rangeText(schema: z.ZodType): string {
  const { minValue, maxValue } = schema as z.ZodNumber
  const low = minValue === Number.MIN_SAFE_INTEGER || minValue === null ? undefined : minValue
  const high = maxValue === Number.MAX_SAFE_INTEGER || maxValue === null ? undefined : maxValue
  if (low === undefined && high === undefined) return 'number'
  return high === undefined ? `number from ${low}` : `number ${low ?? ''} to ${high}`
}

function choices(values: readonly unknown[]): string {
  return values.map((value) => `\`${String(value)}\``).join(', ')
}

function defaultText(schema: z.ZodType): string {
  const { type, defaultValue } = definitionOf(schema)
  if (type === 'default' || type === 'prefault') return `\`${JSON.stringify(defaultValue)}\``
  return type === 'optional' ? '' : '**needed**'
}

/** The description may stand on the wrapper or below it. */
function meaningOf(schema: z.ZodType): string {
  const { innerType } = definitionOf(schema)
  return (schema.description ?? (innerType === undefined ? '' : meaningOf(innerType))).replaceAll('|', '\\|')
}

function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType } = definitionOf(schema)
  return innerType === undefined ? schema : unwrap(innerType)
}
