import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { Unreadable } from './data-type.ts'
import { hiddenLength, hide, reveal } from './hiding.ts'
import { Secret } from './secret.ts'

const key = { secret: new Secret('xyzzy5461'), authenticator: fromHex('0f403f9473978057bd83d5cb98f4227a') }
const salt = Uint8Array.of(0x80, 0x01)

function reasonOf(value: Uint8Array | Unreadable): string | undefined {
  return value instanceof Unreadable ? value.reason : undefined
}

test('RFC 2865 section 7.1: User-Password, both ways', () => {
  const hidden = fromHex('0dbe708d93d413ce3196e43f782a0aee')
  assert.deepEqual(hide('user-password', fromUtf8('arctangent'), key, salt), hidden)
  assert.deepEqual(reveal('user-password', hidden, key), fromUtf8('arctangent'))
})

test('whatever is hidden is revealed, and takes the length that was foretold', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 239 }), (plain) => {
      const tunnel = hide('tunnel-password', plain, key, salt)
      assert.equal(tunnel.length, hiddenLength('tunnel-password', plain.length))
      assert.deepEqual(reveal('tunnel-password', tunnel, key), plain)
      const password = plain.subarray(0, 128).map((octet) => octet || 1)
      const user = hide('user-password', password, key, salt)
      assert.equal(user.length, hiddenLength('user-password', password.length))
      assert.deepEqual(reveal('user-password', user, key), password)
    }),
  )
})

test('a password of no octets is sixteen hidden ones, and comes back as none', () => {
  const hidden = hide('user-password', new Uint8Array(0), key, salt)
  assert.equal(hidden.length, 16)
  assert.deepEqual(reveal('user-password', hidden, key), new Uint8Array(0))
})

test('RFC 2548 section 2.4.1: zeros at the end of a key of known length are not padding', () => {
  const keys = new Uint8Array(24).fill(7, 0, 10)
  const hidden = hide('user-password', keys, key, salt)
  assert.equal(hidden.length, 32)
  assert.deepEqual(reveal('user-password', hidden, key, 24), keys)
})

test('RFC 2868 section 3.5: a length inside that does not fit is malformed, never short', () => {
  const hidden = hide('tunnel-password', new Uint8Array(15), key, salt)
  const lengthened = Uint8Array.from(hidden)
  // The cipher is an XOR: this turns the length 15 inside into 16, of 15 octets that are there.
  lengthened[2] = (lengthened[2] as number) ^ 15 ^ 16
  assert.equal(reasonOf(reveal('tunnel-password', lengthened, key)), 'malformed-hiding')
  for (const length of [0, 1, 2, 17]) {
    assert.equal(reasonOf(reveal('tunnel-password', hidden.subarray(0, length), key)), 'malformed-hiding')
  }
})

test('User-Password outside 16 to 128 octets, or no multiple of 16, is malformed', () => {
  for (const length of [0, 1, 15, 17, 127, 129, 144]) {
    assert.equal(reasonOf(reveal('user-password', new Uint8Array(length), key)), 'malformed-hiding')
  }
})

test('what cannot be hidden has no length', () => {
  assert.equal(hiddenLength('user-password', 129), Number.NaN)
  assert.equal(hiddenLength('tunnel-password', 256), Number.NaN)
})

test('another salt, secret or authenticator hides differently', () => {
  const plain = fromUtf8('geheim')
  const hidden = toHex(hide('tunnel-password', plain, key, salt).subarray(2))
  const others = [
    hide('tunnel-password', plain, key, Uint8Array.of(0x80, 0x02)),
    hide('tunnel-password', plain, { ...key, secret: new Secret('xyzzy5462') }, salt),
    hide('tunnel-password', plain, { ...key, authenticator: new Uint8Array(16) }, salt),
  ]
  for (const other of others) assert.notEqual(toHex(other.subarray(2)), hidden)
})

test('Ascend’s way is not guessed at', () => {
  assert.equal(reasonOf(reveal('unsupported', new Uint8Array(16), key)), 'hiding-unsupported')
})
