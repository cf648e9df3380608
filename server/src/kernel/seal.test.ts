import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { createKeyFile, readKeyFile, rotateKeyFile } from './key-file.ts'
import { Sealer } from './seal.ts'

const folder = mkdtempSync(join(tmpdir(), 'seal-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
function newKeyFile(): string {
  const path = join(folder, `key-${files++}`)
  createKeyFile(path)
  return path
}

describe('Sealer', () => {
  const sealer = new Sealer(readKeyFile(newKeyFile()))

  it('opens what it sealed, for any text and context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        const sealed = sealer.seal(text, context)
        assert.equal(sealer.open(sealed, context), text)
        assert.notEqual(sealer.seal(text, context), sealed, 'a nonce was used twice')
      }),
    )
  })

  it('marks values apart by value, context and key', () => {
    const octets = (text: string): Uint8Array => Buffer.from(text)
    const mark = sealer.mark(octets('secret'), 'a')
    assert.match(mark, /^[0-9a-f]{32}$/)
    assert.equal(sealer.mark(octets('secret'), 'a'), mark)
    const another = new Sealer(readKeyFile(newKeyFile()))
    const others = [
      sealer.mark(octets('secreT'), 'a'),
      sealer.mark(octets('secret'), 'b'),
      another.mark(octets('secret'), 'a'),
    ]
    assert.equal(new Set([mark, ...others]).size, 4)
  })

  it('does not open in another context', () => {
    const sealed = sealer.seal('testing123', 'clients/a/secret')
    assert.throws(() => sealer.open(sealed, 'clients/b/secret'), { code: 'seal-broken' })
  })

  it('notices every changed octet, and every truncation', () => {
    const sealed = sealer.seal('testing123', 'x')
    const start = sealed.lastIndexOf(':') + 1
    const octets = Buffer.from(sealed.slice(start), 'base64url')
    for (let at = 0; at < octets.length; at++) {
      const forged = Buffer.from(octets)
      forged[at] = (forged[at] ?? 0) ^ 1
      assert.throws(() => sealer.open(sealed.slice(0, start) + forged.toString('base64url'), 'x'), {
        code: 'seal-broken',
      })
      const short = sealed.slice(0, start) + octets.subarray(0, at).toString('base64url')
      assert.throws(() => sealer.open(short, 'x'), { code: 'seal-broken' })
    }
  })

  it('never puts the secret into an error', () => {
    const other = new Sealer(readKeyFile(newKeyFile()))
    assert.throws(
      () => other.open(sealer.seal('hunter2hunter2', 'x'), 'x'),
      (error: Error & { code?: string }) =>
        error.code === 'seal-key-missing' && !JSON.stringify([error.message, error]).includes('hunter2'),
    )
  })

  it('still opens old secrets after the key was changed, and says which are stale', () => {
    const path = newKeyFile()
    const before = new Sealer(readKeyFile(path))
    const old = before.seal('testing123', 'x')
    rotateKeyFile(path)
    const now = new Sealer(readKeyFile(path))
    assert.equal(now.open(old, 'x'), 'testing123')
    assert.equal(now.isStale(old), true)
    assert.equal(now.isStale(now.seal('testing123', 'x')), false)
    assert.equal(statSync(path).mode & 0o777, 0o600)
  })
})

describe('key file', () => {
  it('is made for its owner alone and never replaced', () => {
    const path = newKeyFile()
    assert.equal(statSync(path).mode & 0o777, 0o600)
    const content = readFileSync(path)
    assert.throws(() => createKeyFile(path), { name: 'ConfigError', code: 'key-file-exists' })
    assert.deepEqual(readFileSync(path), content)
    assert.deepEqual(
      readdirSync(folder).filter((name) => !/^key-\d+$/.test(name)),
      [],
      'a draft was left behind',
    )
  })

  for (const mode of [0o640, 0o604, 0o620]) {
    it(`is refused with mode ${mode.toString(8)}`, () => {
      const path = newKeyFile()
      chmodSync(path, mode)
      assert.throws(() => readKeyFile(path), { name: 'ConfigError', code: 'key-file-readable' })
    })
  }

  it('is refused where missing, empty or damaged', () => {
    const path = newKeyFile()
    assert.throws(() => readKeyFile(join(folder, 'none')), { code: 'key-file-missing' })
    for (const content of ['', '# nothing\n', 'deadbeef c2hvcnQ\n']) {
      writeFileSync(path, content)
      assert.throws(() => readKeyFile(path), { code: 'key-file-invalid' })
    }
  })
})
