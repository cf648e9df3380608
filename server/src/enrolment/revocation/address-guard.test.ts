import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayBeAsked } from './address-guard.ts'

test('ok/public addresses, and private ones: a company has its responder inside', () => {
  for (const address of ['192.0.2.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '2001:db8::1', 'fd00::1'])
    assert.equal(mayBeAsked(address), true, address)
})

test('fail/this machine, its link, everybody, an IPv4 address hidden in another', () => {
  for (const address of [
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '169.254.169.254', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:169.254.169.254'],
    ...['64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '::7f00:1', '2002:7f00:1::', 'localhost', '', '127.1'],
    ...['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '::ffff:168.63.129.16'],
  ])
    assert.equal(mayBeAsked(address), false, address)
})
