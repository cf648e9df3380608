import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientConfiguration } from '../../config/schema.ts'
import { configurationSchema } from '../../config/schema.ts'
import { deviceOf } from './device-address.ts'

interface Case {
  readonly name: string
  readonly networks: readonly string[]
  readonly nas: string | null
  readonly device: string | undefined
  readonly client?: object
}

const CASES: readonly Case[] = [
  { name: 'ok/ the one address', networks: ['192.0.2.1/32'], nas: '10.9.9.9', device: '192.0.2.1 3799' },
  { name: 'ok/ the one IPv6 address', networks: ['2001:db8::1/128'], nas: null, device: '2001:db8::1 3799' },
  {
    name: 'ok/ the device in its network',
    networks: ['192.0.2.0/24'],
    nas: '192.0.2.7',
    device: '192.0.2.7 3799',
  },
  {
    name: 'ok/ in its IPv6 network',
    networks: ['2001:db8::/32'],
    nas: '2001:db8::7',
    device: '2001:db8::7 3799',
  },
  {
    name: 'fail/ outside of its network',
    networks: ['192.0.2.0/24'],
    nas: '198.51.100.1',
    device: undefined,
  },
  {
    name: 'fail/ an IPv6 network of 32 bits is no host',
    networks: ['2001:db8::/32'],
    nas: null,
    device: undefined,
  },
  {
    name: 'fail/ a network, and no address reported',
    networks: ['192.0.2.0/24'],
    nas: null,
    device: undefined,
  },
  { name: 'fail/ a DNS name without an answer', networks: [], nas: '192.0.2.1', device: undefined },
  {
    name: 'ok/ a DNS name of two addresses: the one it reported',
    networks: ['192.0.2.1/32', '192.0.2.2/32'],
    ...{ nas: '192.0.2.2', device: '192.0.2.2 3799' },
  },
  {
    name: 'ok/ a DNS name of two addresses: the first, where it reported another',
    networks: ['192.0.2.1/32', '2001:db8::1/128'],
    ...{ nas: '10.9.9.9', device: '192.0.2.1 3799' },
  },
  {
    name: 'ok/ what is configured, before everything',
    networks: ['192.0.2.0/24'],
    ...{ nas: '192.0.2.7', device: '192.0.2.99 1234' },
    client: { dynamicAuthorization: { address: '192.0.2.99', port: 1234 } },
  },
  {
    name: 'ok/ the port of the vendor',
    networks: ['192.0.2.1/32'],
    ...{ nas: null, device: '192.0.2.1 1700', client: { vendor: 'cisco' } },
  },
]

for (const { name, networks, nas, device, client = {} } of CASES) {
  test(name, () => {
    const { clients } = configurationSchema.parse({
      clients: [{ name: 'c', address: '192.0.2.1', secret: '0123456789abcdef', ...client }],
    })
    // The secret is plain text in this document.
    const found = deviceOf(clients[0] as ClientConfiguration, networks, { nas_address: nas })
    assert.equal(found && `${found.address} ${found.port}`, device)
  })
}
