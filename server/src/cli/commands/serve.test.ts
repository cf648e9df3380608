import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ambiguousAddresses, wayAround } from './serve.ts'

const PORTS = { data: './data', authPort: 1812, acctPort: 1813, oldPorts: true }

describe('the way around a port that is taken', () => {
  for (const [port, protocol, expected] of [
    [1812, 'udp', /--auth-port \d+$/],
    [1813, 'udp', /--acct-port \d+$/],
    [1645, 'udp', /leave out --old-ports/],
    [1646, 'udp', /leave out --old-ports/],
    [8443, 'tcp', /--https-port \d+$/],
  ] as const) {
    it(`${protocol} ${port}`, () => {
      assert.match(wayAround(port, protocol, PORTS), expected)
    })
  }

  it('names the data directory', () => {
    const way = wayAround(1812, 'udp', { ...PORTS, data: '/var/lib/sallyport' })
    assert.equal(way, 'choose another port: npm start -- --data /var/lib/sallyport --auth-port 2812')
  })

  it('1645 chosen by hand is the port for logins', () => {
    assert.match(wayAround(1645, 'udp', { ...PORTS, authPort: 1645 }), /--auth-port/)
  })
})

describe('addresses an answer may leave from', () => {
  const address = (family: 'IPv4' | 'IPv6', text: string, internal = false) =>
    ({ address: text, netmask: '', family, mac: '', internal, cidr: null, scopeid: 0 }) as never
  const interfaces = {
    lo: [
      address('IPv4', '127.0.0.1', true),
      address('IPv6', '::1', true),
      address('IPv6', '2001:db8::9', true),
    ],
    eth0: [address('IPv4', '192.0.2.1'), address('IPv6', 'fe80::1'), address('IPv6', '2001:db8::1')],
    eth1: [address('IPv6', 'fe80::1'), address('IPv6', '2001:db8:1::1')],
  }

  it('ok/ one of a family, or those that were named', () => {
    assert.deepEqual(ambiguousAddresses(['0.0.0.0'], interfaces), [])
    assert.deepEqual(ambiguousAddresses(['2001:db8::1', '192.0.2.1'], interfaces), [])
  })

  it('fail/ several, and bound to all of them', () => {
    assert.deepEqual(ambiguousAddresses(['0.0.0.0', '::'], interfaces), ['2001:db8::1', '2001:db8:1::1'])
  })
})
