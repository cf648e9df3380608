import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asOne } from './one-file.ts'

const file = { name: 'a.sswan', mediaType: 'application/json', content: '{}', holdsSecret: false }

test('ok/one file stays as it is; several come in one archive, secret as the most secret of them', () => {
  assert.equal(asOne([file], 'Example VPN'), file)
  const both = asOne([file, { ...file, name: 'b.sswan', holdsSecret: true }], 'Example VPN')
  assert.deepEqual(
    [both.name, both.mediaType, both.holdsSecret],
    ['Example-VPN.zip', 'application/zip', true],
  )
})
