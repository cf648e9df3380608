import { attribute } from '@sallyport/radius'
import {
  HpBandwidthMaxEgress,
  HpBandwidthMaxIngress,
  HpCaptivePortalUrl,
  HpUserRole,
} from '@sallyport/radius/attributes'
import { hpAcl } from './hp-rules.ts'
import { redirectWithoutAcl } from './redirect.ts'
import { sessionTerms, vlanTerms, voiceTerms } from './standard.ts'
import { term, type VendorTerms } from './term.ts'

/** HP ProCurve and ArubaOS-Switch. Ingress is what the user sends. */
export const HP: VendorTerms = {
  ...sessionTerms,
  ...vlanTerms,
  ...voiceTerms,
  acl: term(
    'vendor',
    'a name: Filter-Id; lines: NAS-Filter-Rule, HP-Nas-Rules-IPv6 (Access Security Guide)',
    (acl) => hpAcl(acl, true),
  ),
  role: term('vendor', 'HP-User-Role', (role) => [attribute(HpUserRole, role)]),
  bandwidth: term('vendor', 'HP-Bandwidth-Max-Egress, -Ingress; kbit/s', ({ downKbps, upKbps }) => [
    ...(downKbps === undefined ? [] : [attribute(HpBandwidthMaxEgress, downKbps)]),
    ...(upKbps === undefined ? [] : [attribute(HpBandwidthMaxIngress, upKbps)]),
  ]),
  urlRedirect: term('memory', 'HP-Captive-Portal-URL', (redirect) => [
    attribute(HpCaptivePortalUrl, redirectWithoutAcl(redirect)),
  ]),
}
