import { fromUtf8 } from '@sallyport/bytes'
import { type Attribute, attribute, attributeFromText } from '@sallyport/radius'
import {
  Class,
  FilterId,
  FramedIpAddress,
  IdleTimeout,
  SessionTimeout,
  TerminationAction,
  TunnelMediumType,
  TunnelPrivateGroupId,
  TunnelType,
} from '@sallyport/radius/attributes'
import type { Authorization } from '../policy/rule.ts'
import { DICTIONARY } from './readable-attributes.ts'

const TUNNEL_TYPE_VLAN = 13
const TUNNEL_MEDIUM_IEEE_802 = 6
/** RFC 2865 section 5.29. */
const TERMINATION_ACTION = { default: 0, 'radius-request': 1 } as const

/**
 * The attributes an authorization profile asks for. Throws RadiusError where a value cannot be represented: then there
 * is no accept at all, because an accept without its VLAN or filter would be a wider one.
 */
export function authorizationAttributes(authorization: Authorization): readonly Attribute[] {
  let attributes = built.get(authorization)
  if (attributes === undefined) {
    attributes = build(authorization)
    built.set(authorization, attributes)
  }
  return attributes
}

/** Authorizations are few and immutable, one for each rule; logins are many. */
const built = new WeakMap<Authorization, readonly Attribute[]>()

function build(authorization: Authorization): Attribute[] {
  const { vlan, filterId, sessionTimeoutSeconds, idleTimeoutSeconds, framedIpAddress, terminationAction } =
    authorization
  const attributes: Attribute[] = []
  if (vlan !== undefined) {
    // RFC 3580 section 3.31: all three, or the switch ignores the VLAN.
    attributes.push(
      attribute(TunnelType, TUNNEL_TYPE_VLAN),
      attribute(TunnelMediumType, TUNNEL_MEDIUM_IEEE_802),
      attribute(TunnelPrivateGroupId, String(vlan)),
    )
  }
  if (filterId !== undefined) attributes.push(attribute(FilterId, filterId))
  if (sessionTimeoutSeconds !== undefined) attributes.push(attribute(SessionTimeout, sessionTimeoutSeconds))
  if (terminationAction !== undefined) {
    attributes.push(attribute(TerminationAction, TERMINATION_ACTION[terminationAction]))
  }
  if (idleTimeoutSeconds !== undefined) attributes.push(attribute(IdleTimeout, idleTimeoutSeconds))
  if (framedIpAddress !== undefined) attributes.push(attribute(FramedIpAddress, framedIpAddress))
  if (authorization.class !== undefined) attributes.push(attribute(Class, fromUtf8(authorization.class)))
  for (const { name, value } of authorization.attributes)
    attributes.push(attributeFromText(DICTIONARY, { name, value }))
  return attributes
}
