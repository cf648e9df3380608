import { RadiusError } from '@sallyport/radius'
import { authorizationAttributes } from '../access/authorization-attributes.ts'
import { parseAccessList } from '../access/vendors/access-list.ts'
import { leavesIpv6Open } from '../access/vendors/cisco.ts'
import type { Problem } from '../config/problem.ts'
import type { Configuration } from '../config/schema.ts'
import { ConfigError } from '../kernel/errors.ts'
import { type Authorization, compilePolicy, explainOffer, type Policy } from '../policy/index.ts'
import type { CompiledRule } from '../policy/policy.ts'

/** Clients named in one warning. */
const NAMED = 3

/**
 * An attribute that cannot be built turns every accept of its rule into a reject: better said now. Wrong for any device
 * is an error; what a rule might carry to a device that has no attribute for it is a warning.
 */
export function profileChecks(configuration: Configuration): Problem[] {
  return [...wrongProfiles(configuration), ...unsayableProfiles(configuration)]
}

function wrongProfiles({ profiles }: Configuration): Problem[] {
  return profiles.flatMap((profile) => {
    const { name, acl, attributes } = profile
    const path = `profiles/${name}`
    const byName = obstacle(() => authorizationAttributes({ attributes }, 'other'))
    const list = typeof acl === 'object' ? obstacle(() => parseAccessList(acl)) : undefined
    return [
      ...(byName === undefined
        ? []
        : [problem('error', `${path}/attributes`, `attribute-${byName.code}`, byName.message)]),
      ...(list === undefined ? [] : [problem('error', `${path}/acl`, list.code, list.message)]),
    ]
  })
}

function unsayableProfiles({ rules, profiles, clients }: Configuration): Problem[] {
  const compiled = compilePolicy(rules, profiles)
  if (!compiled.ok) return [] // Said by another check.
  const { policy } = compiled
  const vendors = [...new Set(clients.map(({ vendor }) => vendor))]
  return policy.rules.flatMap((rule) => {
    if (rule.effect !== 'accept') return []
    const { profiles: names, obligations } = rule.decision
    return vendors.flatMap((vendor) => {
      const doubt = doubtAbout(obligations, names, vendor)
      if (doubt === undefined) return []
      const reached = clients.filter((client) => client.vendor === vendor && mayReach(policy, rule, client))
      if (reached.length === 0) return []
      const path = `rules/${rule.name}/profiles`
      return [problem('warning', path, doubt.code, doubt.about(listed(reached)))]
    })
  })
}

/** What is wrong or doubtful where these obligations go to devices of this vendor. */
function doubtAbout(
  obligations: Authorization,
  profiles: readonly string[],
  vendor: string,
): { readonly code: string; readonly about: (clients: string) => string } | undefined {
  const why = obstacle(() => authorizationAttributes(obligations, vendor))
  const names = profiles.join(', ')
  if (why !== undefined) {
    const { code, message } = why
    const about = (clients: string) =>
      `${message} Where this rule accepts a login of ${clients} with ${names}, it is refused (reply-unbuildable).`
    return { code, about }
  }
  if (typeof obligations.acl !== 'object' || !leavesIpv6Open(obligations.acl, vendor)) return undefined
  const about = (clients: string) =>
    `The access list of ${names} filters IPv4 alone on ${clients}. If users have IPv6 there, add lines for it, or: deny ipv6 from any to any`
  return { code: 'acl-ipv6-open', about }
}

/** Whether the rule could decide about some login through the client: nothing else is known of it. */
function mayReach(policy: Policy, rule: CompiledRule, client: Configuration['clients'][number]): boolean {
  const { name, vendor } = client
  const [trace] = explainOffer({ ...policy, rules: [rule] }, { door: 'network', client: { name, vendor } })
  return trace?.outcome !== 'not-matched'
}

function listed(clients: Configuration['clients']): string {
  const names = clients.slice(0, NAMED).map(({ name }) => name)
  const more = clients.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}

function obstacle(build: () => readonly unknown[]): { code: string; message: string } | undefined {
  try {
    build()
    return undefined
  } catch (error) {
    if (error instanceof RadiusError || error instanceof ConfigError) return error
    throw error
  }
}

function problem(severity: Problem['severity'], path: string, code: string, message: string): Problem {
  return { path, severity, code, message }
}
