import { attribute } from '@sallyport/radius'
import {
  FilterId,
  JuniperCwaRedirect,
  JuniperLocalUserName,
  JuniperSwitchingFilter,
  JuniperVoIPVlan,
} from '@sallyport/radius/attributes'
import { parseAccessList } from './access-list.ts'
import { juniperTerm } from './acl-lines.ts'
import { redirectWithoutAcl } from './redirect.ts'
import { gatewayTerms, vlanTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

/** EX switches and SRX with Junos. */
export const JUNIPER: VendorTerms = {
  ...gatewayTerms,
  ...vlanTerms,
  voiceVlan: term('vendor', 'Juniper-VoIP-Vlan', (vlan) => [attribute(JuniperVoIPVlan, String(vlan))]),
  acl: term('vendor', 'a name: Filter-Id (a firewall filter); lines: Juniper-Switching-Filter', (acl) =>
    typeof acl === 'string'
      ? [attribute(FilterId, acl)]
      : parseAccessList(acl).map((rule) => attribute(JuniperSwitchingFilter, juniperTerm(rule))),
  ),
  adminRole: term('vendor', 'Juniper-Local-User-Name (a template account)', (role) => [
    attribute(JuniperLocalUserName, role),
  ]),
  urlRedirect: term('vendor', 'Juniper-CWA-Redirect-URL', (redirect) => [
    attribute(JuniperCwaRedirect, redirectWithoutAcl(redirect)),
  ]),
}
