import { type CatalogueEntry, EN } from './catalogue/en.ts'
import { definitionOf, type Reason, type ReasonCode } from './reason.ts'

/** Languages with a catalogue; a new one is a file beside `catalogue/en.ts` and a line here. */
const CATALOGUES = { en: EN } as const satisfies Record<string, Readonly<Record<ReasonCode, CatalogueEntry>>>

export type Language = keyof typeof CATALOGUES

export interface Rendered {
  readonly title: string
  /** What happened, with the values filled in. */
  readonly sentence: string
  /** Who has to do what. */
  readonly nextStep: string
}

/** The reason as a person reads it. */
export function render(reason: Reason, language: Language = 'en'): Rendered {
  const entry = CATALOGUES[language][reason.code]
  const values = readableValues(reason)
  return {
    title: entry.title,
    sentence: fill(entry.sentence, values),
    nextStep: fill(entry.nextStep, values),
  }
}

/** What a code stands for, in a few words. */
export function titleOf(code: ReasonCode, language: Language = 'en'): string {
  return CATALOGUES[language][code].title
}

/** Instants as tables print them: local time, to the minute. */
function readableValues(reason: Reason): Readonly<Record<string, unknown>> {
  const types = definitionOf(reason.code).values
  const entries = Object.entries(reason.values as Readonly<Record<string, unknown>>)
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isInstant = Object.hasOwn(types, name) && types[name]?.startsWith('instant')
      return [name, isInstant && typeof value === 'string' ? localMinute(value) : value]
    }),
  )
}

/** `2026-01-05T09:00:00.000Z` -> `2026-01-05 09:00` in local time; what is no instant stays as it is. */
export function localMinute(instant: string): string {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return instant
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `{name}`, or `{name one|many}`: the number and the noun that goes with it. */
const VALUE = /\{(\w+)(?: ([^{}|]+)\|([^{}|]+))?\}/g

/**
 * Fills `{user}` in. A part in square brackets is left out where a value it names is missing:
 * `The password is wrong[ ({failures time|times} in a row)].`
 */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template
    .replace(/\[([^\]]*)\]/g, (_, part: string) =>
      namesIn(part).every((name) => textOf(own(values, name)) !== undefined) ? part : '',
    )
    .replace(VALUE, (_, name: string, one?: string, many?: string) => {
      const text = textOf(own(values, name)) ?? '?'
      return one === undefined ? text : `${text} ${text === '1' ? one : many}`
    })
}

function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

/** The values a template names. */
export function namesIn(template: string): readonly string[] {
  return [...template.matchAll(VALUE)].map((match) => match[1] as string)
}

/** Values come from the network: one line, bounded, no control characters. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  if (text === '') return undefined
  const printable = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
  return printable.length > 200 ? `${printable.slice(0, 200)}…` : printable
}
