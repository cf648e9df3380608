import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyfileOctets, keyfileText } from './keyfile.ts'

describe('keyfileText', () => {
  it('ok/groups-apart-without-what-is-undefined', () =>
    assert.equal(
      keyfileText({ connection: { id: 'a', type: undefined }, ethernet: {}, vpn: { user: 'b' } }),
      '[connection]\nid=a\n\n[vpn]\nuser=b\n',
    ))
  it('fail/line-break-begins-no-group', () =>
    assert.equal(keyfileText({ vpn: { user: 'a\n[x]\r\tb' } }), '[vpn]\nuser=a\\n[x]\\r\\tb\n'))
  it('fail/backslash-begins-no-escape', () =>
    assert.equal(keyfileText({ a: { b: '\\n' } }), '[a]\nb=\\\\n\n'))
  it('fail/blanks-at-the-ends-stay', () =>
    assert.equal(keyfileText({ a: { b: '  c d ' } }), '[a]\nb=\\s\\sc d\\s\n'))
})

describe('keyfileOctets', () => {
  it('ok/plain', () => assert.equal(keyfileOctets('campus-1'), 'campus-1'))
  it('fail/numbers-are-no-list', () => assert.equal(keyfileOctets('1;2'), '49;59;50;'))
  it('fail/blank-at-the-end', () => assert.equal(keyfileOctets('a '), '97;32;'))
})
