import { isIP } from 'node:net'
import { attribute } from '@sallyport/radius'
import {
  AsaGroupPolicy,
  AsaPrimaryDns,
  AsaPrivilegeLevel,
  AsaSecondaryDns,
  AsaVlan,
  FilterId,
} from '@sallyport/radius/attributes'
import { ciscoPairTerms, pair } from './cisco-pairs.ts'
import { downloadableAcl } from './downloadable-acl.ts'
import { addressTerms, sessionTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'
import { unsayable } from './unsayable.ts'

/** ASA and Firepower: remote access VPN. */
export const CISCO_ASA: VendorTerms = {
  ...sessionTerms,
  ...addressTerms,
  ...ciscoPairTerms,
  vlan: term('vendor', 'ASA-VLAN', (vlan) => {
    if (typeof vlan === 'string')
      throw unsayable('term-unsayable', 'vlan', 'An ASA takes a VLAN by id alone.')
    return [attribute(AsaVlan, vlan)]
  }),
  acl: term(
    'vendor',
    'a name: Filter-Id; lines: downloadable ACL (ACS:CiscoSecure-Defined-ACL)',
    (acl, whole) =>
      typeof acl === 'string'
        ? [attribute(FilterId, acl)]
        : [pair(`ACS:CiscoSecure-Defined-ACL=${downloadableAcl(acl, whole, 'netmask').name}`)],
  ),
  role: term('vendor', 'ASA-Group-Policy', (role) => [attribute(AsaGroupPolicy, role)]),
  privilegeLevel: term('vendor', 'ASA-Privilege-Level', (level) => [attribute(AsaPrivilegeLevel, level)]),
  dnsServers: term('vendor', 'ASA-Primary-DNS, ASA-Secondary-DNS', (servers) => {
    if (servers.length > 2 || servers.some((server) => isIP(server) !== 4)) {
      throw unsayable('term-unsayable', 'dnsServers', 'An ASA takes two IPv4 servers.')
    }
    return servers.map((server, index) => attribute(index === 0 ? AsaPrimaryDns : AsaSecondaryDns, server))
  }),
}
