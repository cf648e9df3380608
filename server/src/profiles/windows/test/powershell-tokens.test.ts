import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { powershellTokens } from './powershell-tokens.ts'

const kinds = (script: string) => powershellTokens(script).map(({ kind, text }) => `${kind} ${text}`)
const strings = (script: string) =>
  powershellTokens(script)
    .filter(({ kind }) => kind === 'verbatim')
    .map(({ value }) => value)

describe('powershellTokens', () => {
  it('ok/command-with-parameters', () => {
    assert.deepEqual(kinds(`Add-X -Name 'a' -Force; $b = @('c')`), [
      ...['word Add-X', 'word -Name', "verbatim 'a'", 'word -Force', 'mark ;', 'variable $b', 'mark ='],
      ...['mark @(', "verbatim 'c'", 'mark )'],
    ])
  })

  it('ok/verbatim-strings', () => {
    assert.deepEqual(strings(`'it''s' '$(calc)' '\`' '' "x"`), ["it's", '$(calc)', '`', ''])
    assert.deepEqual(strings('‘a’'), ['a'])
    assert.deepEqual(strings("'a’’b'"), ['a’b'])
    assert.deepEqual(strings("'two\nlines'"), ['two\nlines'])
  })

  it('ok/typographic-apostrophe-ends-a-string', () => {
    assert.deepEqual(kinds("'x’; calc.exe #'"), ["verbatim 'x’", 'mark ;', 'word calc.exe', "comment #'"])
  })

  it('ok/expandable-strings', () => {
    assert.deepEqual(kinds('"a`"b" c'), ['expandable "a`"b"', 'word c'])
    assert.deepEqual(kinds('"a""b" c'), ['expandable "a""b"', 'word c'])
    assert.deepEqual(kinds('"a$(f "x)" \')\')b" c'), ['expandable "a$(f "x)" \')\')b"', 'word c'])
  })

  it('ok/here-strings', () => {
    assert.deepEqual(strings("$a = @'\nx '@ y\n '@\n'z'\n'@\n'b'"), ["x '@ y\n '@\n'z'", 'b'])
    assert.deepEqual(strings("@'\r\nx\r\n'@"), ['x'])
    assert.throws(() => powershellTokens("@' x\n'@"))
    assert.throws(() => powershellTokens("@'\nx '@"))
  })

  it('ok/comments', () => {
    assert.deepEqual(kinds("a # 'b\nc <# ' #> d#e"), [
      ...['word a', "comment # 'b", 'newline \n', 'word c', "comment <# ' #>", 'word d#e'],
    ])
  })

  it('ok/line-continuation-and-odd-spaces', () => {
    assert.deepEqual(kinds('a `\r\n b\u00a0c\u2028d'), ['word a', 'word b', 'word c', 'word d'])
  })

  it('fail/what-has-no-end', () => {
    for (const script of ["'a", '"a', "@'\na", '<# a', '"$(a"']) assert.throws(() => powershellTokens(script))
  })
})
