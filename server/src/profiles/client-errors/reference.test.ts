import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { clientErrorReference } from './reference.ts'

it('ok/docs-are-fresh', () => {
  const docs = readFileSync(new URL('../../../../docs/client-errors.md', import.meta.url), 'utf8')
  assert.equal(docs, clientErrorReference(), 'run npm run generate')
})
