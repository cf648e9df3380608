import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { LANGUAGES, type Language } from '../../../config/schema.ts'
import { readGolden } from '../../testing/golden.ts'
import type { Label } from '../label.ts'
import { LABELS } from '../labels/index.ts'
import type { MessageKey } from '../phrase.ts'
import { EN } from './en.ts'
import { CATALOGUES } from './index.ts'

const KEYS = Object.keys(EN) as MessageKey[] // of the table itself
const TRANSLATIONS = LANGUAGES.filter((language) => language !== 'en')
const holes = (message: string) => (message.match(/\{\w+\}/g) ?? []).sort()

/** Messages that are the same in another language for a reason. */
const SAME: Readonly<Record<string, readonly MessageKey[]>> = {
  ru: ['pageFor', 'helpName'],
  de: ['pageFor', 'helpName', 'inApp'],
  es: ['pageFor', 'helpName', 'errorNumber', 'wifiOn', 'helpUrl'].filter((key) => key in EN) as MessageKey[],
}

describe('catalogue of guides', () => {
  for (const language of TRANSLATIONS) {
    it(`ok/${language}-has-the-same-holes`, () => {
      for (const key of KEYS) assert.deepEqual(holes(CATALOGUES[language][key]), holes(EN[key]), key)
    })

    it(`ok/${language}-has-the-same-numbers-and-names`, () => {
      const exact = (message: string) =>
        new Set(message.replace(/\{\w+\}|WLAN/g, '').match(/\d+(?:\.\d+)*|\b[A-Z][A-Z\d-]*[A-Z\d]\b/g))
      for (const key of KEYS) assert.deepEqual(exact(CATALOGUES[language][key]), exact(EN[key]), key)
    })

    it(`ok/${language}-leaves-nothing-in-english`, () => {
      const left = KEYS.filter(
        (key) => CATALOGUES[language][key] === EN[key] && !SAME[language]?.includes(key),
      )
      assert.deepEqual(left, [])
    })

    it(`ok/${language}-has-no-english-words`, () => {
      const words = /\b(the|and|your|click|with|choose|then|this|server's|password)\b/i
      const found = KEYS.filter((key) => words.test(CATALOGUES[language][key].replace(/\{\w+\}/g, '')))
      assert.deepEqual(found, [])
    })
  }

  it('ok/ru-is-cyrillic', () => {
    const latin = KEYS.filter(
      (key) =>
        key !== 'pageFor' &&
        key !== 'helpName' &&
        !/[а-яё]/i.test(CATALOGUES.ru[key].replace(/\{\w+\}/g, '')),
    )
    assert.deepEqual(latin, ['vpnOn', 'wifiOn'])
  })

  // "du", "ty" and "tú" have no place here: people are addressed formally.
  it('ok/formal-address', () => {
    const informal = {
      de: /(?<!\p{L})(du|dein\p{L}*|dich|dir)(?!\p{L})/iu,
      ru: /(?<!\p{L})(ты|твой|твоя|твоё|тебе|тебя)(?!\p{L})/iu,
      es: /(?<!\p{L})(tú|tu|tus|haz|elige|(?<!se )abre|escribe)(?!\p{L})/iu,
    } as const
    for (const [language, pattern] of Object.entries(informal)) {
      const catalogue = CATALOGUES[language as keyof typeof informal]
      assert.deepEqual(
        KEYS.filter((key) => pattern.test(catalogue[key])),
        [],
        language,
      )
    }
  })

  it('ok/every-message-is-said', () => {
    // The page of a link says some of them, too.
    const folder = new URL('../../', import.meta.url)
    const said = { cwd: folder, exclude: ['guides/catalogue/**'] }
    const sources = globSync(['guides/**/*.ts', 'links/page/**/*.ts'], said)
    const text = sources.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
    assert.deepEqual(
      KEYS.filter((key) => !text.includes(`'${key}'`)),
      [],
    )
  })

  it('ok/nothing-important-is-lost', () => {
    const rows = readGolden(new URL('sentences.golden', import.meta.url))
    assert.ok(rows.length >= 30)
    for (const { path, value } of rows) {
      const [language, key] = path.split(' ') as [Language, MessageKey] // an unknown one has no message
      const message = CATALOGUES[language][key]
      // In their order.
      let from = 0
      for (const words of value.split(' ... ')) {
        const at = message.indexOf(words, from)
        assert.ok(at >= 0, `${path} does not say "${words}": ${message}`)
        from = at + words.length
      }
    }
  })

  it('ok/no-message-is-empty', () => {
    for (const language of LANGUAGES)
      for (const key of KEYS) assert.match(CATALOGUES[language][key], /\S/, `${language} ${key}`)
  })
})

describe('labels of guides', () => {
  const all = Object.entries(LABELS).flatMap(([maker, labels]) =>
    Object.entries<Label>(labels).map(([name, label]) => [`${maker}.${name}`, label] as const),
  )

  it('ok/every-language', () => {
    for (const [name, label] of all)
      for (const language of LANGUAGES) assert.match(label[language], /\S/, `${name} ${language}`)
  })

  // A name no language translates is the same in all four; anything else has Russian words of its own.
  it('ok/remembered-in-russian', () => {
    const latin = all.filter(([, { ru, en, de, es }]) => ru === en && (de !== en || es !== en))
    const program = ({ confidence }: Label) => confidence === 'program'
    const left = latin.filter(([, label]) => !program(label)).map(([name]) => name)
    assert.deepEqual(left, ['APPLE.wifi'])
  })
})
