import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hostileText } from '../testing/hostile-text.ts'
import { UnwritableText } from '../unwritable-text.ts'
import { markdownCode, markdownText } from './markdown-text.ts'

/** CommonMark 6.1: delimited by equal runs of backticks; one space at both ends goes if the rest is not all spaces. */
function readCode(source: string): string | undefined {
  const fence = /^`+/.exec(source)?.[0] ?? ''
  if (fence === '' || source.length < 2 * fence.length || !source.endsWith(fence)) return undefined
  const inner = source.slice(fence.length, -fence.length)
  if ([...inner.matchAll(/`+/g)].some(([run]) => run.length === fence.length)) return undefined
  const text = /^ .*[^ ].* $/.test(inner) ? inner.slice(1, -1) : inner
  return text.replaceAll('\\|', '|')
}

describe('text of Markdown', () => {
  it('ok/plain', () => assert.equal(markdownText("It's done. (Once)"), "It's done. (Once)"))
  it('fail/markup', () =>
    assert.equal(markdownText('*a* [b](c) <d> `e` | f'), '\\*a\\* \\[b\\](c) \\<d\\> \\`e\\` \\| f'))
  it('ok/code', () => assert.equal(markdownCode('a`b'), '``a`b``'))

  it('fail/line-breaks-are-refused', () => {
    for (const text of ['a\nb', 'a\u2028b', '\ud800']) {
      assert.throws(() => markdownText(text), UnwritableText)
      assert.throws(() => markdownCode(text), UnwritableText)
    }
  })

  it('ok/code-arrives', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        fc.pre(
          text.isWellFormed() &&
            !/[\p{Cc}\u2028\u2029]/u.test(text) &&
            !/^ *$/.test(text) &&
            !text.includes('\\|'),
        )
        assert.equal(readCode(markdownCode(text)), text)
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  // Without its escapes, no character is left that begins markup.
  it('fail/nothing-begins-markup', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        fc.pre(text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text))
        assert.doesNotMatch(markdownText(text).replace(/\\[\\`*_{}[\]#|<>&~]/g, ''), /[`*_[\]<>|&~]/)
      }),
      { seed: 6, numRuns: 300 },
    )
  })
})
