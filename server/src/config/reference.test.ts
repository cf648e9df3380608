import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { CONFIGURATION_REFERENCE, configurationDocument } from '../../../tools/generate-configuration.ts'
import { configurationSchema } from './schema.ts'

describe('docs/configuration.md', () => {
  it('is what the schemas say (else: npm run generate)', () => {
    assert.equal(readFileSync(CONFIGURATION_REFERENCE, 'utf8'), configurationDocument())
  })

  it('has every section, and every setting has a meaning', () => {
    const text = configurationDocument()
    for (const section of [...Object.keys(configurationSchema.shape), 'groups', 'users']) {
      assert.ok(text.includes(`## \`${section}\``), section)
    }
    // `name` and `disabled` explain themselves.
    const silent = [...text.matchAll(/^\| `([^`]+)` .*\|\s*\|$/gm)].map((row) => row[1])
    assert.deepEqual(
      [...new Set(silent)].filter((key) => key !== 'name' && key !== 'disabled'),
      [],
    )
  })
})
