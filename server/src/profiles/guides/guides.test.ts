import { describe, it } from 'node:test'
import { assertGolden } from '../testing/golden.ts'
import { GUIDES } from './guides.ts'
import { fileFields, methodFields, selfFields } from './test/made-of.ts'

describe('what guides are made of', () => {
  it('ok/methods', () => {
    // A page that stands for itself sets up nothing.
    const fields = GUIDES.filter(({ isBare }) => isBare !== true).flatMap(methodFields)
    assertGolden(fields, new URL('test/methods.golden', import.meta.url))
  })

  it('ok/titles-and-files', () => {
    const fields = GUIDES.flatMap((guide) => [...selfFields(guide), ...fileFields(guide)])
    assertGolden(fields, new URL('test/guides.golden', import.meta.url))
  })
})
