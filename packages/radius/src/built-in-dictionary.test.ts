import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { builtInDictionary, loadDictionary } from './index.ts'

test('every attribute that carries a password, its proof or a key is secret', () => {
  const secrets = [
    'User-Password',
    'CHAP-Password',
    'EAP-Message',
    'Tunnel-Password',
    'MS-CHAP-Response',
    'MS-CHAP2-Response',
    'MS-CHAP2-CPW',
    'MS-CHAP-NT-Enc-PW',
    'MS-MPPE-Send-Key',
    'MS-MPPE-Recv-Key',
    'MS-CHAP-MPPE-Keys',
    'Aruba-MPSK-Passphrase',
    'Mikrotik-Wireless-PSK',
    'Ruckus-Dpsk',
  ]
  for (const name of secrets) assert.equal(builtInDictionary.named(name)?.secret, true, name)
})

test('the vendors are there', () => {
  const ids = [9, 11, 311, 2636, 3076, 10415, 12356, 14122, 14823, 14988, 25053, 25461, 29671, 41112]
  for (const id of ids) assert.ok(builtInDictionary.vendor(id) !== undefined, String(id))
})

test('the administrator’s own dictionary is laid over it', () => {
  const own = loadDictionary('own', () => 'ATTRIBUTE Site-Code 224 text\nATTRIBUTE Reply-Message 18 octets')
  const both = builtInDictionary.with(own)
  assert.deepEqual(both.named('Site-Code')?.path, [224])
  assert.equal(both.named('Reply-Message')?.type, 'octets')
  assert.equal(both.named('User-Name')?.type, 'text')
})

const DEBIAN = '/usr/share/freeradius/dictionary'
const missing = existsSync(DEBIAN)
  ? undefined
  : `${DEBIAN} is not installed (Debian package freeradius-common)`
if (missing !== undefined && process.env.CI) throw new Error(missing)

test('names, places, tags and encryption agree with FreeRADIUS', { skip: missing ?? false }, () => {
  const theirs = loadDictionary(DEBIAN, (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined))
  let shared = 0
  for (const ours of builtInDictionary.definitions) {
    const other = theirs.named(ours.name)
    // Its Digest attributes carry the numbers of a draft that came before RFC 5090.
    if (other === undefined || ours.name.startsWith('Digest-')) continue
    shared++
    assert.deepEqual(other.path, ours.path, ours.name)
    assert.equal(other.tagged, ours.tagged, ours.name)
    assert.equal(other.hiding, ours.hiding, ours.name)
  }
  assert.ok(shared > 350, String(shared))
})
