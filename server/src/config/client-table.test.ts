import assert from 'node:assert/strict'
import { BlockList, isIP, SocketAddress } from 'node:net'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ClientTable } from './client-table.ts'
import { formatAddress, parseAddress } from './ip-address.ts'
import { addressKind, networkOf } from './sections/client-address.ts'

const words = new Uint32Array(4)

/** Texts that look like addresses, right and wrong ones. */
const addressLike = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.stringMatching(/^[0-9a-f:.]{1,20}$/),
  fc
    .array(fc.constantFrom('0', '1', 'ff', 'abcd', ':', '::', '.', '255', '01'), { maxLength: 12 })
    .map((parts) => parts.join('')),
)

describe('parseAddress', () => {
  it('takes what the platform takes, and nothing else', () => {
    fc.assert(
      fc.property(addressLike, (text) => {
        assert.equal(parseAddress(text, words) !== 0, isIP(text) !== 0, text)
      }),
      { numRuns: 5000 },
    )
  })

  it('writes addresses as the platform does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const family = parseAddress(text, words)
        if (family === 0) return assert.fail(text)
        const again = formatAddress(words, family)
        const mapped = isIP(text) === 6 && family === 4
        const canonical = new SocketAddress({ address: text, family: isIP(text) === 6 ? 'ipv6' : 'ipv4' })
          .address
        assert.equal(
          mapped ? `::ffff:${again}` : again,
          mapped
            ? canonical
            : new URL(`http://${isIP(text) === 6 ? `[${text}]` : text}`).hostname.replace(/[[\]]/g, ''),
        )
      }),
    )
  })

  it('reads a zone and the forms of RFC 4291 section 2.2', () => {
    assert.equal(parseAddress('fe80::1%eth0', words), 6)
    assert.deepEqual([...words], [0xfe800000, 0, 0, 1])
    assert.equal(parseAddress('2001:DB8:0:0:8:800:200C:417A', words), 6)
    assert.deepEqual([...words], [0x20010db8, 0, 0x00080800, 0x200c417a])
    assert.equal(parseAddress('::13.1.68.3', words), 6)
    assert.deepEqual([...words], [0, 0, 0, 0x0d014403])
    assert.equal(parseAddress('::FFFF:129.144.52.38', words), 4)
    assert.equal(formatAddress(words, 4), '129.144.52.38')
  })
})

describe('client addresses', () => {
  it('tells addresses, networks and names apart', () => {
    const kinds = {
      '192.0.2.10': 'address',
      '2001:db8::1': 'address',
      '192.0.2.0/24': 'network',
      '0.0.0.0/0': 'network',
      '2001:db8::/32': 'network',
      'vpn.example.org': 'dns-name',
      localhost: 'dns-name',
      '192.0.2.300': undefined,
      '192.0.2.0/33': undefined,
      '192.0.2.0/': undefined,
      '': undefined,
      'a b': undefined,
      '-a.example': undefined,
      'fe80::1%eth0': 'address',
      'FE80::1%eth0.100': 'address',
      '2001:db8::1%eth0': undefined,
      'fe80::1%': undefined,
      'fe80::1%eth 0': undefined,
      'fe80::/64%eth0': undefined,
    } as const
    for (const [text, kind] of Object.entries(kinds)) assert.equal(addressKind(text), kind, text)
  })

  it('knows one network by any spelling', () => {
    assert.equal(networkOf('192.0.2.10')?.text, '192.0.2.10/32')
    assert.equal(networkOf('2001:DB8:0::0/32')?.text, '2001:db8::/32')
    assert.equal(networkOf('::ffff:192.0.2.0/120')?.text, '192.0.2.0/24')
    assert.deepEqual(networkOf('10.1.2.3/8'), { text: '10.0.0.0/8', hostBits: true })
    assert.equal(networkOf('vpn.example.org'), undefined)
  })
})

describe('ClientTable', () => {
  const table = new ClientTable([
    { networks: ['0.0.0.0/0'], value: 'any' },
    { networks: ['10.0.0.0/8'], value: 'ten' },
    { networks: ['10.1.0.0/16', '2001:db8:1::/48'], value: 'ten-one' },
    { networks: ['10.1.2.3/32', '10.1.2.4/32'], value: 'host' },
    { networks: ['10.1.2.3/32'], value: 'late' },
    { networks: ['2001:db8::/32'], value: 'documentation' },
  ])

  it('tells the links of a link-local address apart', () => {
    assert.equal(networkOf('FE80:0::1%eth0')?.text, 'fe80::1%eth0/128')
    const links = new ClientTable([
      { networks: ['fe80::1/128'], value: 'any link' },
      { networks: ['fe80::1%eth0/128'], value: 'eth0' },
      { networks: ['fe80::2%eth0/128'], value: 'second' },
    ])
    const expected: Record<string, string | undefined> = {
      'fe80::1%eth0': 'eth0',
      'fe80::1%eth1': 'any link',
      'fe80::1': 'any link',
      'fe80::2%eth0': 'second',
      'fe80::2%eth1': undefined,
      'fe80::2': undefined,
    }
    for (const [address, client] of Object.entries(expected))
      assert.equal(links.find(address), client, address)
  })

  it('finds the longest prefix', () => {
    const expected: Record<string, string | undefined> = {
      '10.1.2.3': 'host',
      '10.1.2.4': 'host',
      '10.1.2.5': 'ten-one',
      '10.2.0.1': 'ten',
      '192.0.2.1': 'any',
      '::ffff:10.1.2.3': 'host',
      '2001:db8:1::9': 'ten-one',
      '2001:db8:2::9': 'documentation',
      '2001:db9::1': undefined,
      '::': undefined,
      nonsense: undefined,
    }
    for (let round = 0; round < 2; round++) {
      for (const [address, client] of Object.entries(expected))
        assert.equal(table.find(address), client, address)
    }
  })

  it('agrees with the platform on random networks', () => {
    const network = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    )
    fc.assert(
      fc.property(
        network,
        fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 5 }),
        ([base, length], others) => {
          const family = isIP(base) === 4 ? 'ipv4' : 'ipv6'
          const canonical = networkOf(`${base}/${length}`)
          if (canonical === undefined || (family === 'ipv6' && canonical.text.includes('.'))) return
          const list = new BlockList()
          list.addSubnet(base, length, family)
          const found = new ClientTable([{ networks: [canonical.text], value: true }])
          for (const address of [base, ...others]) {
            if (isIP(address) === 6 && parseAddress(address, words) === 4) continue
            const kind = isIP(address) === 4 ? 'ipv4' : 'ipv6'
            assert.equal(found.find(address) ?? false, kind === family && list.check(address, kind), address)
          }
        },
      ),
    )
  })
})
