import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleGateway } from '../testing/example-gateway.ts'
import { fortiosText, hostRange, interimMinutes, networkAndMask, routerosText } from './device-text.ts'
import { distinct, objectName, plainLine } from './plain-line.ts'
import { nasIdentifierOf } from './read-me.ts'

describe('texts of devices', () => {
  it('ok/quoted', () => {
    assert.equal(fortiosText('a "b" \\c'), '"a \\"b\\" \\\\c"')
    assert.equal(routerosText('a.b,c:d/e@f_g-h 1'), '"a.b,c:d/e@f_g-h 1"')
    assert.equal(routerosText('"$?\\\tü'), '"\\22\\24\\3F\\5C\\09\\C3\\BC"')
  })

  it('ok/addresses-of-a-network', () => {
    const range = (prefix: string) => Object.values(hostRange(prefix)).join(' ')
    assert.equal(range('10.30.7.9/16'), '10.30.0.1 10.30.255.254 255.255.0.0')
    assert.equal(range('192.0.2.128/30'), '192.0.2.129 192.0.2.130 255.255.255.252')
    // RFC 3021, and a single address: nothing is left out.
    assert.equal(range('192.0.2.128/31'), '192.0.2.128 192.0.2.129 255.255.255.254')
    assert.equal(range('192.0.2.7/32'), '192.0.2.7 192.0.2.7 255.255.255.255')
    assert.deepEqual(networkAndMask('172.16.9.1/12'), { network: '172.16.0.0', mask: '255.240.0.0' })
  })

  it('ok/minutes', () => {
    const minutes = (interimSeconds: number) => interimMinutes(exampleGateway({ interimSeconds }))
    assert.deepEqual([1, 29, 89, 90, 600].map(minutes), ['1', '1', '1', '2', '10'])
  })

  it('ok/names', () => {
    assert.equal(plainLine('Büro, 2. Stock: „A“ €\n\u202e\u2028'), 'Büro, 2. Stock: „A“ €???')
    assert.equal(objectName(' Büro "2. Stock" ', 'x'), 'Buro-2-Stock')
    assert.equal(objectName('中文', 'instead'), 'instead')
    assert.equal(objectName(`${'a'.repeat(30)} b`, 'x'), 'a'.repeat(30))
    assert.equal(objectName('a'.repeat(40), 'x'), 'a'.repeat(31))
    assert.deepEqual(distinct(['a', 'b', 'a', 'a-2', 'a']), ['a', 'b', 'a-2', 'a-2-2', 'a-3'])
  })

  it('ok/nas-identifier', () => {
    const called = (written: Record<string, unknown>) => nasIdentifierOf(exampleGateway(written).gateway)
    assert.equal(called({ name: 'Tor Büro 2' }), 'Tor-B-ro-2')
    assert.equal(called({ name: '中文' }), 'gateway')
    assert.equal(called({ name: 'é1é' }), '1')
    assert.equal(called({ name: 'x'.repeat(128) }), 'x'.repeat(64))
    assert.equal(called({ nasIdentifier: 'edge' }), 'edge')
  })
})
