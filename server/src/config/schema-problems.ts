import type * as z from 'zod'
import { ourName } from './other-names.ts'
import type { Problem } from './problem.ts'
import { memberOf, readablePath } from './readable-path.ts'
import { closest } from './suggestion.ts'

type Issue = z.core.$ZodIssue

/**
 * Zod's issues in the administrator's words. Messages never repeat the value: it may be a secret.
 */
export function schemaProblems(schema: z.ZodType, value: unknown, issues: readonly Issue[]): Problem[] {
  return issues.flatMap((issue) => problemsOf(schema, value, issue, issue.path))
}

function problemsOf(
  schema: z.ZodType,
  value: unknown,
  issue: Issue,
  path: readonly PropertyKey[],
): Problem[] {
  const at = readablePath(value, path)
  const problem = (code: string, message: string, suggestion?: string): Problem[] => [
    { path: at, severity: 'error', code, message, ...(suggestion === undefined ? {} : { suggestion }) },
  ]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, value, path)
      return issue.keys.map((key) => unknownKey(at, key, known))
    }
    case 'invalid_type':
      return valueAt(value, path) === undefined
        ? problem('missing', needed(schema, value, path))
        : problem(
            'wrong-type',
            `${article(issue.expected)} is expected here${hint(issue.expected, value, path)}.`,
          )
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      const found = valueAt(value, path)
      if (found === undefined) return problem('missing', `A value is needed here: ${allowed.join(', ')}.`)
      return problem(
        'not-allowed',
        `Allowed here: ${allowed.join(', ')}.`,
        typeof found === 'string' ? meant(found, allowed) : undefined,
      )
    }
    case 'invalid_union': {
      if (valueAt(value, path) === undefined) return problem('missing', 'A value is needed here.')
      const branch = nearestBranch(issue.errors)
      if (branch === undefined) {
        const kinds = discriminators(schema, value, path)
        const found = valueAt(value, path)
        return problem(
          'not-allowed',
          `Allowed here: ${kinds.join(', ')}.`,
          typeof found === 'string' ? meant(found, kinds) : undefined,
        )
      }
      return branch.flatMap((inner) => problemsOf(schema, value, inner, [...path, ...inner.path]))
    }
    case 'too_small':
      return problem('out-of-range', sized(issue.message, issue.origin, 'at least', issue.minimum))
    case 'too_big':
      return problem('out-of-range', sized(issue.message, issue.origin, 'at most', issue.maximum))
    default:
      return problem('invalid', issue.message)
  }
}

/** With what the reference says of the setting: who left it out may not know what it is. */
function needed(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string {
  const [meaning] = schemasAt(schema, value, path).flatMap(({ description }) => description ?? [])
  return `A value is needed here.${meaning === undefined ? '' : ` ${meaning}.`}`
}

function unknownKey(at: string, key: string, known: readonly string[]): Problem {
  const suggestion = meant(key, known)
  return {
    path: at === '' ? key : `${at}/${key}`,
    severity: 'error',
    code: 'unknown-key',
    message: `There is no setting '${key}' here${suggestion === undefined ? `; known: ${known.join(', ')}` : ''}.`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function meant(word: string, known: readonly string[]): string | undefined {
  return closest(word, known) ?? ourName(word, known)
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'Text',
  number: 'A number',
  int: 'A whole number',
  boolean: 'true or false',
  array: 'A list',
  object: 'A block of settings',
  record: 'A block of settings',
}

const UNITS: Readonly<Record<string, string>> = {
  number: '',
  int: '',
  string: ' characters',
  array: ' entries',
}

/** What the schema itself says of a bound stays. */
function sized(message: string, origin: string, bound: string, limit: number | bigint): string {
  const unit = UNITS[origin]
  return unit === undefined || !/^Too (?:big|small)/.test(message)
    ? message
    : `Allowed here: ${bound} ${limit}${unit}.`
}

function article(expected: string): string {
  return ARTICLES[expected] ?? expected
}

function hint(expected: string, value: unknown, path: readonly PropertyKey[]): string {
  const found = valueAt(value, path)
  if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) {
    return ': put it in quotes'
  }
  if (expected === 'array' && found !== null && typeof found !== 'object') return ': put it in [brackets]'
  return ''
}

/**
 * Of a union, the branch the author was writing: the one whose own type fits, with the fewest faults; else the first,
 * which is the plain one. Undefined where a `kind` chooses and none fits.
 */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  )
  return fitting.toSorted((a, b) => wrongKeys(a) - wrongKeys(b))[0] ?? branches[0]
}

function wrongKeys(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(memberOf, value)
}

/** Every key an object at this place may have. */
function knownKeys(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  return [...new Set(schemasAt(schema, value, path).flatMap((inner) => Object.keys(shapeOf(inner) ?? {})))]
}

/** The values of `kind` at this place, where a kind chooses the schema. */
function discriminators(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  return schemasAt(schema, value, path.slice(0, -1)).flatMap((inner) => {
    const member = shapeOf(inner)?.[String(path.at(-1))]
    const definition = member === undefined ? undefined : definitionOf(member)
    return definition?.values?.map(String) ?? []
  })
}

/** The parts of Zod 4's definitions that are walked here. */
interface Definition {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, string>>
  readonly defaultValue?: unknown
}

/** `def` is public in Zod 4 but typed by class; the fields read are all optional here. */
export function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  return definitionOf(schema).shape
}

/** The object schemas that may stand at a path; of a union with `kind` the one the value names. */
function schemasAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): z.ZodType[] {
  const { innerType, element, options, shape } = definitionOf(schema)
  if (innerType !== undefined) return schemasAt(innerType, value, path)
  if (options !== undefined) {
    const fitting = options.filter((option) => fitsKind(option, value))
    return (fitting.length > 0 ? fitting : options).flatMap((option) => schemasAt(option, value, path))
  }
  const [key, ...rest] = path
  if (key === undefined) return [schema]
  const inner = element ?? shape?.[String(key)]
  return inner === undefined ? [] : schemasAt(inner, memberOf(value, key), rest)
}

function fitsKind(option: z.ZodType, value: unknown): boolean {
  const kind = shapeOf(option)?.kind
  return kind === undefined || (definitionOf(kind).values?.includes(memberOf(value, 'kind')) ?? false)
}
