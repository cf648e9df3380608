import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * Where nobody runs a revocation service, and where a URL in a certificate would reach what it must not: this machine,
 * the link (with the metadata services of clouds), everybody. Private networks are not among them: that is where the
 * responder of a company's own CA stands.
 */
const FORBIDDEN = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Metadata services of clouds that are not on the link.
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  // This machine, and addresses that were once IPv4's own (RFC 4291 section 2.5.5.1).
  ['::', 96],
  ['fe80::', 10],
  ['ff00::', 8],
  // Addresses with an IPv4 address inside that one could hide in: NAT64, 6to4, Teredo.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
  // The metadata service of a cloud.
  ['fd00:ec2::254', 128],
] as const) {
  FORBIDDEN.addSubnet(network, prefix, 'ipv6')
}

/** Whether a URL that a certificate names may lead to this address. */
export function mayBeAsked(address: string): boolean {
  if (isIPv4(address)) return !FORBIDDEN.check(address, 'ipv4')
  // BlockList looks at an IPv4-mapped address as at the IPv4 address in it.
  return isIPv6(address) && !FORBIDDEN.check(address, 'ipv6')
}
