import { isIP } from 'node:net'
import { fromUtf8 } from '@sallyport/bytes'
import { attribute } from '@sallyport/radius'
import {
  AcctInterimInterval,
  Class,
  DelegatedIPv6Prefix,
  DnsServerIPv6Address,
  EgressVlanid,
  EgressVlanName,
  FilterId,
  FramedIPv6Address,
  FramedIPv6Prefix,
  FramedIpAddress,
  IdleTimeout,
  ManagementPolicyId,
  ManagementPrivilegeLevel,
  MsMppeEncryptionPolicy,
  MsMppeEncryptionTypes,
  MsPrimaryDnsServer,
  MsSecondaryDnsServer,
  NasFilterRule,
  SessionTimeout,
  TerminationAction,
  TunnelMediumType,
  TunnelPrivateGroupId,
  TunnelType,
} from '@sallyport/radius/attributes'
import { parseAccessList } from './access-list.ts'
import { filterRules } from './acl-lines.ts'
import { term } from './term.ts'
import { unsayable } from './unsayable.ts'

const TUNNEL_TYPE_VLAN = 13
const TUNNEL_MEDIUM_IEEE_802 = 6

/** What the standards say; vendors take from here what their devices understand. */

export const sessionTerms = {
  filterId: term<'filterId'>('rfc', 'Filter-Id (RFC 2865 section 5.11)', (name) => [
    attribute(FilterId, name),
  ]),
  sessionTimeoutSeconds: term<'sessionTimeoutSeconds'>(
    'rfc',
    'Session-Timeout (RFC 2865 section 5.27)',
    (seconds) => [attribute(SessionTimeout, seconds)],
  ),
  terminationAction: term<'terminationAction'>(
    'rfc',
    'Termination-Action (RFC 2865 section 5.29)',
    (action) => [attribute(TerminationAction, action === 'radius-request' ? 1 : 0)],
  ),
  idleTimeoutSeconds: term<'idleTimeoutSeconds'>('rfc', 'Idle-Timeout (RFC 2865 section 5.28)', (seconds) => [
    attribute(IdleTimeout, seconds),
  ]),
  interimIntervalSeconds: term<'interimIntervalSeconds'>(
    'rfc',
    'Acct-Interim-Interval (RFC 2869 section 5.16)',
    (seconds) => [attribute(AcctInterimInterval, seconds)],
  ),
  class: term<'class'>('rfc', 'Class (RFC 2865 section 5.25)', (text) => [attribute(Class, fromUtf8(text))]),
}

/** RFC 3580 section 3.31: all three, or the switch ignores the VLAN. */
export function tunnelVlan(vlan: number | string) {
  return [
    attribute(TunnelType, TUNNEL_TYPE_VLAN),
    attribute(TunnelMediumType, TUNNEL_MEDIUM_IEEE_802),
    attribute(TunnelPrivateGroupId, String(vlan)),
  ]
}

export const vlanTerms = {
  vlan: term<'vlan'>(
    'rfc',
    'Tunnel-Type, -Medium-Type, -Private-Group-Id (RFC 3580 section 3.31)',
    tunnelVlan,
  ),
}

const TAGGED = 0x31

/** The VLAN beside the own one, with a tag. */
export const voiceTerms = {
  voiceVlan: term<'voiceVlan'>(
    'rfc',
    'Egress-VLANID or Egress-VLAN-Name, tagged (RFC 4675 section 2)',
    (vlan) => [
      typeof vlan === 'number'
        ? attribute(EgressVlanid, TAGGED * 2 ** 24 + vlan)
        : attribute(EgressVlanName, `${String.fromCharCode(TAGGED)}${vlan}`),
    ],
  ),
}

export const addressTerms = {
  framedIpAddress: term<'framedIpAddress'>('rfc', 'Framed-IP-Address (RFC 2865 section 5.8)', (address) => [
    attribute(FramedIpAddress, address),
  ]),
  framedIpv6Address: term<'framedIpv6Address'>(
    'rfc',
    'Framed-IPv6-Address (RFC 6911 section 3.1)',
    (address) => [attribute(FramedIPv6Address, address)],
  ),
  framedIpv6Prefix: term<'framedIpv6Prefix'>('rfc', 'Framed-IPv6-Prefix (RFC 3162 section 2.3)', (prefix) => [
    attribute(FramedIPv6Prefix, prefix),
  ]),
  delegatedIpv6Prefix: term<'delegatedIpv6Prefix'>(
    'rfc',
    'Delegated-IPv6-Prefix (RFC 4818 section 3)',
    (prefix) => [attribute(DelegatedIPv6Prefix, prefix)],
  ),
}

/** RFC 2548 has room for two IPv4 servers; each IPv6 server has an attribute of its own. */
export const dnsTerms = {
  dnsServers: term<'dnsServers'>(
    'rfc',
    'MS-Primary- and -Secondary-DNS-Server (RFC 2548 section 2.7), DNS-Server-IPv6-Address (RFC 6911 section 3.2)',
    (servers) => {
      const ipv4 = servers.filter((server) => isIP(server) === 4)
      if (ipv4.length > 2)
        throw unsayable('term-unsayable', 'dnsServers', 'Only two IPv4 servers can be named.')
      const definitions = [MsPrimaryDnsServer, MsSecondaryDnsServer] as const
      return [
        ...ipv4.map((server, index) => attribute(definitions[index] ?? MsSecondaryDnsServer, server)),
        ...servers
          .filter((server) => isIP(server) === 6)
          .map((server) => attribute(DnsServerIPv6Address, server)),
      ]
    },
  ),
}

const KEY_BITS = { 40: 0x2, 128: 0x4 } as const

export const mppeTerms = {
  mppe: term<'mppe'>(
    'rfc',
    'MS-MPPE-Encryption-Policy and -Types (RFC 2548 sections 2.4.4 and 2.4.5)',
    ({ encryption, keyBits }) => [
      attribute(MsMppeEncryptionPolicy, encryption === 'required' ? 2 : 1),
      attribute(
        MsMppeEncryptionTypes,
        encryption === 'none' ? 0 : keyBits.reduce((types, bits) => types | KEY_BITS[bits], 0),
      ),
    ],
  ),
}

/** A list the device has goes by Filter-Id; lines go as NAS-Filter-Rule, separated by NUL. */
export const aclTerms = {
  acl: term<'acl'>('rfc', 'Filter-Id for a name, NAS-Filter-Rule (RFC 4849) for lines', (acl) => {
    if (typeof acl === 'string') return [attribute(FilterId, acl)]
    const rules = parseAccessList(acl).flatMap(filterRules)
    // RFC 4849 section 2 separates by NUL; a rule in each attribute also suits devices that read them one by one.
    return rules.map((rule, index) => attribute(NasFilterRule, index + 1 < rules.length ? `${rule}\0` : rule))
  }),
}

export const managementTerms = {
  privilegeLevel: term<'privilegeLevel'>(
    'rfc',
    'Management-Privilege-Level (RFC 5607 section 6.4)',
    (level) => [attribute(ManagementPrivilegeLevel, level)],
  ),
  adminRole: term<'adminRole'>('rfc', 'Management-Policy-Id (RFC 5607 section 6.3)', (role) => [
    attribute(ManagementPolicyId, role),
  ]),
}

/** What any VPN gateway understands. */
export const gatewayTerms = { ...sessionTerms, ...addressTerms, ...dnsTerms, ...mppeTerms }
