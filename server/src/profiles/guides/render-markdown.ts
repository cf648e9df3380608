import type { Language } from '../../config/schema.ts'
import type { Block, FieldRow, Section, Step } from './guide.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import type { Page } from './page.ts'
import type { Phrase } from './phrase.ts'
import { labelIn, sentence, valueIn, type Writer } from './sentence.ts'

const WRITER: Writer<string> = {
  plain: markdownText,
  labels: (words) => words.map((word) => `**${markdownText(word)}**`).join(' › '),
  code: markdownCode,
  secret: markdownCode,
  text: markdownText,
  link: (_url, text) => markdownText(text),
  join: (parts) => parts.join(''),
}

/** The same page as GitHub's Markdown, below a heading of the documentation. */
export function markdownPage({ language, title, subtitle, sections, foot }: Page): string {
  const say = (phrase: Phrase) => sentence(phrase, language, WRITER)
  const parts = [
    `## ${say(title)}`,
    say(subtitle),
    ...sections.flatMap((section) => sectionOf(section, language)),
    `*${say(foot)}*`,
  ]
  return parts.join('\n\n')
}

function sectionOf({ title, blocks }: Section, language: Language): readonly string[] {
  return [
    `### ${sentence(title, language, WRITER)}`,
    ...blocks.map((block) => blockOf(block, language).trimEnd()),
  ]
}

function blockOf(block: Block, language: Language): string {
  const say = (phrase: Phrase) => sentence(phrase, language, WRITER)
  switch (block.kind) {
    case 'paragraph':
      return say(block.say)
    case 'warning':
      return `> **!** ${say(block.say)}`
    case 'list':
      return block.items.map((item) => `- ${say(item)}`).join('\n')
    case 'steps':
      return block.steps.map((step, index) => stepOf(step, index + 1, language)).join('\n')
    case 'fields':
      return fieldsOf(block.fields, language)
    case 'cures':
      return [
        `| ${say({ key: 'seen', values: {} })} | ${say({ key: 'whatToDo', values: {} })} |`,
        '|---|---|',
        ...block.rows.map(({ seen, cure }) => `| ${say(seen)} | ${say(cure)} |`),
      ].join('\n')
  }
}

/** What belongs to a step is indented to its text, so that the numbers go on. */
function stepOf({ say, fields, command }: Step, number: number, language: Language): string {
  const marker = `${String(number)}. `
  const parts = [
    sentence(say, language, WRITER),
    ...(fields === undefined ? [] : [fieldsOf(fields, language)]),
    ...(command === undefined ? [] : [`\`\`\`\n${command}\n\`\`\``]),
  ]
  const text = parts.join('\n\n').replace(/\n(?=.)/g, `\n${' '.repeat(marker.length)}`)
  return `${marker}${text}${parts.length > 1 ? '\n' : ''}`
}

function fieldsOf(fields: readonly FieldRow[], language: Language): string {
  const rows = fields.map(
    ({ label, value }) => `| ${labelIn(label, language, WRITER)} | ${valueIn(value, language, WRITER)} |`,
  )
  return ['| | |', '|---|---|', ...rows].join('\n')
}
