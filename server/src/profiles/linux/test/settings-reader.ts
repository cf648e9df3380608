import assert from 'node:assert/strict'
import type { Field } from '../../testing/golden.ts'

/** Reads strongswan.conf(5) by itself: `connections/x/local/auth` and its value, in their order. */
export function readSettings(text: string): readonly Field[] {
  const path: string[] = []
  const fields: Field[] = []
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const opened = /^(\S+) \{$/.exec(line)?.[1]
    const [, name, value] = /^(\S+) = (.*)$/.exec(line) ?? []
    if (opened !== undefined) path.push(opened)
    else if (line === '}') path.pop()
    else if (name !== undefined && value !== undefined)
      fields.push([[...path, name].join('/'), unquoted(value)])
    else assert.fail(`not a line of settings: ${line}`)
  }
  assert.deepEqual(path, [], 'a section stays open')
  return fields
}

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
