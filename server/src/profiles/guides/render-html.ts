import type { Language } from '../../config/schema.ts'
import type { Block, FieldRow, Section, Step } from './guide.ts'
import { element, Html, isolated, link, sourceOf } from './html-text.ts'
import type { Page } from './page.ts'
import { PAGE_POLICY, PAGE_STYLE } from './page-style.ts'
import type { Phrase, Value } from './phrase.ts'
import { labelIn, sentence, valueIn, type Writer } from './sentence.ts'

/** How pages write what stands in a sentence. */
export const HTML_WRITER: Writer<Html> = {
  plain: (text) => new Html(sourceOf(text)),
  labels: (words) => new Html(words.map((word) => element('b', {}, word).source).join(' › ')),
  code: (text) => element('code', { dir: 'auto' }, text),
  secret: (text) => element('code', { dir: 'auto' }, text),
  text: isolated,
  link,
  join: (parts) => new Html(sourceOf(parts)),
}
const PLAIN: Writer<string> = {
  plain: (text) => text,
  labels: (words) => words.join(' › '),
  code: (text) => text,
  secret: (text) => text,
  text: (text) => text,
  link: (_url, text) => text,
  join: (parts) => parts.join(''),
}

/** One page that needs nothing else: no script, no picture from elsewhere, its own style. */
export function htmlPage(page: Page): string {
  const { language, title, subtitle, organization, logo, sections, foot } = page
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'referrer', content: 'no-referrer' }),
    element('title', {}, `${sentence(title, language, PLAIN)} - ${organization}`),
    // Not escaped: the style is a constant, and its hash is what the policy allows.
    new Html(`<style>${PAGE_STYLE}</style>`),
  )
  const body = element(
    'body',
    {},
    element(
      'header',
      {},
      logo === undefined ? [] : element('img', { src: `data:image/png;base64,${logo}`, alt: '' }),
      isolated(organization),
    ),
    element(
      'main',
      {},
      element('h1', {}, sentence(title, language, HTML_WRITER)),
      element('p', { class: 'sub' }, sentence(subtitle, language, HTML_WRITER)),
      sections.map((section) => sectionHtml(section, { language, writer: HTML_WRITER })),
    ),
    element('footer', {}, element('p', {}, sentence(foot, language, HTML_WRITER))),
  )
  return `<!DOCTYPE html>\n${element('html', { lang: language, dir: 'ltr' }, head, body).source}\n`
}

/** In which language, and how what stands in its sentences is written. */
export interface Voice {
  readonly language: Language
  readonly writer: Writer<Html>
}

export function sectionHtml({ title, blocks }: Section, voice: Voice): Html {
  const parts = blocks.map((block) => blockOf(block, voice))
  return element('section', {}, element('h2', {}, phraseHtml(title, voice)), parts)
}

export const phraseHtml = (phrase: Phrase, { language, writer }: Voice): Html =>
  sentence(phrase, language, writer)

function blockOf(block: Block, voice: Voice): Html {
  const say = (phrase: Phrase) => phraseHtml(phrase, voice)
  switch (block.kind) {
    case 'paragraph':
      return element('p', {}, say(block.say))
    case 'warning':
      return element('div', { class: 'warning', role: 'note' }, element('p', {}, say(block.say)))
    case 'list':
      return element(
        'ul',
        {},
        block.items.map((item) => element('li', {}, say(item))),
      )
    case 'steps':
      return element(
        'ol',
        { class: 'steps' },
        block.steps.map((step) => stepOf(step, voice)),
      )
    case 'fields':
      return fieldsOf(block.fields, voice)
    case 'cures':
      return element(
        'table',
        { class: 'cures' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, say({ key: 'seen', values: {} })),
            element('th', { scope: 'col' }, say({ key: 'whatToDo', values: {} })),
          ),
        ),
        element(
          'tbody',
          {},
          block.rows.map(({ seen, cure }) =>
            element('tr', {}, element('th', { scope: 'row' }, say(seen)), element('td', {}, say(cure))),
          ),
        ),
      )
  }
}

function stepOf({ say, fields, command }: Step, voice: Voice): Html {
  return element(
    'li',
    {},
    phraseHtml(say, voice),
    fields === undefined ? [] : fieldsOf(fields, voice),
    command === undefined ? [] : element('pre', { dir: 'ltr' }, element('code', {}, command)),
  )
}

function fieldsOf(fields: readonly FieldRow[], { language, writer }: Voice): Html {
  const cell = (value: Value) => valueIn(value, language, writer)
  return element(
    'table',
    { class: 'fields' },
    element(
      'tbody',
      {},
      fields.map(({ label, value }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, labelIn(label, language, writer)),
          element('td', {}, cell(value)),
        ),
      ),
    ),
  )
}
