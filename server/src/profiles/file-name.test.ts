import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { fileName } from './file-name.ts'

describe('fileName', () => {
  it('ok/keeps-what-fits', () => assert.equal(fileName('Example VPN', 'sswan'), 'Example-VPN.sswan'))
  it('ok/letters-lose-their-marks', () => assert.equal(fileName('Universität', 'xml'), 'Universitat.xml'))
  it('ok/other-scripts', () => assert.equal(fileName('Университет', 'xml'), 'connection.xml'))
  it('fail/path', () => assert.equal(fileName('../../etc/passwd', 'xml'), 'etc-passwd.xml'))
  it('fail/device-of-windows', () => assert.equal(fileName('NUL', 'txt'), 'connection-NUL.txt'))

  it('ok/any-text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.match(fileName(text, 'conf'), /^[A-Za-z0-9_][A-Za-z0-9_-]*\.conf$/)
      }),
    )
  })
})
