import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hostileText } from '../../profiles/testing/hostile-text.ts'
import { contentDisposition } from './content-disposition.ts'

test('ok/plain names, and the example of RFC 6266 section 5', () => {
  assert.equal(
    contentDisposition('attachment', 'Example-VPN.mobileconfig'),
    'attachment; filename="Example-VPN.mobileconfig"',
  )
  assert.equal(
    contentDisposition('attachment', '€ rates.txt'),
    'attachment; filename="__rates.txt"; filename*=UTF-8\'\'%E2%82%AC%20rates.txt',
  )
})

test('fail/no name ends the value, begins a header line, hides a file or leads to another folder', () => {
  fc.assert(
    fc.property(hostileText(), (name) => {
      const header = contentDisposition('attachment', name)
      assert.match(
        header,
        /^attachment; filename="(?!\.)[A-Za-z0-9._-]*"(; filename\*=UTF-8''[A-Za-z0-9._%-]*)?$/,
      )
      const [, encoded] = /UTF-8''(.*)$/.exec(header) ?? []
      if (encoded !== undefined) {
        assert.equal(decodeURIComponent(encoded), name.toWellFormed().replace(/[\p{Cc}/\\]/gu, '_'))
      }
    }),
  )
})
