import type { EN } from './catalogue/en.ts'
import type { Label } from './label.ts'

/** What stands in a hole of a sentence, or in a field. */
export type Value =
  /** Buttons, fields and menus on the way, the outermost first. */
  | { readonly kind: 'labels'; readonly path: readonly Label[] }
  /** To be typed or compared, character by character. */
  | { readonly kind: 'code'; readonly text: string }
  /** The same, of what a page shows only where it is handed out once. */
  | { readonly kind: 'secret'; readonly text: string }
  /** A name somebody gave; any script, any direction. */
  | { readonly kind: 'text'; readonly text: string }
  /** A link somebody wrote into the configuration. */
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'phrase'; readonly phrase: Phrase }

export type MessageKey = keyof typeof EN

/** A sentence of the catalogue with its holes filled, in no language yet. */
export interface Phrase {
  readonly key: MessageKey
  readonly values: Readonly<Record<string, Value>>
}

/** The names in braces of a message. */
type Holes<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never

type Filled<Key extends MessageKey> = Readonly<Record<Holes<(typeof EN)[Key]>, Value>>

export function say<Key extends MessageKey>(
  key: Key,
  ...[values]: [Holes<(typeof EN)[Key]>] extends [never] ? [] : [Filled<Key>]
): Phrase {
  return { key, values: values ?? {} }
}

export const ui = (...path: readonly Label[]): Value => ({ kind: 'labels', path })
export const code = (text: string): Value => ({ kind: 'code', text })
export const secret = (text: string): Value => ({ kind: 'secret', text })
export const named = (text: string): Value => ({ kind: 'text', text })
/** A field filled in by words of the language of the page. */
export const words = (phrase: Phrase): Value => ({ kind: 'phrase', phrase })
