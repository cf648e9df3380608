import { type Attribute, attribute } from '@sallyport/radius'
import { FilterId, HpNasRulesIPv6, NasFilterRule } from '@sallyport/radius/attributes'
import { parseAccessList } from './access-list.ts'
import { hpFilterRules } from './acl-lines.ts'

/** HP-Nas-Rules-IPv6: without it, or with 2, the switch drops all IPv6 of the user. */
const BOTH_FAMILIES = 1

/** A rule in each NAS-Filter-Rule, as HP's and Aruba's guides have it: without the NUL of RFC 4849. */
export function hpAcl(acl: readonly string[] | string, isProcurve: boolean): Attribute[] {
  if (typeof acl === 'string') return [attribute(FilterId, acl)]
  const rules = parseAccessList(acl)
  const hasIpv6 = rules.some(({ family }) => family !== 4)
  return [
    ...(isProcurve && hasIpv6 ? [attribute(HpNasRulesIPv6, BOTH_FAMILIES)] : []),
    ...rules.flatMap(hpFilterRules).map((rule) => attribute(NasFilterRule, rule)),
  ]
}
