import assert from 'node:assert/strict'
import { it } from 'node:test'
import { EveryAddressListener } from './every-address-listener.ts'
import { type Interfaces, isWildcard, localAddresses } from './local-addresses.ts'

type Address = NonNullable<Interfaces[string]>[number]

const four = (address: string): Address =>
  ({ address, netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null }) as const
const six = (address: string): Address =>
  ({ address, netmask: '', family: 'IPv6', mac: '', internal: false, cidr: null, scopeid: 0 }) as const

/** A machine whose addresses change, and whose sockets are names. */
class Machine {
  interfaces: Interfaces = { lo: [four('127.0.0.1')] }
  readonly open = new Set<string>()
  readonly unbindable = new Set<string>()
  readonly lines: string[] = []
  isSilent = false

  async listen(wildcard = '0.0.0.0'): Promise<EveryAddressListener> {
    const write = (_values: object, line: string): void => void this.lines.push(line)
    return await EveryAddressListener.listen({
      wildcard,
      port: 1812,
      open: async (address) => {
        if (this.unbindable.has(address)) throw new Error(`bind EADDRNOTAVAIL ${address}`)
        assert.ok(!this.open.has(address), `${address} is opened twice`)
        this.open.add(address)
        return { close: async () => assert.ok(this.open.delete(address), `${address} is closed twice`) }
      },
      interfaces: () => {
        if (this.isSilent) throw new Error('no netlink')
        return this.interfaces
      },
      log: { info: write, warn: write } as never, // it needs no more of a logger
    })
  }

  get addresses(): string[] {
    return [...this.open]
  }
}

it('ok/ the addresses of a family, loopback and link-local with their interface', () => {
  const interfaces = {
    lo: [four('127.0.0.1'), six('::1')],
    eth0: [four('192.0.2.1'), four('192.0.2.2'), six('fe80::1'), six('2001:db8::1')],
    eth1: [six('fe80::1'), four('192.0.2.1')],
  }
  assert.deepEqual([...localAddresses(interfaces, '0.0.0.0')], ['127.0.0.1', '192.0.2.1', '192.0.2.2'])
  assert.deepEqual(
    [...localAddresses(interfaces, '::')],
    ['::1', 'fe80::1%eth0', '2001:db8::1', 'fe80::1%eth1'],
  )
})

it('ok/ a wildcard however it is written', () => {
  const wildcards = ['0.0.0.0', '::', '0::0', '0:0:0:0:0:0:0:0']
  assert.deepEqual([...wildcards, '0.0.0.1', '::1', '::%eth0', 'localhost'].filter(isWildcard), wildcards)
})

it('ok/ a socket for every address, and the wildcard for the rest', async () => {
  const machine = new Machine()
  machine.interfaces = { lo: [four('127.0.0.1')], eth0: [four('192.0.2.1'), four('192.0.2.2'), six('::2')] }
  const listener = await machine.listen()
  assert.deepEqual(machine.addresses, ['0.0.0.0', '127.0.0.1', '192.0.2.1', '192.0.2.2'])
  await listener.close()
  assert.deepEqual(machine.addresses, [])
  assert.deepEqual(machine.lines, [])
})

it('ok/ addresses that come are bound, those that go are closed', async () => {
  const machine = new Machine()
  const listener = await machine.listen()
  machine.interfaces = { lo: [four('127.0.0.1')], eth0: [four('192.0.2.9')] }
  await Promise.all([listener.follow(), listener.follow()])
  assert.deepEqual(machine.addresses, ['0.0.0.0', '127.0.0.1', '192.0.2.9'])
  machine.interfaces = { lo: [four('127.0.0.1')] }
  await listener.follow()
  assert.deepEqual(machine.addresses, ['0.0.0.0', '127.0.0.1'])
  assert.deepEqual(machine.lines, [
    'UDP port 1812 is open on 192.0.2.9 too.',
    'UDP port 1812 is closed on 192.0.2.9: the address went.',
  ])
  await listener.close()
})

it('ok/ a machine without addresses, or one that does not tell them, has the wildcard', async () => {
  const machine = new Machine()
  machine.interfaces = {}
  const listener = await machine.listen('::')
  assert.deepEqual(machine.addresses, ['::'])
  machine.isSilent = true
  await listener.follow()
  await listener.follow()
  assert.equal(machine.lines.length, 1)
  assert.match(machine.lines[0] ?? '', /cannot be listed.*--bind/)
  await listener.close()
})

it('ok/ what is bound stays where the addresses cannot be listed for a while', async () => {
  const machine = new Machine()
  const listener = await machine.listen()
  machine.isSilent = true
  await listener.follow()
  assert.deepEqual(machine.addresses, ['0.0.0.0', '127.0.0.1'])
  await listener.close()
})

it('fail/ an address that cannot be bound is told once, and tried until it can', async () => {
  const machine = new Machine()
  machine.unbindable.add('192.0.2.1')
  machine.interfaces = { eth0: [four('192.0.2.1'), four('192.0.2.2')] }
  const listener = await machine.listen()
  assert.deepEqual(machine.addresses, ['0.0.0.0', '192.0.2.2'])
  // At the first time it may be tentative.
  assert.deepEqual(machine.lines, [])
  for (let poll = 0; poll < 3; poll++) await listener.follow()
  assert.equal(machine.lines.length, 1)
  assert.match(machine.lines[0] ?? '', /1812 on 192\.0\.2\.1 cannot be opened; trying again/)
  machine.unbindable.clear()
  await listener.follow()
  assert.deepEqual(machine.addresses, ['0.0.0.0', '192.0.2.2', '192.0.2.1'])
  await listener.close()
})

it('fail/ more addresses than sockets are worth: the wildcard alone, told once', async () => {
  const machine = new Machine()
  const many = Array.from({ length: 257 }, (_, at) => four(`10.0.${at >> 8}.${at & 255}`))
  machine.interfaces = { eth0: many.slice(1) }
  const listener = await machine.listen()
  assert.equal(machine.open.size, 257)
  machine.interfaces = { eth0: many }
  await listener.follow()
  await listener.follow()
  assert.deepEqual(machine.addresses, ['0.0.0.0'])
  const warnings = machine.lines.filter((line) => line.includes('more than 256'))
  assert.equal(warnings.length, 1)
  await listener.close()
})

it('fail/ where the wildcard cannot be opened nothing is', async () => {
  const machine = new Machine()
  machine.unbindable.add('0.0.0.0')
  await assert.rejects(machine.listen(), /EADDRNOTAVAIL/)
  assert.deepEqual(machine.addresses, [])
})

it('ok/ closed while it follows', async () => {
  const machine = new Machine()
  const listener = await machine.listen()
  machine.interfaces = { eth0: [four('192.0.2.1'), four('192.0.2.2')] }
  const following = listener.follow()
  await listener.close()
  await following
  assert.deepEqual(machine.addresses, [])
})
