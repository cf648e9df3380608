import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { validatePath } from '../../src/path/validate-path.ts'
import { NOW } from './forge.ts'
import { opensslMissing, opensslVerdict } from './openssl.ts'
import type { Chain } from './pkits-case.ts'
import { SECTION_4_1_TO_4_3 } from './section-4-1-to-4-3.ts'
import { SECTION_4_4_TO_4_5 } from './section-4-4-to-4-5.ts'
import { SECTION_4_6_TO_4_7 } from './section-4-6-to-4-7.ts'
import { SECTION_4_8_TO_4_12 } from './section-4-8-to-4-12.ts'
import { SECTION_4_13_TO_4_16 } from './section-4-13-to-4-16.ts'
import { SECTION_4_14_TO_4_15 } from './section-4-14-to-4-15.ts'

const CASES = [
  ...SECTION_4_1_TO_4_3,
  ...SECTION_4_4_TO_4_5,
  ...SECTION_4_6_TO_4_7,
  ...SECTION_4_8_TO_4_12,
  ...SECTION_4_13_TO_4_16,
  ...SECTION_4_14_TO_4_15,
]

function verdict({ anchor, chain, crls, policy }: Chain): string {
  const result = validatePath(
    chain.map(({ der }) => der),
    {
      anchors: [anchor],
      ...(crls !== undefined && { crls, revocation: 'required' }),
      ...(policy !== undefined && { policy }),
      at: NOW,
      purpose: 'any',
    },
  )
  return result.ok ? 'valid' : result.reason
}

describe('cases modelled on NIST PKITS', () => {
  it('are all there, each number once', () => {
    assert.ok(CASES.length >= 120, `${CASES.length} cases`)
    assert.equal(new Set(CASES.map(({ number }) => number)).size, CASES.length)
  })
  for (const { number, title, expect, build } of CASES) {
    it(`${number} ${title}`, () => assert.equal(verdict(build()), expect))
  }
})

describe('OpenSSL comes to the same verdicts', { skip: opensslMissing() }, () => {
  for (const { number, title, build, opensslDiffers } of CASES) {
    it(`${number} ${title}`, () => {
      const chain = build()
      const [ours, theirs] = [verdict(chain) === 'valid', opensslVerdict(chain, NOW)]
      const same = ours === (theirs === true)
      if (opensslDiffers === undefined) assert.ok(same, `ours ${verdict(chain)}, OpenSSL ${theirs}`)
      else assert.ok(!same, `the difference is gone: ${opensslDiffers}`)
    })
  }
})
