import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeQuestion, FrameReader, fieldOf, isAskable } from './helper-protocol.ts'

test('ok/a question is a mark, its fields and a dot; text goes as base64', () => {
  const question = encodeQuestion('Sync-1', [
    ['Username', 'müller'],
    ['NT-Response', Uint8Array.of(0, 255)],
  ])
  assert.equal(question, 'Sync-1: x\nUsername:: bcO8bGxlcg==\nNT-Response: 00ff\n.\n')
})

test('fail/no text can add a line of its own to a question', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (name) => {
      if (!isAskable(name)) return
      assert.equal(encodeQuestion('m', [['Username', name]]).split('\n').length, 4)
    }),
  )
  assert.equal(encodeQuestion('m', [['Username', 'a\n.\nPassword: x']]).split('\n').length, 4)
})

test('fail/text that C would cut is not asked', () => {
  for (const text of ['alice\0x', '\0', '', 'x'.repeat(256), 'ü'.repeat(128)]) {
    assert.equal(isAskable(text), false)
    assert.throws(() => encodeQuestion('m', [['Username', text]]), RangeError)
  }
  assert.equal(isAskable('x'.repeat(255)), true)
})

test('ok/frames come out whole however they arrive', () => {
  const reader = new FrameReader()
  const frames = [...'A: 1\nB: 2\n.\n.\nC: 3\n.\n'].flatMap((letter) => reader.push(letter) ?? [])
  assert.deepEqual(frames, [['A: 1', 'B: 2'], [], ['C: 3']])
  assert.equal(fieldOf(frames[0] ?? [], 'B'), '2')
  assert.equal(fieldOf(frames[0] ?? [], 'C'), undefined)
})

test('fail/a frame without end', () => {
  const reader = new FrameReader()
  assert.deepEqual(reader.push('x'.repeat(16_000)), [])
  assert.equal(reader.push('x'.repeat(1000)), undefined)
  const lines = new FrameReader()
  assert.equal(lines.push('x\n'.repeat(10_000)), undefined)
})
