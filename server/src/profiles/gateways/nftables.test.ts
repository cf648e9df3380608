import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { exampleGateway } from '../testing/example-gateway.ts'
import { exampleVpn } from '../testing/example-input.ts'
import { nftablesFile } from './nftables.ts'

const EVERYTHING = exampleGateway(
  { radiusServers: ['10.20.0.5', '2001:db8::5'] },
  { connections: [exampleVpn({ tunnelTypes: ['ikev2', 'sstp', 'l2tp', 'pptp'] })] },
)
const rules = (host: 'gateway' | 'server', input = EVERYTHING) =>
  String(nftablesFile(input, host).content)
    .split('\n')
    .filter((line) => line.startsWith('insert rule inet filter input '))
    .map((line) =>
      line.replace('insert rule inet filter input ', '').replace(' accept comment "sallyport vpn-1"', ''),
    )

describe('nftablesFile', () => {
  it('ok/gateway', () => {
    assert.deepEqual(rules('gateway'), [
      'iifname "eth0" udp dport { 500, 4500 }',
      'iifname "eth0" meta l4proto esp',
      'iifname "eth0" tcp dport { 443 }',
      'iifname "eth0" meta ipsec exists udp dport { 1701 }',
      'iifname "eth0" tcp dport { 1723 }',
      'iifname "eth0" meta l4proto gre',
      'iifname "eth1" ip saddr 10.20.0.5 udp dport { 3799 }',
      'iifname "eth1" ip6 saddr 2001:db8::5 udp dport { 3799 }',
    ])
  })

  it('ok/server', () => assert.deepEqual(rules('server'), ['ip saddr 10.20.0.1 udp dport { 1812, 1813 }']))

  it('ok/a-client-by-name-is-not-opened-for-silently', () => {
    const byName = { ...EVERYTHING, client: { ...EVERYTHING.client, address: 'vpn.example.org' } }
    assert.match(
      String(nftablesFile(byName, 'server').content),
      /put its addresses here instead of everybody/,
    )
  })

  const why = process.getuid?.() === 0 ? skipReason('nftables') : 'nft needs root'
  for (const host of ['gateway', 'server'] as const) {
    it(`ok/nft-reads-it/${host}`, { skip: why }, () => {
      const input = String(nftablesFile(EVERYTHING, host).content)
      const { status, stderr } = spawnSync('unshare', ['-n', '/usr/sbin/nft', '-c', '-f', '-'], {
        input,
        encoding: 'utf8',
      })
      assert.equal(status, 0, stderr)
    })
  }
})
