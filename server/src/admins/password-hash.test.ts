import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashPassword, verifyPassword } from './password-hash.ts'

describe('password hash', () => {
  it('ok/two hashes of one password differ, and both match', async () => {
    const [a, b] = [await hashPassword('grün'), await hashPassword('grün')]
    assert.notEqual(a, b)
    assert.match(a, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.ok((await verifyPassword('grün', a)) && (await verifyPassword('grün', b)))
  })

  it('ok/composed and decomposed letters are the same password', async () => {
    assert.ok(await verifyPassword('gru\u0308n', await hashPassword('gr\u00fcn')))
  })

  it('ok/a hash of the argon2 command line (echo -n password | argon2 somesalt -id -t 2 -m 8 -p 1 -e)', async () => {
    const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
    assert.ok(await verifyPassword('password', hash))
  })

  it('fail/another password, an empty one, a damaged hash', async () => {
    const hash = await hashPassword('right')
    assert.equal(await verifyPassword('wrong', hash), false)
    assert.equal(await verifyPassword('', hash), false)
    assert.equal(await verifyPassword('right', hash.slice(0, -1)), false)
    assert.equal(await verifyPassword('right', 'right'), false)
    assert.equal(await verifyPassword('', ''), false)
  })
})
