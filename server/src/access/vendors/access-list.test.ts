import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../../kernel/errors.ts'
import { parseAccessList } from './access-list.ts'
import { downloadableAcl } from './downloadable-acl.ts'

describe('lines of an access list', () => {
  it('ok/ reads both sides, ports and families', () => {
    assert.deepEqual(
      parseAccessList([
        'permit tcp from self port 1024-65535 to 10.0.0.0/8 port 443',
        '  deny   ipv6 from any to any ',
        'permit udp from 2001:db8::53 port 53 to self',
      ]),
      [
        {
          action: 'permit',
          protocol: 'tcp',
          direction: 'in',
          peer: { family: 4, address: '10.0.0.0', bits: 8 },
          family: 4,
          ownPorts: { first: 1024, last: 65535 },
          peerPorts: { first: 443, last: 443 },
        },
        { action: 'deny', protocol: 'ip', direction: 'in', peer: 'any', family: 6 },
        {
          action: 'permit',
          protocol: 'udp',
          direction: 'out',
          peer: { family: 6, address: '2001:db8::53', bits: 128 },
          family: 6,
          peerPorts: { first: 53, last: 53 },
        },
      ],
    )
  })

  const wrong: readonly (readonly [line: string, why: RegExp])[] = [
    ['allow ip from any to any', /expected permit or deny, not "allow"/],
    ['permit gre from any to any', /expected ip or .*, not "gre"/],
    ['permit ip any any', /expected from, not "any"/],
    ['permit ip from any to', /an address is missing/],
    ['permit ip from any to example.org', /"example.org" is no address/],
    ['permit ip from any to 10.0.0.1/8', /reaches beyond its prefix; 10\.0\.0\.0\/8\?/],
    ['permit ip from any to any port 80', /only tcp and udp have ports/],
    ['permit tcp from any to any port 70000', /"70000" is no port/],
    ['permit tcp from any to any port 9-1', /"9-1" is no port/],
    ['permit tcp from any to any log', /"log" is too much/],
    ['permit ipv4 from any to 2001:db8::1', /not ipv4/],
    ['permit ip from self to self', /"self" stands on one side/],
    ['permit ip from 10.0.0.0/8 to any', /any or self/],
    ['', /not ""/],
  ]
  for (const [line, why] of wrong) {
    it(`fail/ ${line === '' ? 'an empty line' : line}`, () => {
      assert.throws(
        () => parseAccessList(['permit ip from any to any', line]),
        (error) => {
          assert.ok(error instanceof ConfigError)
          assert.equal(error.code, 'acl-invalid')
          assert.match(error.message, /^line 2 /)
          assert.match(error.message, why)
          return true
        },
      )
    })
  }
})

describe('downloadable lists', () => {
  const lines = [
    'permit udp from self to any port 53',
    'deny ip from self to 10.0.0.0/8',
    'permit tcp from any to 192.0.2.7 port 8000-8080',
    'permit tcp from any to 2001:db8::/32 port 443',
    'deny ipv6 from any to any',
    'permit icmp from any to any',
  ]

  it('ok/ IOS has wildcards, and IPv4 alone in the list', () => {
    assert.deepEqual(downloadableAcl(lines, { aclOf: 'staff' }, 'wildcard').entries, [
      'permit udp any any eq 53',
      'deny ip any 10.0.0.0 0.255.255.255',
      'permit tcp any host 192.0.2.7 range 8000 8080',
      'permit icmp any any',
    ])
  })

  it('ok/ ASA has masks, and both families in one list', () => {
    assert.deepEqual(downloadableAcl(lines, { aclOf: 'staff' }, 'netmask').entries, [
      'permit udp any any eq 53',
      'deny ip any4 10.0.0.0 255.0.0.0',
      'permit tcp any4 host 192.0.2.7 range 8000 8080',
      'permit tcp any6 2001:db8::/32 eq 443',
      'deny ip any6 any6',
      'permit icmp any any',
    ])
  })

  it('ok/ the name has the profile, made harmless and short, and a version of its lines', () => {
    const name = (aclOf: string, list = lines) => downloadableAcl(list, { aclOf }, 'wildcard').name
    assert.match(name('staff'), /^#ACSACL#-IP-staff-[0-9a-f]{8}$/)
    assert.match(name('Gäste / Wi-Fi'), /^#ACSACL#-IP-G_ste_Wi-Fi-[0-9a-f]{8}$/)
    assert.equal(name('x'.repeat(64)).length, '#ACSACL#-IP-'.length + 32 + 9)
    assert.equal(name('staff'), name('staff'))
    assert.notEqual(name('staff'), name('staff', ['permit ip from any to any']))
  })

  it('fail/ a list of IPv6 alone does not open IPv4: a list without entries would', () => {
    const { entries } = downloadableAcl(['permit ipv6 from any to any'], {}, 'wildcard')
    assert.deepEqual(entries, ['deny ip any any'])
  })
})
