import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { csvLine, readMacFile } from './mac-file.ts'

suite('files of MAC addresses', () => {
  test('ok/a list of addresses in every format, comments and empty lines left out', () => {
    const text = '# printers\n0A:1B:2C:3D:4E:5F\r\n\n0200.0000.0001\n02-00-00-00-00-02\n'
    assert.deepEqual(
      readMacFile(text).map(({ mac }) => mac),
      ['0A:1B:2C:3D:4E:5F', '0200.0000.0001', '02-00-00-00-00-02'],
    )
  })

  test('ok/columns by name, in any order and of any separator; others become attributes', () => {
    const text = [
      'MAC Address;Room;Groups;disabled;expiresAt;description',
      '0a1b2c3d4e5f;2.14;Printers|Colour;yes;2026-12-31;"Big; the ""old"" one"',
    ].join('\n')
    assert.deepEqual(readMacFile(text), [
      {
        mac: '0a1b2c3d4e5f',
        description: 'Big; the "old" one',
        groups: ['Printers', 'Colour'],
        owner: '',
        disabled: true,
        expiresAt: '2026-12-31T00:00:00Z',
        attributes: { Room: '2.14' },
      },
    ])
    const line = csvLine(['a', 'b;c', 'd"e', 'f,g'])
    assert.equal(line, 'a,"b;c","d""e","f,g"')
    assert.deepEqual(
      readMacFile(`mac,description\n0a1b2c3d4e5f,${csvLine(['d"e, f'])}`)[0]?.description,
      'd"e, f',
    )
  })

  test('ok/attributes in one cell, as an export writes them', () => {
    const cell = csvLine(['{"room":"2.14"}'])
    assert.deepEqual(readMacFile(`mac,attributes\n0a1b2c3d4e5f,${cell}`)[0]?.attributes, { room: '2.14' })
  })

  for (const [what, text, message] of [
    ['an address that is none', '0a1b2c3d4e5f\n0a1b2c3d4e5g', /^Line 2: mac: Not the MAC address/],
    ['a multicast address', '0a1b2c3d4e5f\n\n01005e000001', /^Line 3: mac/],
    ['names without "mac"', 'device,room\nx,y', /^Line 1 names no column "mac"/],
    ['a quote that does not end', 'mac,description\n0a1b2c3d4e5f,"x', /does not end/],
    ['attributes that are no JSON', 'mac,attributes\n0a1b2c3d4e5f,x', /^Line 2: attributes/],
    ['a date that is none', 'mac,expiresAt\n0a1b2c3d4e5f,soon', /^Line 2: expiresAt/],
  ] as const)
    test(`fail/${what}, with its line`, () => assert.throws(() => readMacFile(text), { message }))
})
