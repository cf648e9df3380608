import { LANGUAGES, type Language, type OrganizationConfiguration } from '../../../config/schema.ts'
import { element, Html, type HtmlContent, isolated, link } from '../../guides/html-text.ts'
import { LINK_STYLE } from './link-style.ts'
import { PAGE_TEXTS } from './page-language.ts'
import { LANGUAGE_NAMES } from './texts.ts'

export interface PageFrame {
  readonly organization: OrganizationConfiguration
  readonly language: Language
  /** Path of this page, where it can be had in another language; absent: it is the answer to a form. */
  readonly path?: string
}

/** What every page has around it: who speaks, other languages, help. */
export function framed(
  { organization, language, path }: PageFrame,
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
      path === undefined ? [] : languages(path, language),
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
  return [element('h2', {}, PAGE_TEXTS[language].help), element('ul', {}, items)]
}

function languages(path: string, current: Language): Html {
  const items = LANGUAGES.filter((language) => language !== current).map((language) =>
    element(
      'li',
      {},
      element(
        'a',
        { href: `${path}?lang=${language}`, hreflang: language, lang: language },
        LANGUAGE_NAMES[language],
      ),
    ),
  )
  return element('ul', { class: 'languages' }, items)
}
