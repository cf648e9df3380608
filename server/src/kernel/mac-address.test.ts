import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { formatMac, MAC_FORMATS, normaliseMac, normaliseStationMac, readMac } from './mac-address.ts'

suite('MAC addresses', () => {
  for (const [text, format] of [
    ['0a1b2c3d4e5f', 'plain'],
    ['0A1B2C3D4E5F', 'plain'],
    ['0a:1b:2c:3d:4e:5f', 'colon'],
    ['0A-1b-2C-3d-4E-5f', 'hyphen'],
    ['0a1b.2c3d.4e5f', 'dot'],
    ['0a1b2c-3d4e5f', 'hyphen-half'],
    ['0A1B-2C3D-4E5F', 'hyphen-quarter'],
  ] as const) {
    test(`ok/${text}`, () => {
      assert.deepEqual(readMac(text), { mac: '0a1b2c3d4e5f', format })
      assert.equal(normaliseStationMac(text), '0a1b2c3d4e5f')
      assert.equal(normaliseStationMac(`${text}:guest: net`), '0a1b2c3d4e5f')
    })
  }

  for (const text of [
    ...['', 'alice', '0a1b2c3d4e5', '0a1b2c3d4e5f0', '0a1b2c3d4e5g', '0a:1b:2c:3d:4e:5f:', ' 0a1b2c3d4e5f'],
    ...['0a:1b-2c:3d:4e:5f', '0a1b.2c3d-4e5f', '0a1b:2c3d:4e5f', '0a-1b2c-3d4e5f', '0a1b2c3d4e5f\0'],
    ...['0a1b2c3d4e5f@example.org', '٠a1b2c3d4e5f', '0x1b2c3d4e5f', '-a1b2c3d4e5f', 'a:b:c:d:e:f'],
  ]) {
    test(`fail/${JSON.stringify(text)}`, () => assert.equal(normaliseMac(text), undefined))
  }

  for (const [what, text] of [
    ['zero', '00:00:00:00:00:00'],
    ['broadcast', 'ff:ff:ff:ff:ff:ff'],
    ['multicast', '01005e000001'],
  ] as const) {
    test(`fail/${what}: no device has it as its own`, () => {
      assert.equal(normaliseMac(text), undefined)
      assert.equal(normaliseStationMac(`${text}:ssid`), undefined)
    })
  }

  test('fail/a station identifier with something else after the address', () => {
    for (const text of ['0a1b2c3d4e5f;x', '0a1b2c3d4e5f0:x', '192.0.2.1', '+4930123456', ':ssid'])
      assert.equal(normaliseStationMac(text), undefined, text)
  })

  test('ok/every format reads back what it writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (octets) => {
        octets[0] = (octets[0] ?? 0) & 0xfe
        const mac = Buffer.from(octets).toString('hex')
        if (mac === '000000000000') return
        for (const format of MAC_FORMATS) {
          assert.deepEqual(readMac(formatMac(mac, format)), { mac, format })
          assert.equal(normaliseMac(formatMac(mac, format).toUpperCase()), mac)
        }
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  test('ok/any text is a MAC address or is not, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const mac = normaliseMac(text) ?? normaliseStationMac(text)
        assert.ok(mac === undefined || /^[0-9a-f]{12}$/.test(mac))
      }),
      { seed: 8, numRuns: 500 },
    )
  })
})
