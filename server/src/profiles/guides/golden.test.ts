import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LANGUAGES, type Language } from '../../config/schema.ts'
import { assertGolden, type Field, readGolden } from '../testing/golden.ts'
import { GUIDE_OUTPUTS, guidePage } from './guides.ts'
import { CASES } from './test/cases.ts'
import { pageText } from './test/pages.ts'
import { type ReadPage, readPages, withoutPython } from './test/read-pages.ts'
import { saidOn } from './test/said-on-page.ts'

const NAMES = Object.keys(CASES)

/** The guide whose id the name begins with; of several, the longest. */
function outputOf(name: string) {
  const ids = GUIDE_OUTPUTS.filter(({ id }) => `guide-${name}`.startsWith(`${id}-`))
  const [output] = ids.sort((a, b) => b.id.length - a.id.length)
  return output ?? assert.fail(name)
}

const inputOf = (name: string) => CASES[name]?.input ?? assert.fail(name)

/** All pages of a language, by name, read at once. */
function readAll(language: Language): ReadonlyMap<string, ReadPage> {
  const read = readPages(NAMES.map((name) => pageText(outputOf(name), { ...inputOf(name), language })))
  return new Map(NAMES.map((name, index) => [name, read[index] ?? assert.fail(name)]))
}

describe('values of guides', { skip: withoutPython }, () => {
  const pages = withoutPython === false ? readAll('en') : new Map<string, ReadPage>()
  for (const name of NAMES) {
    it(`ok/${name}`, () => {
      const fields = pages
        .get(name)
        ?.fields.map(
          ([section, label, value]): Field => [`${String(section)} / ${String(label)}`, String(value)],
        )
      assertGolden(fields ?? [], new URL(`./test/${name}.golden`, import.meta.url))
    })
  }

  it('ok/every-guide', () => {
    const covered = new Set(NAMES.map((name) => outputOf(name).id))
    assert.deepEqual(
      GUIDE_OUTPUTS.map(({ id }) => id).filter((id) => !covered.has(id)),
      [],
    )
  })

  for (const language of LANGUAGES.filter((one) => one !== 'en')) {
    it(`ok/the same sections, steps, fields and exact values in ${language}`, () => {
      for (const [name, page] of readAll(language)) {
        const english = pages.get(name)
        assert.deepEqual(page.tags, english?.tags, name)
        assert.deepEqual(page.exact, english?.exact, name)
      }
    })
  }
})

describe('steps of guides', () => {
  for (const [name, { input, steps }] of Object.entries(CASES)) {
    it(`ok/${name}`, () => {
      const page = guidePage(outputOf(name).id, input) ?? assert.fail(name)
      const wanted = steps
        .flatMap((part) => readGolden(new URL(`./test/steps/${part}.golden`, import.meta.url)))
        .map(({ path, value }) => `${path} = ${value}`)
      assert.deepEqual(
        saidOn(page).map(([section, item]) => `${section} = ${item}`),
        wanted,
      )
    })
  }
})
