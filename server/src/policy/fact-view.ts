import { Environment } from '@marcbachmann/cel-js'
import { FACT_NAMESPACES, FACT_TYPES, type FactNamespace, type FactType } from './fact-types.ts'
import type { Facts } from './facts.ts'

/** Facts known so far: a namespace, or a field of one, that is missing may still get any value. */
export type PartialFacts = { readonly [Name in keyof Facts]?: Partial<Facts[Name]> | undefined }

/** What the evaluator sees: one view object per namespace, made once per decision. */
export type FactViews = { readonly door: string | undefined } & Readonly<Record<FactNamespace, FactView>>

type FactView = Readonly<Record<string, unknown>>

type Raw = Readonly<Record<string, unknown>>
type ViewClass = new (raw: Raw, complete: boolean) => object & FactView

/** Thrown by a view for a fact that is not known yet; CEL's evaluator treats any throw as "unknown". */
const NOT_KNOWN_YET = new Error('fact not known yet')

/**
 * A class of getters over the raw facts of one namespace. CEL reads fields of a declared class without copying, and
 * converts nothing: the getters hand out timestamps and 64-bit integers only where a condition asks for them.
 */
function viewClass(name: FactNamespace): ViewClass {
  class View {
    readonly raw: Raw
    readonly complete: boolean
    constructor(raw: Raw, complete: boolean) {
      this.raw = raw
      this.complete = complete
    }
  }
  for (const [field, type] of Object.entries(FACT_TYPES[name])) {
    const convert = CONVERSIONS[type]
    Object.defineProperty(View.prototype, field, {
      get(this: View) {
        const value = this.raw[field]
        if (value === undefined || value === null) {
          // Absent for good: `has()` may say false. Not known yet: not even `has()` may say anything.
          if (this.complete) return undefined
          throw NOT_KNOWN_YET
        }
        return convert === undefined ? value : convert(value)
      },
    })
  }
  return View as unknown as ViewClass // its fields are defined one by one above
}

const CONVERSIONS: Partial<Record<FactType, (value: unknown) => unknown>> = {
  int: (value) => (Number.isSafeInteger(value) ? BigInt(value as number) : undefined),
  'google.protobuf.Timestamp': (value) => {
    const instant = new Date(String(value))
    return Number.isNaN(instant.getTime()) ? undefined : instant
  },
}

const VIEW_CLASSES = new Map(FACT_NAMESPACES.map((name) => [name, viewClass(name)]))

/** The CEL environment every condition is parsed, checked and evaluated in. */
export const ENVIRONMENT: Environment = FACT_NAMESPACES.reduce(
  (environment, name) => {
    const type = `facts.${name}`
    const ctor = VIEW_CLASSES.get(name) as ViewClass // one class per namespace, made above
    return environment.registerType(type, { ctor, fields: FACT_TYPES[name] }).registerVariable(name, type)
  },
  new Environment({ limits: { maxAstNodes: 2000, maxDepth: 60 } }).registerVariable('door', 'string'),
)

const NOTHING: Raw = Object.freeze({})

/** Views for a decision: a fact that is absent stays absent. */
export function completeViews(facts: Facts): FactViews {
  return views(facts, true)
}

/** Views for an offer: a fact that is absent may still come. */
export function partialViews(facts: PartialFacts): FactViews {
  return views(facts, false)
}

function views(facts: PartialFacts, complete: boolean): FactViews {
  const all: Record<string, unknown> = { door: facts.door }
  for (const [name, View] of VIEW_CLASSES) {
    const raw = facts[name]
    all[name] = new View((raw ?? NOTHING) as Raw, complete)
  }
  return all as unknown as FactViews // one view for each namespace, from the loop above
}
