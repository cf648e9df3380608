import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CLIENT_ERRORS, findClientError } from './find-client-error.ts'

describe('findClientError', () => {
  // The codes people ask the help desk about.
  for (const code of '809 789 691 812 853 868 13801 13806 13868 720 619 628 651 734 766 798'.split(' ')) {
    it(`ok/${code}`, () => assert.equal(findClientError(code)?.code, code))
  }

  const spellings: readonly (readonly [string, string])[] = [
    [' 809 ', '809'],
    ['0x80420014', '0x80420014'],
    ['0X80420014', '0x80420014'],
    ['2151809044', '0x80420014'],
    ['-2143158252', '0x80420014'],
    ['0x80070329', '809'],
    ['0x800B0109', '0x800B0109'],
    ['0x329', '809'],
    ['no_proposal_chosen', 'NO_PROPOSAL_CHOSEN'],
    ['No Proposal Chosen', 'NO_PROPOSAL_CHOSEN'],
  ]
  for (const [text, code] of spellings) {
    it(`ok/${text.trim()}-is-${code}`, () => assert.equal(findClientError(text)?.code, code))
  }

  for (const text of ['', '9999', 'constructor', '__proto__', '809; id', '1e3', '0x', '99999999999', 'NaN']) {
    it(`fail/${text || 'empty'}`, () => assert.equal(findClientError(text), undefined))
  }
})

describe('table of client errors', () => {
  it('ok/each-code-once', () => {
    const codes = CLIENT_ERRORS.map(({ code }) => code)
    assert.deepEqual(
      codes.filter((code, index) => codes.indexOf(code) !== index),
      [],
    )
  })

  it('ok/each-says-what-it-is-and-what-to-do', () => {
    for (const { code, meaning, causes } of CLIENT_ERRORS) {
      assert.match(meaning, /^\p{Lu}.*\.$/u, code)
      assert.ok(causes.length > 0, code)
      for (const { cause, cure } of causes) assert.ok(cause.length > 10 && cure.length > 10, code)
    }
  })
})
