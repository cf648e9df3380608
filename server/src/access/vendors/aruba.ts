import { attribute } from '@sallyport/radius'
import {
  ArubaAdminRole,
  ArubaCaptivePortalUrl,
  ArubaNamedUserVlan,
  ArubaPrivAdminUser,
  ArubaUserRole,
  ArubaUserVlan,
} from '@sallyport/radius/attributes'
import { hpAcl } from './hp-rules.ts'
import { redirectWithoutAcl } from './redirect.ts'
import { gatewayTerms, tunnelVlan, voiceTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

/** Controllers, Instant, AOS-CX. Access points read Aruba's own VLAN attributes, switches the tunnel. */
export const ARUBA: VendorTerms = {
  ...gatewayTerms,
  ...voiceTerms,
  vlan: term('vendor', 'Aruba-User-Vlan or Aruba-Named-User-Vlan, and the tunnel of RFC 3580', (vlan) => [
    typeof vlan === 'number' ? attribute(ArubaUserVlan, vlan) : attribute(ArubaNamedUserVlan, vlan),
    ...tunnelVlan(vlan),
  ]),
  acl: term('memory', 'a name: Filter-Id; lines: NAS-Filter-Rule (AOS-CX)', (acl) => hpAcl(acl, false)),
  role: term('vendor', 'Aruba-User-Role', (role) => [attribute(ArubaUserRole, role)]),
  adminRole: term('vendor', 'Aruba-Admin-Role', (role) => [attribute(ArubaAdminRole, role)]),
  privilegeLevel: term('memory', 'Aruba-Priv-Admin-User', (level) => [attribute(ArubaPrivAdminUser, level)]),
  urlRedirect: term('memory', 'Aruba-Captive-Portal-URL', (redirect) => [
    attribute(ArubaCaptivePortalUrl, redirectWithoutAcl(redirect)),
  ]),
}
