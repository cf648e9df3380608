import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseServer } from './server-address.ts'

test('addresses of TACACS+ servers', () => {
  assert.deepEqual(parseServer('tac.example.org'), { host: 'tac.example.org', port: 49 })
  assert.deepEqual(parseServer('10.0.0.1:4949'), { host: '10.0.0.1', port: 4949 })
  assert.deepEqual(parseServer('2001:db8::1'), { host: '2001:db8::1', port: 49 })
  assert.deepEqual(parseServer('[2001:db8::1]:50'), { host: '2001:db8::1', port: 50 })
  for (const text of ['', ':49', 'a:0', 'a:65536', 'a:b', 'a b', '[10.0.0.1]:49', 'tac://a', 'a/b', '[::1']) {
    assert.equal(parseServer(text), undefined, text)
  }
})
