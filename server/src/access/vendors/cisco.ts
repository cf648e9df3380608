import { attribute } from '@sallyport/radius'
import { FilterId } from '@sallyport/radius/attributes'
import { parseAccessList, rulesOf } from './access-list.ts'
import { ciscoEntry } from './acl-lines.ts'
import { ciscoPairTerms, pair } from './cisco-pairs.ts'
import { downloadableAcl } from './downloadable-acl.ts'
import { gatewayTerms, tunnelVlan, vlanTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'
import { unsayable } from './unsayable.ts'

/** Catalyst switches and routers with IOS or IOS XE. */
export const CISCO: VendorTerms = {
  ...gatewayTerms,
  ...vlanTerms,
  ...ciscoPairTerms,
  voiceVlan: term(
    'vendor',
    'Cisco-AVPair device-traffic-class=voice beside the VLAN (multi-domain authentication)',
    (vlan, whole) => {
      if (whole.vlan !== undefined) {
        throw unsayable(
          'term-unsayable',
          'voiceVlan',
          'A telephone has a login of its own: say vlan or voiceVlan.',
        )
      }
      return [pair('device-traffic-class=voice'), ...tunnelVlan(vlan)]
    },
  ),
  acl: term(
    'vendor',
    'a name: Filter-Id NAME.in; lines: downloadable ACL (ACS:CiscoSecure-Defined-ACL), of IPv6 ipv6:inacl#N',
    (acl, whole) => {
      if (typeof acl === 'string') {
        return [attribute(FilterId, /\.(in|out)$/.test(acl) ? acl : `${acl}.in`)]
      }
      const download = downloadableAcl(acl, whole, 'wildcard')
      return [pair(`ACS:CiscoSecure-Defined-ACL=${download.name}`), ...ipv6Entries(acl)]
    },
  ),
  privilegeLevel: term('vendor', 'Cisco-AVPair shell:priv-lvl', (level) => [pair(`shell:priv-lvl=${level}`)]),
  adminRole: term('memory', 'Cisco-AVPair shell:roles (NX-OS)', (role) => [pair(`shell:roles="${role}"`)]),
}

/** Vendors whose devices filter IPv6 only where the list speaks of it: `CISCO.acl` says no more than the list does. */
const IPV4_LISTS: ReadonlySet<string> = new Set(['cisco', 'cisco-wlc'])

/** Whether the lines leave the user's IPv6 unfiltered on devices of this vendor. */
export function leavesIpv6Open(lines: readonly string[], vendor: string): boolean {
  return IPV4_LISTS.has(vendor) && !parseAccessList(lines).some((rule) => rule.family === 6)
}

/** Only where the list speaks of IPv6: many switches refuse a login with an IPv6 list they cannot apply. */
function ipv6Entries(lines: readonly string[]) {
  const rules = parseAccessList(lines)
  if (!rules.some((rule) => rule.family === 6)) return []
  return rulesOf(rules, 6).map((rule, index) =>
    pair(`ipv6:inacl#${index + 1}=${ciscoEntry(rule, 6, 'wildcard')}`),
  )
}
