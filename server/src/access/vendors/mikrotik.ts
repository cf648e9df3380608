import { attribute } from '@sallyport/radius'
import {
  MikrotikAddressList,
  MikrotikGroup,
  MikrotikRateLimit,
  MikrotikWirelessVlanid,
} from '@sallyport/radius/attributes'
import { gatewayTerms, tunnelVlan } from './standard.ts'
import { term, type VendorTerms } from './term.ts'
import { unsayable } from './unsayable.ts'

/** RouterOS: PPP, hotspot, wireless, dot1x. */
export const MIKROTIK: VendorTerms = {
  ...gatewayTerms,
  vlan: term('vendor', 'Mikrotik-Wireless-VLANID, and the tunnel of RFC 3580 (dot1x)', (vlan) => {
    if (typeof vlan === 'string')
      throw unsayable('term-unsayable', 'vlan', 'RouterOS takes a VLAN by id alone.')
    return [attribute(MikrotikWirelessVlanid, vlan), ...tunnelVlan(vlan)]
  }),
  acl: term('vendor', 'a name: Mikrotik-Address-List; no lines', (acl) => {
    if (typeof acl === 'string') return [attribute(MikrotikAddressList, acl)]
    throw unsayable('term-unsayable', 'acl', 'RouterOS takes the name of an address list, no lines.')
  }),
  role: term('vendor', 'Mikrotik-Group (PPP or hotspot profile)', (role) => [attribute(MikrotikGroup, role)]),
  adminRole: term('vendor', 'Mikrotik-Group (user group)', (role) => [attribute(MikrotikGroup, role)]),
  /** As the router sees it: received / sent, so up / down. One value stands for both, and 0 for no limit. */
  bandwidth: term('vendor', 'Mikrotik-Rate-Limit', ({ downKbps, upKbps }) => [
    attribute(MikrotikRateLimit, `${rate(upKbps)}/${rate(downKbps)}`),
  ]),
}

function rate(kilobits: number | undefined): string {
  return kilobits === undefined ? '0' : `${kilobits}k`
}
