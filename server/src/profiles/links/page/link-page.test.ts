/** Whatever stands in a name, the page keeps its tags, and shows the name as it is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { organizationSchema } from '../../../config/sections/organization.ts'
import { guidePage } from '../../guides/guides.ts'
import { readPages, withoutPython } from '../../guides/test/read-pages.ts'
import { exampleVpn } from '../../testing/example-input.ts'
import { hostileName, hostileText } from '../../testing/hostile-text.ts'
import { UnwritableText } from '../../unwritable-text.ts'
import { linkPage } from './link-page.ts'

const FIELDS = ['organization', 'helpDesk', 'person', 'name', 'title', 'user', 'root', 'code'] as const
type Texts = Record<(typeof FIELDS)[number], string>

const TAME = Object.fromEntries(FIELDS.map((field) => [field, field])) as Texts

/** @param guide shown instead of the file */
function pageWith(texts: Texts, guide?: string): string {
  const input = exampleVpn({ authentication: 'eap-mschapv2' })
  const page = guidePage('guide-windows-11', {
    ...{ ...input, connection: { ...input.connection, title: texts.title } },
    person: { userName: texts.user },
  })
  assert.ok(page)
  const organization = {
    ...organizationSchema.parse({ name: 'x' }),
    ...{ name: texts.organization, helpDesk: { name: texts.helpDesk, phone: texts.helpDesk } },
  }
  const output = 'guide-windows-11'
  const guides = () => [{ output, page, roots: [texts.root], own: { output, password: 'a-password' } }]
  const connection = { name: texts.name, title: texts.title }
  return linkPage(
    { organization, language: 'en' },
    {
      ...{ person: texts.person, action: '/connect', code: texts.code },
      ...{ chosen: { connection: texts.name, system: texts.name, ...(guide !== undefined && { guide }) } },
      offers: [
        { connection, system: 'windows', file: { output: 'windows-setup' }, guides },
        { connection, system: 'linux', file: { output: 'linux-setup' }, guides },
        { connection: { ...connection, name: 'other' }, system: 'windows', guides },
      ],
    },
  )
}

test('ok/hostile texts change no tag, with the file and with the steps', { skip: withoutPython }, () => {
  const texts = fc.record(
    Object.fromEntries(FIELDS.map((field) => [field, fc.oneof(hostileName(), hostileText())])) as Record<
      keyof Texts,
      fc.Arbitrary<string>
    >,
  )
  for (const guide of [undefined, 'guide-windows-11']) {
    const made: { readonly page: string; readonly texts: Texts }[] = []
    for (const sample of fc.sample(texts, { numRuns: 200, seed: 6 })) {
      try {
        made.push({ page: pageWith(sample, guide), texts: sample })
      } catch (error) {
        assert.ok(error instanceof UnwritableText, String(error))
      }
    }
    assert.ok(made.length >= 20, `only ${String(made.length)} of 200 were written`)
    const [tame, ...read] = readPages([pageWith(TAME, guide), ...made.map(({ page }) => page)])
    assert.deepEqual(tame?.errors, [])
    for (const [index, page] of read.entries()) {
      assert.deepEqual([page.errors, page.tags], [[], tame?.tags])
      for (const field of ['organization', 'helpDesk', 'title'] as const) {
        const text = made[index]?.texts[field] ?? ''
        assert.ok(page.text.includes(text), `${field} ${JSON.stringify(text)}`)
      }
    }
  }
})
