import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wayAround } from './serve.ts'

const PORTS = {
  data: './data',
  authPort: 1812,
  acctPort: 1813,
  oldPorts: true,
  enrolPort: 8444,
  httpPort: 8880,
}

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

  it('does not name the port that is taken', () => {
    assert.match(wayAround(2812, 'udp', { ...PORTS, authPort: 2812 }), /--auth-port 3812$/)
    assert.match(wayAround(2813, 'udp', { ...PORTS, acctPort: 2813 }), /--acct-port 3813$/)
    assert.match(wayAround(9443, 'tcp', PORTS), /--https-port 10443$/)
  })

  it('1645 chosen by hand is the port for logins', () => {
    assert.match(wayAround(1645, 'udp', { ...PORTS, authPort: 1645 }), /--auth-port/)
  })
})
