import { LANGUAGES, type Language, type OrganizationConfiguration } from '../../../config/schema.ts'
import { element, Html, type HtmlContent, isolated, link } from '../../guides/html-text.ts'
import { say } from '../../guides/phrase.ts'
import { HTML_WRITER, phraseHtml } from '../../guides/render-html.ts'
import { LINK_STYLE } from './link-style.ts'
import { PAGE_TEXTS } from './page-language.ts'
import { type PageView, switchForm } from './switch-form.ts'
import { LANGUAGE_NAMES } from './texts.ts'

export interface PageFrame {
  readonly organization: OrganizationConfiguration
  readonly language: Language
  /** Absent: it is the answer to something done, and cannot be asked for in another language. */
  readonly view?: PageView
}

/** What every page has around it: who speaks, other languages, help. */
export function framed(
  { organization, language, view }: PageFrame,
  title: string,
  content: HtmlContent,
): string {
  const { logo, name } = organization
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'robots', content: 'noindex' }),
    element('title', {}, `${title} - ${name}`),
    // Not escaped: the style is a constant, and its hash is what the policy allows.
    new Html(`<style>${LINK_STYLE}</style>`),
  )
  const body = element(
    'body',
    {},
    element(
      'header',
      {},
      logo === undefined ? [] : element('img', { src: `data:image/png;base64,${logo}`, alt: '' }),
      isolated(name),
    ),
    element('main', {}, element('h1', {}, title), content),
    element(
      'footer',
      {},
      helpOf(organization, language),
      view === undefined ? [] : languages(view, language),
    ),
  )
  return `<!DOCTYPE html>\n${element('html', { lang: language, dir: 'ltr' }, head, body).source}\n`
}

function helpOf({ helpDesk }: OrganizationConfiguration, language: Language): HtmlContent {
  const { name, phone, email, url } = helpDesk
  const lines = [
    ...(name === undefined ? [] : [isolated(name)]),
    ...(phone === undefined ? [] : [isolated(phone)]),
    ...(email === undefined ? [] : [link(`mailto:${email}`, email)]),
    ...(url === undefined ? [] : [link(url, url)]),
  ]
  if (lines.length === 0) return []
  const items = lines.map((line) => element('li', {}, line))
  return [
    element('h2', {}, PAGE_TEXTS[language].help),
    element('p', {}, phraseHtml(say('helpIntro'), { language, writer: HTML_WRITER })),
    element('ul', {}, items),
  ]
}

function languages(view: PageView, current: Language): Html {
  const options = LANGUAGES.map((language) => ({
    ...{ value: language, label: LANGUAGE_NAMES[language], isCurrent: language === current, language },
  }))
  return switchForm(view, { name: 'lang', label: PAGE_TEXTS[current].language }, options)
}
