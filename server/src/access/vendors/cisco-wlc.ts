import { attribute } from '@sallyport/radius'
import {
  AirespaceAclName,
  AirespaceDataBandwidthAverageContract,
  AirespaceDataBandwidthAverageContractUpstream,
} from '@sallyport/radius/attributes'
import { CISCO } from './cisco.ts'
import { term, type VendorTerms } from './term.ts'
import { unsayable } from './unsayable.ts'

const { voiceVlan: _no, ...SWITCH_TERMS } = CISCO

/** Wireless controllers: AireOS and Catalyst 9800. */
export const CISCO_WLC: VendorTerms = {
  ...SWITCH_TERMS,
  acl: term(
    'vendor',
    'a name: Airespace-ACL-Name; lines: downloadable ACL (Catalyst 9800 from 17.10)',
    (acl, whole) =>
      typeof acl === 'string'
        ? [attribute(AirespaceAclName, acl)]
        : (CISCO.acl?.say(acl, whole) ?? no('acl')),
  ),
  bandwidth: term(
    'vendor',
    'Airespace-Data-Bandwidth-Average-Contract, -Upstream; kbit/s',
    ({ downKbps, upKbps }) => [
      ...(downKbps === undefined ? [] : [attribute(AirespaceDataBandwidthAverageContract, downKbps)]),
      ...(upKbps === undefined ? [] : [attribute(AirespaceDataBandwidthAverageContractUpstream, upKbps)]),
    ],
  ),
}

function no(name: string): never {
  throw unsayable('term-unsayable', name, 'There is no attribute for it.')
}
