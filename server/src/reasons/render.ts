import { type CatalogueEntry, EN } from './catalogue/en.ts'
import type { Reason, ReasonCode } from './reason.ts'

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
  return {
    title: entry.title,
    sentence: fill(entry.sentence, reason.values),
    nextStep: fill(entry.nextStep, reason.values),
  }
}

/**
 * Fills `{user}` in. A part in square brackets is left out where a value it names is missing:
 * `The password is wrong[ ({failures} in a row)].`
 */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template
    .replace(/\[([^\]]*)\]/g, (_, part: string) =>
      namesIn(part).every((name) => textOf(own(values, name)) !== undefined) ? part : '',
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => textOf(own(values, name)) ?? '?')
}

function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

/** The values a template names. */
export function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
}

/** Values come from the network: one line, bounded, no control characters. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  if (text === '') return undefined
  const printable = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
  return printable.length > 200 ? `${printable.slice(0, 200)}…` : printable
}
