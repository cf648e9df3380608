import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProfileInput } from '../profile-input.ts'
import { EXAMPLE_PERSON, exampleVpn } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { GUIDE_OUTPUTS } from './guides.ts'
import { pageText } from './test/pages.ts'
import { readPages, withoutPython } from './test/read-pages.ts'

const person = { person: EXAMPLE_PERSON }
const DNS = { dns: { servers: ['10.0.0.53'], suffixes: ['corp.example.org'] } }
const SPLIT = { routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }

/** Golden file -> output and input. Every value of a page stands in one of them. */
const CASES: Readonly<Record<string, readonly [output: string, input: ProfileInput]>> = {
  'windows-11-vpn': [
    'guide-windows-11',
    exampleVpn({ authentication: 'peap-mschapv2', ...SPLIT, ...DNS }, person),
  ],
}

describe('values of guides', { skip: withoutPython }, () => {
  for (const [name, [id, input]] of Object.entries(CASES)) {
    it(`ok/${name}`, () => {
      const output = GUIDE_OUTPUTS.find((one) => one.id === id)
      assert.ok(output, id)
      const [page] = readPages([pageText(output, input)])
      const fields = page?.fields.map(
        ([section, label, value]): Field => [`${String(section)} / ${String(label)}`, String(value)],
      )
      assertGolden(fields ?? [], new URL(`./test/${name}.golden`, import.meta.url))
    })
  }
})
