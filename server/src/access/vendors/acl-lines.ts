import type { AclPeer, AclRule, Family, Ports } from './access-list.ts'
import { unsayable } from './unsayable.ts'

/** Cisco switches and routers write the bits that do not matter; ASA writes the mask. */
export type MaskStyle = 'wildcard' | 'netmask'

/**
 * An access control entry of Cisco for what a user's device sends. Its source is `any`: the device puts the user's
 * address there.
 */
export function ciscoEntry(rule: AclRule, family: Family, style: MaskStyle): string {
  const { action, protocol, peer, ownPorts, peerPorts } = onlyIn(rule, 'Cisco')
  const what = protocol === 'ip' && family === 6 && style === 'wildcard' ? 'ipv6' : protocol
  return words(
    action,
    what,
    'any',
    ciscoPorts(ownPorts),
    ciscoPeer(peer, family, style),
    ciscoPorts(peerPorts),
  )
}

function ciscoPeer(peer: AclPeer, family: Family, style: MaskStyle): string {
  if (peer === 'any') return 'any'
  const { address, bits } = peer
  if (bits === (family === 4 ? 32 : 128)) return `host ${address}`
  if (family === 6) return `${address}/${bits}`
  return `${address} ${style === 'wildcard' ? dotted(~mask(bits)) : dotted(mask(bits))}`
}

function ciscoPorts(ports: Ports | undefined): string {
  if (ports === undefined) return ''
  return ports.first === ports.last ? `eq ${ports.first}` : `range ${ports.first} ${ports.last}`
}

const PROTOCOL_NUMBERS = { ip: 'ip', tcp: '6', udp: '17', icmp: '1' } as const
const ICMPV6 = '58'

/** IPFilterRule (RFC 6733 section 4.3.1), as NAS-Filter-Rule carries it (RFC 4849). ICMP has a number for each family. */
export function filterRules(rule: AclRule): string[] {
  if (rule.protocol === 'icmp' && rule.family === undefined) {
    return [...filterRules({ ...rule, family: 4 }), ...filterRules({ ...rule, family: 6 })]
  }
  const { action, direction, protocol, family, ownPorts, peerPorts } = rule
  const number = protocol === 'icmp' && family === 6 ? ICMPV6 : PROTOCOL_NUMBERS[protocol]
  const own = words('assigned', range(ownPorts))
  const other = words(filterPeer(rule), range(peerPorts))
  const [from, to] = direction === 'in' ? [own, other] : [other, own]
  return [words(action, direction, number, 'from', from, 'to', to)]
}

/** The same of HP and Aruba switches: the source is always `any`, and only what the user sends is filtered. */
export function hpFilterRules(rule: AclRule): string[] {
  const { ownPorts } = onlyIn(rule, 'The switch')
  if (ownPorts !== undefined)
    throw unsayable('term-unsayable', 'acl', 'The switch cannot filter by source port.')
  return filterRules(rule).map((text) => text.replace(' from assigned ', ' from any '))
}

function filterPeer({ peer, family }: AclRule): string {
  if (peer !== 'any') return `${peer.address}/${peer.bits}`
  return family === undefined ? 'any' : family === 4 ? '0.0.0.0/0' : '::/0'
}

function range(ports: Ports | undefined): string {
  if (ports === undefined) return ''
  return ports.first === ports.last ? String(ports.first) : `${ports.first}-${ports.last}`
}

/** A term of Juniper-Switching-Filter: IPv4 destinations and single ports only. */
export function juniperTerm(rule: AclRule): string {
  const { action, protocol, family, peer, ownPorts, peerPorts } = onlyIn(rule, 'Juniper-Switching-Filter')
  if (family === 6) throw unsayable('term-unsayable', 'acl', 'Juniper-Switching-Filter knows no IPv6.')
  const destination = peer === 'any' ? '0.0.0.0/0' : `${peer.address}/${peer.bits}`
  const conditions = [
    `destination-ip ${destination}`,
    ...(protocol === 'ip' ? [] : [`ip-protocol ${PROTOCOL_NUMBERS[protocol]}`]),
    ...juniperPort('source-port', ownPorts),
    ...juniperPort('destination-port', peerPorts),
  ]
  return `match ${conditions.join(', ')} action ${action === 'permit' ? 'allow' : 'deny'}`
}

function juniperPort(name: string, ports: Ports | undefined): string[] {
  if (ports === undefined) return []
  if (ports.first !== ports.last) {
    throw unsayable('term-unsayable', 'acl', 'Juniper-Switching-Filter knows no range of ports.')
  }
  return [`${name} ${ports.first}`]
}

function onlyIn(rule: AclRule, who: string): AclRule {
  if (rule.direction === 'in') return rule
  throw unsayable('term-unsayable', 'acl', `${who} filters only what the user sends, not "to self".`)
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

function mask(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')
}
