import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { YamlText } from './yaml-text.ts'

test('fail/a document never quotes itself in a warning of the process: it may hold secrets', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)
  const texts = [
    '? { secret: hunter2 }\n: x',
    '? [ hunter2 ]\n: x',
    'a: !unknown hunter2',
    '%FOO hunter2\n---\na: 1',
  ]
  for (const text of texts) new YamlText(text)
  await turn()
  await turn()
  process.off('warning', listen)
  assert.deepEqual(warnings, [])
})
