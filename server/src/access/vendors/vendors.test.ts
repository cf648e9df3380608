import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { VENDOR_REFERENCE } from '../../../../tools/generate-vendor-attributes.ts'
import { VENDORS } from '../../config/sections/vendors.ts'
import { vendorReference } from './reference.ts'
import { outcomeOf, readVectors } from './test/vectors.ts'

describe('profiles in the words of each vendor (test/vectors.txt)', () => {
  const vectors = readVectors()

  for (const vector of vectors) {
    it(`${vector.vendor}: ${vector.title}`, () => assert.deepEqual(outcomeOf(vector), vector.expected))
  }

  it('ok/ every vendor has a vector', () => {
    const told = new Set(vectors.map(({ vendor }) => vendor))
    assert.deepEqual(
      VENDORS.filter((vendor) => !told.has(vendor)),
      [],
    )
    assert.ok(vectors.length >= 40, `${vectors.length} vectors`)
  })
})

describe('docs/vendor-attributes.md', () => {
  it('is what the tables say (else: npm run generate)', () => {
    assert.equal(readFileSync(VENDOR_REFERENCE, 'utf8'), vendorReference())
  })
})
