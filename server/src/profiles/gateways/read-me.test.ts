import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GatewayInput } from '../gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../gateway-outputs.ts'
import { exampleVpn } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { ALL_KINDS, inputOf, withWired } from './test/kind-inputs.ts'

const textOf = (input: GatewayInput): string =>
  String(GATEWAY_OUTPUTS[input.gateway.kind].make(input).find(({ name }) => name === 'READ-ME.md')?.content)

/** Markdown as it is read: the title, and each section with its paragraphs, items and commands. */
function fieldsOf(text: string): readonly Field[] {
  assert.match(text, /^# [^\n]+\n\n(## [^\n]+\n\n([^#\n][^\n]*\n)+\n)*## [^\n]+\n\n([^#\n][^\n]*\n)+$/)
  const [title = '', ...sections] = text.split(/\n\n## /)
  return [
    ['title', title.replace(/^# /, '')],
    ...sections.flatMap((section): Field[] => {
      const [heading = '', body = ''] = section.split('\n\n')
      if (heading === 'Checks') {
        return [...body.matchAll(/^- (?:`([^\n]*)`|([^\n]*))\n {2}([^\n]*)$/gm)].map(
          ([, command, other = '', shows = '']): Field => ['Check', `${command ?? other} -> ${shows}`],
        )
      }
      return body
        .split('\n')
        .flatMap((line): Field[] => (line === '' ? [] : [[heading, line.replace(/^- /, '')]]))
    }),
  ]
}

const isCommon = ([section, text]: Field): boolean =>
  section === 'RADIUS' || section === 'Packet filter' || text.startsWith('On the server: ')
const linesOf = (input: GatewayInput, section: string): readonly string[] =>
  fieldsOf(textOf(input))
    .filter(([heading]) => heading === section)
    .map(([, text]) => text)
const withoutCoa = (input: GatewayInput): GatewayInput => {
  const { dynamicAuthorization: _, ...without } = input
  return without
}

const L2TP = exampleVpn({ tunnelTypes: ['ikev2', 'l2tp'] })
const INPUTS: Readonly<Record<string, GatewayInput>> = {
  hostapd: inputOf('hostapd', { vlans: [42] }),
  rras: inputOf('rras', {}, { connections: [L2TP] }),
}

describe('READ-ME.md of gateways', () => {
  for (const kind of ALL_KINDS) {
    it(`ok/${kind}`, () => {
      const fields = fieldsOf(textOf(INPUTS[kind] ?? inputOf(kind))).filter((field) => !isCommon(field))
      assertGolden(fields, new URL(`./test/read-me/${kind}.golden`, import.meta.url))
    })
  }

  it('ok/sections-of-all', () => {
    const fields = fieldsOf(textOf(inputOf('strongswan')))
    assertGolden(fields.filter(isCommon), new URL('./test/read-me/common.golden', import.meta.url))
    const sections = [...textOf(inputOf('strongswan')).matchAll(/^## (.*)$/gm)].map(([, name]) => name)
    const all = ['How sure this is', 'Steps', 'RADIUS', 'Packet filter', 'Network cards', 'Checks']
    assert.deepEqual(sections, all)
    const items = /^## (RADIUS|Packet filter|Network cards)\n\n(- .*\n)+$/gm
    assert.equal(textOf(inputOf('strongswan')).match(items)?.length, 3, 'each line is an item')
    // A section without a line is left out.
    const none = [...textOf(inputOf('cisco-asa')).matchAll(/^## (.*)$/gm)].map(([, name]) => name)
    assert.deepEqual(
      none,
      all.filter((name) => name !== 'Network cards'),
    )
  })

  it('ok/without-coa', () => {
    for (const kind of ['strongswan', 'hostapd'] as const) {
      const input = withoutCoa(inputOf(kind))
      assert.equal(linesOf(input, 'RADIUS').at(-1), 'CoA and Disconnect: switched off for this client')
      assert.ok(!linesOf(input, 'Check').some((line) => line.startsWith('ss ')))
      assert.ok(!linesOf(input, 'Packet filter').some((line) => line.includes('CoA')))
    }
  })

  it('ok/other-connections', () => {
    const wired = inputOf('hostapd', { vlans: [42] }, withWired())
    assert.deepEqual(linesOf(wired, 'How sure this is'), [
      'Tried with hostapd 2.10 (Debian 12): logins, accounting and Disconnect, with this file as it is.',
    ])
    for (const input of [wired, inputOf('hostapd')])
      assert.ok(!linesOf(input, 'Steps').some((line) => line.includes('hostapd.vlan')))
    const ports = inputOf('cisco-ios', {}, withWired())
    assert.ok(!linesOf(ports, 'Steps').some((line) => line.includes('certificate')))
    assert.equal(
      linesOf(ports, 'Check')[2],
      'show authentication sessions details -> Each port with method dot1x, VLAN and user.',
    )
    assert.ok(!linesOf(inputOf('rras'), 'Check').some((line) => line.includes('1701')))
    assert.equal(
      linesOf(inputOf('fortigate', {}, withWired()), 'Steps')[2],
      '3. Firewall policies: from interface sallyport to the networks inside, source the address range; with 802.1X on FortiSwitch or FortiAP choose the RADIUS server there.',
    )
  })

  it('ok/cards-that-are-not-described', () => {
    const bare = { outside: {}, inside: {} }
    const [linuxOutside, linuxInside] = linesOf(inputOf('strongswan', bare), 'Network cards')
    assert.equal(linuxOutside, 'Outside: name of the card. It alone has a default route. DNS: none.')
    assert.equal(
      linuxInside,
      'Inside: name of the card. Routes to the networks inside, no default route. DNS: none; the gateway itself asks here.',
    )
    const [outside, inside] = linesOf(inputOf('rras', bare), 'Network cards')
    assert.match(outside ?? '', /^Outside: the outer card\. It /)
    assert.match(inside ?? '', /^Inside: the inner card\. No .* DNS: that of the domain\. /)
    assert.deepEqual(linesOf(inputOf('draytek', bare), 'Network cards'), [
      'WAN: address of the provider. LAN: address inside; LAN > General Setup gives clients the DNS servers inside.',
    ])
    assert.deepEqual(linesOf(inputOf('pfsense', bare), 'Network cards'), [
      'WAN: the outer card; it has the default route. DNS of the firewall itself: those inside, and "Allow DNS server list to be overridden by DHCP" off.',
      'LAN: the inner card, without a gateway.',
    ])
    const two = { inside: { interface: 'LAN', dns: ['10.20.0.53', '10.20.0.54'] } }
    for (const kind of ['strongswan', 'rras', 'opnsense'] as const)
      assert.match(linesOf(inputOf(kind, two), 'Network cards').join('\n'), /10\.20\.0\.53, 10\.20\.0\.54/)
    assert.match(
      linesOf(inputOf('rras', { nasIdentifier: 'edge' }), 'Steps')[3] ?? '',
      / NAS-Identifier: that is edge if /,
    )
  })

  it('ok/a-client-by-name, names-in-a-command', () => {
    const input = inputOf('strongswan')
    const byName = { ...input, client: { ...input.client, address: 'vpn.example.org' } }
    assert.equal(
      linesOf(byName, 'Packet filter').at(-1),
      'Sallyport server: let in UDP 1812, 1813 from the gateway: RADIUS: logins and accounting of this gateway',
    )
    const command = (name: string) =>
      linesOf(inputOf('strongswan', { name }), 'Check').at(-1)?.split(' -> ')[0]
    assert.equal(command('edge_1.a'), 'On the server: `sallyport gateways check edge_1.a`')
    assert.equal(command("Bob's `gate`"), "On the server: `sallyport gateways check 'Bob'\\''s ?gate?'`")
    const [title] = fieldsOf(textOf(inputOf('strongswan', { name: 'Tor \u200b"Büro"' })))
    assert.equal(title?.[1], 'Tor ?"Büro": strongSwan (swanctl, eap-radius)')
  })
})
