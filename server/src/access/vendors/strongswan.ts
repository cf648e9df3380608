import { attribute } from '@sallyport/radius'
import { FilterId, TunnelType } from '@sallyport/radius/attributes'
import { gatewayTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

const TUNNEL_TYPE_ESP = 9

const { mppe: _no, ...GATEWAY_TERMS } = gatewayTerms

/** charon's eap-radius: it takes Filter-Id for a group, and only beside Tunnel-Type = ESP. */
export const STRONGSWAN: VendorTerms = {
  ...GATEWAY_TERMS,
  filterId: term('tested', 'Filter-Id with Tunnel-Type ESP (eap-radius, filter_id = yes)', group),
  role: term('tested', 'Filter-Id with Tunnel-Type ESP: a group (eap-radius, filter_id = yes)', group),
}

function group(name: string) {
  return [attribute(TunnelType, TUNNEL_TYPE_ESP), attribute(FilterId, name)]
}
