import type { Language } from '../../config/schema.ts'
import { CATALOGUES } from './catalogue/index.ts'
import type { Label } from './label.ts'
import type { Phrase, Value } from './phrase.ts'

/** How a format writes the parts of a sentence. */
export interface Writer<Out> {
  readonly plain: (text: string) => Out
  readonly labels: (words: readonly string[]) => Out
  readonly code: (text: string) => Out
  readonly secret: (text: string) => Out
  readonly text: (text: string) => Out
  readonly link: (url: string, text: string) => Out
  readonly join: (parts: readonly Out[]) => Out
}

/** A sentence in one language and one format. */
export function sentence<Out>({ key, values }: Phrase, language: Language, writer: Writer<Out>): Out {
  const parts = CATALOGUES[language][key].split(/\{(\w+)\}/)
  return writer.join(
    parts.map((part, index) => {
      if (index % 2 === 0) return writer.plain(part)
      const value = values[part]
      if (value === undefined) throw new Error(`guides: nothing for {${part}} of ${key}`)
      return valueIn(value, language, writer)
    }),
  )
}

export function valueIn<Out>(value: Value, language: Language, writer: Writer<Out>): Out {
  switch (value.kind) {
    case 'labels':
      return writer.labels(value.path.map((label) => label[language]))
    case 'code':
      return writer.code(value.text)
    case 'secret':
      return writer.secret(value.text)
    case 'text':
      return writer.text(value.text)
    case 'link':
      return writer.link(value.url, value.text)
    case 'phrase':
      return sentence(value.phrase, language, writer)
  }
}

export function labelIn<Out>(label: Label | Phrase, language: Language, writer: Writer<Out>): Out {
  return 'key' in label ? sentence(label, language, writer) : writer.labels([label[language]])
}
