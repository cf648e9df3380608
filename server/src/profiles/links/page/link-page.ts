import { element, Html, type HtmlContent, isolated } from '../../guides/html-text.ts'
import { say } from '../../guides/phrase.ts'
import { HTML_WRITER, phraseHtml, sectionHtml, type Voice } from '../../guides/render-html.ts'
import { valueIn } from '../../guides/sentence.ts'
import type { LinkFile, LinkGuide, LinkOffer } from '../link-answers.ts'
import type { LinkSystem } from '../link-outputs.ts'
import { qrSvg } from '../qr/qr-svg.ts'
import { framed, type PageFrame } from './frame.ts'
import { PAGE_TEXTS } from './page-language.ts'
import { shown } from './shown-name.ts'
import { hidden, type PageView, switchForm } from './switch-form.ts'

/** What somebody chose to see; what is not there is not chosen. */
export interface LinkView {
  readonly connection?: string
  readonly system?: string
  /** Output of a guide: the steps by hand instead of the file. */
  readonly guide?: string
}

export interface LinkPage {
  readonly person: string
  readonly offers: readonly LinkOffer[]
  readonly chosen: LinkView
  /** Where the buttons lead. */
  readonly action: string
  /** The code, where the page was opened by one. */
  readonly code?: string
  /** System and guide of the browser, as far as it says. */
  readonly own?: { readonly system: LinkSystem; readonly guide?: string }
  /** Of this page, for the camera of a phone. */
  readonly url?: string
}

/** One connection on one system: its file or its steps by hand, what comes after, and what helps when it fails. */
export function linkPage(frame: PageFrame, page: LinkPage): string {
  const texts = PAGE_TEXTS[frame.language]
  const { offers, chosen, own, url, person } = page
  const offer = shownOffer(page)
  const guides = offer.guides()
  const guide =
    guides.find(({ output }) => output === chosen.guide) ??
    guides.find(({ output }) => output === own?.guide) ??
    guides[0]
  const byHand = guide !== undefined && (offer.file === undefined || chosen.guide !== undefined)
  const view = viewOf(frame, page, { offer, ...(byHand && { guide }) })
  const parts: Parts = { frame, page, offer, view }
  const content = [
    element('p', { class: 'sub' }, isolated(shown(person))),
    connections(parts, offers),
    element('h2', {}, isolated(offer.connection.title)),
    systems(parts, offers),
    url === undefined ? [] : phone(url, texts.otherDevice),
    byHand
      ? handWay(parts, guide, guides)
      : offer.file === undefined
        ? []
        : fileWay(parts, offer.file, guide),
  ]
  return framed({ ...frame, view }, texts.title, content)
}

interface Parts {
  readonly frame: PageFrame
  readonly page: LinkPage
  readonly offer: LinkOffer
  readonly view: PageView
}

function shownOffer({ offers, chosen, own }: LinkPage): LinkOffer {
  const ofConnection = offers.filter(({ connection }) => connection.name === chosen.connection)
  const here = ofConnection.length > 0 ? ofConnection : firstConnection(offers)
  const found =
    here.find(({ system }) => system === chosen.system) ??
    here.find(({ system }) => system === own?.system) ??
    here[0]
  if (found === undefined) throw new Error('links: a page without an offer')
  return found
}

const firstConnection = (offers: readonly LinkOffer[]): readonly LinkOffer[] =>
  offers.filter(({ connection }) => connection.name === offers[0]?.connection.name)

function viewOf(
  { language }: PageFrame,
  { action, code }: LinkPage,
  { offer, guide }: { readonly offer: LinkOffer; readonly guide?: LinkGuide },
): PageView {
  const fields = {
    ...(code !== undefined && { code }),
    ...{ lang: language, connection: offer.connection.name, system: offer.system },
    ...(guide !== undefined && { guide: guide.output }),
  }
  return { action, method: code === undefined ? 'get' : 'post', fields }
}

function connections({ frame, offer, view }: Parts, offers: readonly LinkOffer[]): HtmlContent {
  const titles = new Map(offers.map(({ connection }) => [connection.name, connection.title]))
  if (titles.size < 2) return []
  const options = [...titles].map(([value, title]) => ({
    ...{ value, label: isolated(title), isCurrent: value === offer.connection.name },
  }))
  const label = PAGE_TEXTS[frame.language].connection
  const form = switchForm(view, { name: 'connection', label, without: ['system', 'guide'] }, options)
  return [element('p', { class: 'mark' }, label), form]
}

function systems({ frame, offer, page, view }: Parts, offers: readonly LinkOffer[]): HtmlContent {
  const texts = PAGE_TEXTS[frame.language]
  const here = offers.filter(({ connection }) => connection.name === offer.connection.name)
  if (here.length < 2) return []
  const options = here.map(({ system }) => ({
    value: system,
    label: texts.systems[system] + (system === page.own?.system ? ` (${texts.thisDevice})` : ''),
    isCurrent: system === offer.system,
  }))
  const form = switchForm(view, { name: 'system', label: texts.device, without: ['guide'] }, options)
  return [element('p', { class: 'mark' }, texts.device), form]
}

/** Sections of a guide that are as true after a file. */
const AFTER_FILE: readonly string[] = [
  'connectTitle',
  'signInTitle',
  'worksTitle',
  'errorsTitle',
  'serverTitle',
]
/** The file has a page of its own here, and help stands below every page. */
const NOT_BY_HAND: readonly string[] = ['profileTitle', 'helpTitle']

function fileWay(parts: Parts, file: LinkFile, guide: LinkGuide | undefined): HtmlContent {
  const { frame, offer, view } = parts
  const texts = PAGE_TEXTS[frame.language]
  const { system } = offer
  const after = guide?.page.sections.filter(({ title }) => AFTER_FILE.includes(title.key)) ?? []
  return [
    card(parts, file, texts.download.replace('{system}', texts.systems[system])),
    element('section', {}, element('h2', {}, texts.afterFile), steps(texts.next[system])),
    after.map((section) => sectionHtml(section, voiceOf(frame))),
    guide === undefined
      ? []
      : element(
          'section',
          {},
          element('h2', {}, texts.byHand),
          element('p', {}, texts.whyByHand),
          switchForm(view, { name: 'guide', label: texts.byHand }, [
            { value: guide.output, label: texts.byHand, isCurrent: false },
          ]),
        ),
  ]
}

function handWay(parts: Parts, guide: LinkGuide, guides: readonly LinkGuide[]): HtmlContent {
  const { frame, offer, view } = parts
  const texts = PAGE_TEXTS[frame.language]
  const voice = voiceOf(frame)
  const options = guides.map(({ output, page }) => ({
    value: output,
    label: valueIn(page.system, frame.language, HTML_WRITER),
    isCurrent: output === guide.output,
  }))
  return [
    offer.file === undefined
      ? []
      : switchForm(view, { name: 'back', label: texts.byFile, without: ['guide'] }, [
          { value: '1', label: texts.byFile, isCurrent: false },
        ]),
    options.length < 2
      ? []
      : [
          element('p', { class: 'mark' }, texts.version),
          switchForm(view, { name: 'guide', label: texts.version }, options),
        ],
    element('h2', {}, phraseHtml(guide.page.title, voice)),
    guide.roots.map((name) => rootButton(parts, guide, name)),
    guide.own === undefined ? [] : card(parts, guide.own, texts.fetchOwn),
    guide.page.sections
      .filter(({ title }) => !NOT_BY_HAND.includes(title.key))
      .map((section) => sectionHtml(section, voice)),
  ]
}

/** What is handed once, and its password before it. */
function card(parts: Parts, { output, password }: LinkFile, button: string): Html {
  const { frame, offer, page } = parts
  const texts = PAGE_TEXTS[frame.language]
  const isOwn = offer.system === page.own?.system
  return element(
    'section',
    { class: isOwn ? 'card mine' : 'card' },
    password === undefined
      ? []
      : [element('p', {}, texts.password), element('pre', {}, element('code', {}, password))],
    choiceForm(parts, output, {
      fields: password === undefined ? [] : [hidden('password', password)],
      button: element('button', {}, button),
    }),
    element('p', { class: 'mark' }, texts.once),
  )
}

function rootButton(parts: Parts, { output }: LinkGuide, name: string): Html {
  const label = PAGE_TEXTS[parts.frame.language].fetchRoot.replace('{file}', name)
  return choiceForm(parts, output, {
    fields: [hidden('root', name)],
    button: element('button', { class: 'plain' }, label),
  })
}

function choiceForm(
  { frame, offer, page: { action, code } }: Parts,
  output: string,
  { fields, button }: { readonly fields: readonly Html[]; readonly button: Html },
): Html {
  const all = [
    hidden('lang', frame.language),
    hidden('connection', offer.connection.name),
    hidden('output', output),
    ...(code === undefined ? [] : [hidden('code', code)]),
    ...fields,
  ]
  return element('form', { method: 'post', action }, all, button)
}

/** The page can be opened as often as one likes: what is handed once is not on it. */
function voiceOf({ language }: PageFrame): Voice {
  const told = phraseHtml(say('secretInFile'), { language, writer: HTML_WRITER })
  return { language, writer: { ...HTML_WRITER, secret: () => told } }
}

const steps = (lines: readonly string[]): Html =>
  element(
    'ol',
    { class: 'steps' },
    lines.map((line) => element('li', {}, line)),
  )

function phone(url: string, text: string): HtmlContent {
  const picture = qrSvg(url)
  if (picture === undefined) return []
  // Not escaped: made of numbers alone.
  return element('details', { class: 'desk' }, element('summary', {}, text), new Html(picture))
}
