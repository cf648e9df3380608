import { element, Html, type HtmlContent, isolated } from '../../guides/html-text.ts'
import type { LinkSystem } from '../link-outputs.ts'
import { qrSvg } from '../qr/qr-svg.ts'
import { framed, type PageFrame } from './frame.ts'
import { PAGE_TEXTS } from './page-language.ts'

/** One button. */
export interface PageOffer {
  readonly connection: { readonly name: string; readonly title: string }
  readonly system: LinkSystem
  readonly output: string
  /** Shown before, because the system asks for it. */
  readonly password?: string
}

export interface LinkPage {
  readonly person: string
  readonly offers: readonly PageOffer[]
  /** Where the buttons lead. */
  readonly action: string
  /** The code, where the page was opened by one. */
  readonly code?: string
  /** Stands first. */
  readonly ownSystem?: LinkSystem
  /** Of this page, for the camera of a phone. */
  readonly url?: string
}

/** What a link or a code brings: a button for each connection and system. */
export function linkPage(frame: PageFrame, page: LinkPage): string {
  const texts = PAGE_TEXTS[frame.language]
  const { offers, ownSystem, url } = page
  const names = new Map(offers.map(({ connection }) => [connection.name, connection.title]))
  const sections = [...names].map(([name, title]) => {
    const own = offers.filter(({ connection }) => connection.name === name)
    const sorted = own.toSorted((one, other) => rank(one, ownSystem) - rank(other, ownSystem))
    return [element('h2', {}, isolated(title)), sorted.map((offer) => card(frame, page, offer))]
  })
  return framed(frame, texts.title, [
    element('p', { class: 'sub' }, isolated(shown(page.person))),
    element('p', {}, texts.choose),
    sections,
    element('div', { class: 'warning' }, element('p', {}, texts.once)),
    url === undefined ? [] : phone(url, texts.otherDevice),
  ])
}

/** Where a code is typed, or a name and a password. */
export function startPage(
  frame: PageFrame,
  { hasSelfService }: { readonly hasSelfService: boolean },
): string {
  const { title, code, login } = PAGE_TEXTS[frame.language]
  const language = hidden('lang', frame.language)
  const codeForm = element(
    'form',
    { method: 'post', action: '/connect' },
    ...[language, element('label', { for: 'code' }, code.label)],
    element('input', {
      ...{ id: 'code', name: 'code', class: 'code', required: '', maxlength: '20' },
      ...{ autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', placeholder: 'XXXX-XXXX' },
    }),
    element('button', {}, code.button),
  )
  const loginForm = element(
    'form',
    { method: 'post', action: '/connect/login' },
    ...[language, element('label', { for: 'name' }, login.name)],
    element('input', {
      ...{ id: 'name', name: 'name', required: '', maxlength: '256', autocomplete: 'username' },
      ...{ autocapitalize: 'none', spellcheck: 'false' },
    }),
    element('label', { for: 'password' }, login.password),
    element('input', {
      ...{ id: 'password', name: 'password', type: 'password', required: '', maxlength: '512' },
      autocomplete: 'current-password',
    }),
    element('button', {}, login.button),
  )
  return framed(frame, title, [
    element('h2', {}, code.title),
    codeForm,
    hasSelfService ? [element('h2', {}, login.title), loginForm] : [],
  ])
}

export type NoteKind = 'gone' | 'wait' | 'approval' | 'refused' | 'unavailable' | 'wrong' | 'nothing'

/** Why there is no file. */
export function notePage(frame: PageFrame, kind: NoteKind, seconds = 0): string {
  const [title, text] = PAGE_TEXTS[frame.language][kind]
  return framed(frame, title, [
    element('p', {}, text.replace('{seconds}', String(seconds))),
    element(
      'p',
      {},
      element('a', { href: `/connect?lang=${frame.language}` }, PAGE_TEXTS[frame.language].code.title),
    ),
  ])
}

function card(frame: PageFrame, { action, code, ownSystem }: LinkPage, offer: PageOffer): Html {
  const { connection, system, output, password } = offer
  const texts = PAGE_TEXTS[frame.language]
  const isOwn = system === ownSystem
  const fields = [
    hidden('lang', frame.language),
    hidden('connection', connection.name),
    hidden('output', output),
    ...(code === undefined ? [] : [hidden('code', code)]),
    ...(password === undefined ? [] : [hidden('password', password)]),
  ]
  return element(
    'section',
    { class: isOwn ? 'card mine' : 'card' },
    isOwn ? element('p', { class: 'mark' }, texts.thisDevice) : [],
    password === undefined
      ? []
      : [element('p', {}, texts.password), element('pre', {}, element('code', {}, password))],
    element('form', { method: 'post', action }, fields, element('button', {}, texts.systems[system])),
    element(
      'ol',
      {},
      texts.next[system].map((step) => element('li', {}, step)),
    ),
  )
}

function phone(url: string, text: string): HtmlContent {
  const picture = qrSvg(url)
  if (picture === undefined) return []
  // Not escaped: made of numbers alone.
  return element('div', { class: 'desk' }, element('p', {}, text), new Html(picture))
}

function hidden(name: string, value: string): Html {
  return element('input', { type: 'hidden', name, value })
}

function rank({ system }: PageOffer, own: LinkSystem | undefined): number {
  return system === own ? 0 : 1
}

/** Names come from directories, where anything may stand. */
export function shown(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, ' ')
    .slice(0, 200)
    .toWellFormed()
}
