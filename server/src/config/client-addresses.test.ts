import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { FakeClock } from '../kernel/clock.ts'
import { ClientAddressBook } from './client-addresses.ts'
import type { DnsAnswer } from './dns-resolver.ts'
import type { ClientConfiguration } from './schema.ts'
import { clientSchema } from './sections/clients.ts'

function client(name: string, address: string): ClientConfiguration {
  // The one secret in it is plain text.
  return clientSchema.parse({ name, address, secret: '0123456789abcdef' }) as ClientConfiguration
}

describe('ClientAddressBook', () => {
  let answer: DnsAnswer | Error
  let asked: string[]
  let changes: number
  let book: ClientAddressBook
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    answer = { addresses: ['192.0.2.20', '2001:db8::20'], ttlSeconds: 60 }
    asked = []
    changes = 0
    book = new ClientAddressBook({
      clock: new FakeClock(),
      changed: () => changes++,
      resolve: async (name) => {
        asked.push(name)
        if (answer instanceof Error) throw answer
        return answer
      },
    })
  })
  afterEach(() => {
    book.close()
    mock.timers.reset()
  })
  /** Lets answers come in. */
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const pass = async (seconds: number) => {
    mock.timers.tick(seconds * 1000)
    await settle()
  }

  it('knows literal addresses at once and names when they are answered', async () => {
    book.update([client('a', '192.0.2.1'), client('net', '10.0.0.0/8'), client('dns', 'VPN.example.org')])
    assert.deepEqual(book.networks(), [
      { client: 'a', networks: ['192.0.2.1/32'] },
      { client: 'net', networks: ['10.0.0.0/8'] },
      { client: 'dns', networks: [] },
    ])
    await settle()
    assert.deepEqual(book.networks()[2]?.networks, ['192.0.2.20/32', '2001:db8::20/128'])
    assert.equal(changes, 1)
  })

  it('asks again when the TTL ends, and tells of a changed answer only', async () => {
    book.update([client('dns', 'vpn.example.org')])
    await settle()
    answer = { addresses: ['2001:db8::20', '192.0.2.20'], ttlSeconds: 60 } // the same, rotated
    await pass(59)
    assert.equal(asked.length, 1)
    await pass(1)
    assert.equal(asked.length, 2)
    assert.equal(changes, 1)
    answer = { addresses: ['192.0.2.21'], ttlSeconds: 60 }
    await pass(60)
    assert.deepEqual(book.networks()[0]?.networks, ['192.0.2.21/32'])
    assert.equal(changes, 2)
  })

  it('keeps the last good answer while DNS fails, shows why, and recovers', async () => {
    book.update([client('dns', 'vpn.example.org')])
    await settle()
    answer = new Error('vpn.example.org has no address in DNS (ETIMEOUT)')
    await pass(60)
    assert.deepEqual(book.networks()[0]?.networks, ['192.0.2.20/32', '2001:db8::20/128'])
    assert.match(book.names()[0]?.failure ?? '', /ETIMEOUT/)
    assert.equal(changes, 1)
    answer = { addresses: ['192.0.2.22'], ttlSeconds: 60 }
    await pass(30)
    assert.deepEqual(book.networks()[0]?.networks, ['192.0.2.22/32'])
    assert.equal(book.names()[0]?.failure, undefined)
  })

  it('does not storm the name server for a TTL of 0', async () => {
    answer = { addresses: ['192.0.2.20'], ttlSeconds: 0 }
    book.update([client('dns', 'vpn.example.org')])
    await settle()
    await pass(29)
    assert.equal(asked.length, 1)
  })

  it('stops asking for a name that left the configuration', async () => {
    book.update([client('dns', 'vpn.example.org')])
    await settle()
    book.update([client('a', '192.0.2.1')])
    await pass(3600)
    assert.deepEqual(asked, ['vpn.example.org'])
    assert.deepEqual(book.names(), [])
  })

  it('verifies an address without changing anything', async () => {
    assert.deepEqual(await book.verify('vpn.example.org'), {
      kind: 'dns-name',
      networks: ['192.0.2.20/32', '2001:db8::20/128'],
      ttlSeconds: 60,
    })
    answer = new Error('no such name')
    assert.deepEqual(await book.verify('vpn.example.org'), {
      kind: 'dns-name',
      networks: [],
      failure: 'no such name',
    })
    assert.deepEqual(await book.verify('192.0.2.0/24'), { kind: 'network', networks: ['192.0.2.0/24'] })
    assert.deepEqual(await book.verify('192.0.2.300'), { kind: 'invalid', networks: [] })
    assert.equal(changes, 0)
  })
})
