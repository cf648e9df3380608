import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { assertGolden, type Field } from './golden.ts'

const folder = mkdtempSync(join(tmpdir(), 'golden-'))
after(() => rmSync(folder, { recursive: true }))

function golden(text: string): URL {
  const path = join(folder, 'test.golden')
  writeFileSync(path, text)
  return pathToFileURL(path)
}

describe('assertGolden', () => {
  const fields: Field[] = [
    ['A', '1'],
    ['B/C', 'x = "y"'],
    ['D', 'two\nlines'],
  ]
  const text = '# comment\nA = 1 <- one [S]\nB/C = x = "y" <- two [M]\nD = "two\\nlines" <- three [ours]\n'

  it('ok/same-fields', () => assertGolden(fields, golden(text)))

  it('fail/each-field-deleted', () => {
    for (const index of fields.keys())
      assert.throws(() => assertGolden(fields.toSpliced(index, 1), golden(text)))
  })

  it('fail/field-too-many', () => assert.throws(() => assertGolden([...fields, ['E', '']], golden(text))))
  it('fail/other-value', () => assert.throws(() => assertGolden(fields.with(0, ['A', '2']), golden(text))))
  it('fail/no-explanation', () => assert.throws(() => assertGolden([['A', '1']], golden('A = 1\n'))))
  it('fail/no-source', () => assert.throws(() => assertGolden([['A', '1']], golden('A = 1 <- because\n'))))
})
