import { type Attribute, attributeFromText, type TypedAttribute } from '@sallyport/radius'
import { CiscoAVPair } from '@sallyport/radius/attributes'
import { VENDORS, type Vendor } from '../config/sections/vendors.ts'
import type { Authorization } from '../policy/rule.ts'
import { DICTIONARY } from './readable-attributes.ts'
import { VENDOR_TERMS } from './vendors/index.ts'
import type { Term, TermName, VendorTerms } from './vendors/term.ts'
import { unsayable } from './vendors/unsayable.ts'

/**
 * The attributes an authorization asks for, in the words of the client's vendor. Throws RadiusError where a value cannot
 * be represented and ConfigError where the vendor has no attribute for a term: then there is no accept at all, because
 * an accept without its VLAN or filter would be a wider one.
 */
export function authorizationAttributes(authorization: Authorization, vendor: string): readonly Attribute[] {
  let byVendor = built.get(authorization)
  if (byVendor === undefined) {
    byVendor = new Map()
    built.set(authorization, byVendor)
  }
  let attributes = byVendor.get(vendor)
  if (attributes === undefined) {
    attributes = build(authorization, vendor)
    byVendor.set(vendor, attributes)
  }
  return attributes
}

/** Authorizations are few and immutable, one for each rule, and vendors fewer; logins are many. */
const built = new WeakMap<Authorization, Map<string, readonly Attribute[]>>()

function build(authorization: Authorization, vendor: string): Attribute[] {
  const said = sayTerms(authorization, vendor)
  const named = authorization.attributes.map(({ name, value }) =>
    attributeFromText(DICTIONARY, { name, value }),
  )
  // What an administrator writes by name takes the place of what the terms would send there.
  const replaced = new Set(named.map(placeOf))
  return [...said.filter((attribute) => !replaced.has(placeOf(attribute))), ...named]
}

function sayTerms(authorization: Authorization, vendor: string): Attribute[] {
  const terms = VENDOR_TERMS[isVendor(vendor) ? vendor : 'other']
  const sayer = new Map<string, string>()
  return termsOf(authorization).flatMap((name) => {
    const attributes = say(name, authorization, terms, vendor)
    for (const attribute of attributes) {
      const place = placeOf(attribute)
      const other = sayer.get(place)
      if (other !== undefined && other !== name) {
        throw unsayable('terms-collide', name, `${place} is needed for ${other} and for ${name}.`)
      }
      sayer.set(place, name)
    }
    return attributes
  })
}

function say<Name extends TermName>(
  name: Name,
  authorization: Authorization,
  terms: VendorTerms,
  vendor: string,
): readonly Attribute[] {
  const term: Term<Name> | undefined = terms[name]
  const value = authorization[name]
  if (value === undefined || value === null) return []
  if (term === undefined) {
    throw unsayable('term-unsayable', name, `Devices of vendor "${vendor}" have no attribute for ${name}.`)
  }
  return term.say(value, authorization)
}

/** The terms a profile sets, in the order of the tables. */
function termsOf(authorization: Authorization): TermName[] {
  return ORDER.filter((name) => authorization[name] !== undefined)
}

/** Also the order in the packet. */
export const TERMS = {
  vlan: true,
  voiceVlan: true,
  acl: true,
  filterId: true,
  role: true,
  adminRole: true,
  privilegeLevel: true,
  bandwidth: true,
  securityGroupTag: true,
  urlRedirect: true,
  sessionTimeoutSeconds: true,
  terminationAction: true,
  idleTimeoutSeconds: true,
  interimIntervalSeconds: true,
  framedIpAddress: true,
  framedIpv6Address: true,
  framedIpv6Prefix: true,
  delegatedIpv6Prefix: true,
  dnsServers: true,
  mppe: true,
  class: true,
} as const satisfies Record<TermName, true>

const ORDER = Object.keys(TERMS) as TermName[] // the keys are checked above

function isVendor(text: string): text is Vendor {
  return (VENDORS as readonly string[]).includes(text)
}

/** What two attributes must not both say. Pairs of Cisco are told apart by what stands before their sign. */
function placeOf(attribute: Attribute): string {
  if (!('definition' in attribute)) return `Attr-${attribute.type}`
  const { name } = attribute.definition
  if (!isPair(attribute)) return name
  return `${name} ${/^[^=*]*/.exec(attribute.value)?.[0]}`
}

function isPair(attribute: TypedAttribute): attribute is TypedAttribute<'text'> {
  return attribute.definition.name === CiscoAVPair.name
}
