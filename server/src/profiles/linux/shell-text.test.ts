import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { curlValue, hereDocument } from './shell-text.ts'

describe('hereDocument', () => {
  it('ok/quoted-so-that-nothing-is-expanded', () =>
    assert.equal(hereDocument('cat', '$(id)\n'), "cat <<'END_OF_FILE'\n$(id)\nEND_OF_FILE\n"))
  it('fail/text-that-holds-the-word', () =>
    assert.equal(
      hereDocument('cat', 'END_OF_FILE\nEND_OF_FILE_\n'),
      "cat <<'END_OF_FILE__'\nEND_OF_FILE\nEND_OF_FILE_\nEND_OF_FILE__\n",
    ))
})

describe('curlValue', () => {
  it('fail/quote-ends-nothing', () => assert.equal(curlValue('a"b\\'), '"a\\"b\\\\"'))
})
