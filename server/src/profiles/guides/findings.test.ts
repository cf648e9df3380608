import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../make-files.ts'
import { findingFields } from '../testing/finding-fields.ts'
import { assertGolden } from '../testing/golden.ts'
import { GUIDE_OUTPUTS } from './guides.ts'
import { FINDING_CASES } from './test/finding-cases.ts'

describe('findings of guides', () => {
  it('ok/each-case', () => {
    const fields = Object.entries(FINDING_CASES).flatMap(([name, [id, input]]) => {
      const output = GUIDE_OUTPUTS.find((one) => one.id === `guide-${id}`) ?? assert.fail(id)
      return findingFields(name, findingsOf(output, input))
    })
    assertGolden(fields, new URL('test/findings.golden', import.meta.url))
  })
})
