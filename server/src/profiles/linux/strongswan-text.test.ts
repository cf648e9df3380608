import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { settingsText, settingValue, typedIdentity } from './strongswan-text.ts'

describe('settingsText', () => {
  it('ok/sections-in-braces', () =>
    assert.equal(
      settingsText({ a: { b: '1', c: { d: 'x y' } } }),
      'a {\n  b = 1\n  c {\n    d = "x y"\n  }\n}\n',
    ))
  it('ok/plain-words-without-quotes', () => assert.equal(settingValue('0.0.0.0/0,::/0'), '"0.0.0.0/0,::/0"'))
  it('fail/quote-ends-nothing', () => assert.equal(settingValue('a"b\\'), '"a\\"b\\\\"'))
  it('fail/comment-begins-nothing', () => assert.equal(settingValue('a#b'), '"a#b"'))
})

describe('typedIdentity', () => {
  it('ok/with-realm', () => assert.equal(typedIdentity('alice@example.org'), 'email:alice@example.org'))
  it('ok/bare', () => assert.equal(typedIdentity('alice'), 'fqdn:alice'))
  it('ok/of-a-certificate', () => assert.equal(typedIdentity('alice', 'email'), 'email:alice'))
  it('fail/address-stays-a-name', () => assert.equal(typedIdentity('10.0.0.1'), 'fqdn:10.0.0.1'))
  it('fail/everybody', () => assert.equal(typedIdentity('%any'), 'fqdn:#25616e79'))
  it('fail/wildcard', () => assert.equal(typedIdentity('*@example.org'), 'email:#2a406578616d706c652e6f7267'))
  it('fail/distinguished-name', () => assert.equal(typedIdentity('CN=a'), 'fqdn:#434e3d61'))
})
