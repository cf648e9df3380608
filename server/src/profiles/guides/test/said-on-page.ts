import type { Field } from '../../testing/golden.ts'
import type { Block } from '../guide.ts'
import type { Page } from '../page.ts'
import type { Phrase, Value } from '../phrase.ts'

/**
 * What a page says, the same in all languages: for each sentence its section and its key with what stands in its holes, in
 * English. `-` is an item of a list, `!` a warning, `*` a step, `?` an error with its cure. Tables of fields and lines to be
 * typed are not among them.
 */
export function saidOn(page: Page): readonly Field[] {
  return page.sections.flatMap(({ title, blocks }) =>
    blocks.flatMap((block) => saidIn(block).map((item): Field => [said(title), item])),
  )
}

function saidIn(block: Block): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return [said(block.say)]
    case 'warning':
      return [`! ${said(block.say)}`]
    case 'list':
      return block.items.map((item) => `- ${said(item)}`)
    case 'steps':
      return block.steps.map(({ say }) => `* ${said(say)}`)
    case 'cures':
      return block.rows.map(({ seen, cure }) => `? ${said(seen)} -> ${said(cure)}`)
    case 'fields':
      return []
  }
}

export function said({ key, values }: Phrase): string {
  const texts = Object.values(values).map(textOf)
  return texts.length === 0 ? key : `${key}: ${texts.join(' | ')}`
}

export function textOf(value: Value): string {
  if (value.kind === 'labels') return value.path.map(({ en }) => en).join(' > ')
  return value.kind === 'phrase' ? said(value.phrase) : value.text
}
