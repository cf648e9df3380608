import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NESTING_LIMIT, nestingFault } from './group-nesting.ts'

const nesting = (edges: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(edges))

test('trees and diamonds are fine', () => {
  assert.equal(nestingFault(nesting({ all: ['a', 'b'], a: ['c'], b: ['c'], c: [] })), undefined)
})

test('a ring is named, however long, and wherever it hangs', () => {
  assert.deepEqual(nestingFault(nesting({ a: ['a'] })), { kind: 'ring', groups: ['a'] })
  const fault = nestingFault(nesting({ top: ['a'], a: ['b', 'leaf'], b: ['c'], c: ['a'] }))
  assert.equal(fault?.kind, 'ring')
  if (fault?.kind === 'ring') assert.deepEqual([...fault.groups].sort(), ['a', 'b', 'c'])
})

test('more levels than a lookup follows are refused, also where they are very many', () => {
  const chain = (length: number) =>
    new Map(Array.from({ length }, (_, n) => [`g${n}`, n + 1 < length ? [`g${n + 1}`] : []]))
  assert.equal(nestingFault(chain(NESTING_LIMIT)), undefined)
  assert.equal(nestingFault(chain(NESTING_LIMIT + 1))?.kind, 'too-deep')
  assert.equal(nestingFault(chain(100_000))?.kind, 'too-deep')
})
