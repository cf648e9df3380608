import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PAGE_TEXTS } from './page-language.ts'

const fields = (value: unknown, path = ''): [string, string][] =>
  typeof value === 'string'
    ? [[path, value]]
    : Object.entries(value as object).flatMap(([key, inner]) => fields(inner, `${path}/${key}`))

test('ok/all languages say everything, with the same values to fill in', () => {
  const english = fields(PAGE_TEXTS.en)
  for (const [language, texts] of Object.entries(PAGE_TEXTS)) {
    const own = fields(texts)
    assert.deepEqual(
      own.map(([path]) => path),
      english.map(([path]) => path),
      language,
    )
    for (const [index, [path, text]] of own.entries()) {
      const values = (from = '') => [...from.matchAll(/\{\w+\}/g)].map(String).sort()
      assert.deepEqual(values(text), values(english[index]?.[1]), `${language}${path}`)
      assert.ok(text.trim() !== '', `${language}${path}`)
    }
  }
})
