import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connectPages } from './connect-pages.ts'
import { CONNECT_FOLDER } from './write-connect-pages.ts'

describe('docs/connect', () => {
  const pages = connectPages()

  it('ok/fresh: npm run generate', () => {
    for (const [name, content] of pages)
      assert.equal(readFileSync(join(CONNECT_FOLDER, name), 'utf8'), content, name)
  })

  it('ok/nothing-left-over', () => {
    assert.deepEqual(globSync('**/*.md', { cwd: CONNECT_FOLDER }).sort(), [...pages.keys()].sort())
  })
})
