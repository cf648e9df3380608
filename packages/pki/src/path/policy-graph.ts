import { type Certificate, isSelfIssued } from '../certificate/certificate.ts'
import type { PolicyMapping } from '../certificate/certificate-extensions.ts'
import { ANY_POLICY } from '../oids.ts'

/** The policy inputs of RFC 5280 section 6.1.1 (c) to (g). */
export interface PolicyInputs {
  /** user-initial-policy-set; absent means any-policy. */
  readonly acceptable?: readonly string[]
  readonly requireExplicit?: boolean
  readonly inhibitMapping?: boolean
  readonly inhibitAny?: boolean
}

interface PolicyNode {
  readonly policy: string
  expected: ReadonlySet<string>
  readonly parents: readonly PolicyNode[]
}

type Level = ReadonlyMap<string, PolicyNode>

/**
 * Certificate policies of a path, as the graph of RFC 9618 instead of the tree of RFC 5280: the outcome is the same,
 * but a level holds each policy once, so crafted mappings cannot make it grow exponentially.
 */
export class PolicyGraph {
  readonly #inputs: PolicyInputs
  readonly #length: number
  readonly #levels: Level[]
  #explicitPolicy: number
  #policyMapping: number
  #inhibitAnyPolicy: number

  /** `length`: certificates in the path without the anchor. */
  constructor(length: number, inputs: PolicyInputs) {
    const root: PolicyNode = { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), parents: [] }
    this.#inputs = inputs
    this.#length = length
    this.#levels = [new Map([[ANY_POLICY, root]])]
    this.#explicitPolicy = inputs.requireExplicit === true ? 0 : length + 1
    this.#policyMapping = inputs.inhibitMapping === true ? 0 : length + 1
    this.#inhibitAnyPolicy = inputs.inhibitAny === true ? 0 : length + 1
  }

  /** Section 6.1.3 (d) to (f) for certificate number `i`, counted from 1 below the anchor. False: refused. */
  process(certificate: Certificate, i: number): boolean {
    const above = this.#levels[i - 1]
    const policies = certificate.extensions.certificatePolicies
    const takesAny = this.#inhibitAnyPolicy > 0 || (i < this.#length && isSelfIssued(certificate))
    this.#levels[i] =
      above === undefined || policies === undefined ? new Map() : nextLevel(above, policies, takesAny)
    return this.#explicitPolicy > 0 || this.#isAlive(i)
  }

  /** Section 6.1.4 (a), (b), (h) to (j): what a CA certificate says for those below it. False: refused. */
  prepareNext(certificate: Certificate, i: number): boolean {
    const { policyMappings = [], policyConstraints, inhibitAnyPolicy } = certificate.extensions
    if (policyMappings.some((map) => map.issuerDomain === ANY_POLICY || map.subjectDomain === ANY_POLICY))
      return false
    this.#levels[i] = mapLevel(this.#levels[i] ?? new Map(), policyMappings, this.#policyMapping > 0)
    if (!isSelfIssued(certificate)) {
      this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1)
      this.#policyMapping = Math.max(0, this.#policyMapping - 1)
      this.#inhibitAnyPolicy = Math.max(0, this.#inhibitAnyPolicy - 1)
    }
    const { requireExplicitPolicy = Infinity, inhibitPolicyMapping = Infinity } = policyConstraints ?? {}
    this.#explicitPolicy = Math.min(this.#explicitPolicy, requireExplicitPolicy)
    this.#policyMapping = Math.min(this.#policyMapping, inhibitPolicyMapping)
    this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, inhibitAnyPolicy ?? Infinity)
    return true
  }

  /** Section 6.1.5 (a), (b), (g): the policies the path is good for, or undefined where it is refused. */
  finish(leaf: Certificate): readonly string[] | undefined {
    this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1)
    if (leaf.extensions.policyConstraints?.requireExplicitPolicy === 0) this.#explicitPolicy = 0
    const authority = this.#authorityConstrained()
    const { acceptable } = this.#inputs
    const agreed =
      acceptable === undefined || acceptable.includes(ANY_POLICY)
        ? [...authority]
        : authority.has(ANY_POLICY)
          ? acceptable
          : acceptable.filter((policy) => authority.has(policy))
    return this.#explicitPolicy > 0 || agreed.length > 0 ? agreed : undefined
  }

  #isAlive(i: number): boolean {
    return (this.#levels[i]?.size ?? 0) > 0
  }

  /** RFC 9618 section 5.4: policies in the anchor's own words whose nodes still lead to the leaf. */
  #authorityConstrained(): Set<string> {
    const policies = new Set<string>()
    let live = new Set(this.#levels[this.#length]?.values() ?? [])
    if ([...live].some((node) => node.policy === ANY_POLICY)) policies.add(ANY_POLICY)
    while (live.size > 0) {
      const above = new Set<PolicyNode>()
      for (const node of live) {
        for (const parent of node.parents) above.add(parent)
        const rooted = node.parents.some((parent) => parent.policy === ANY_POLICY)
        if (rooted && node.policy !== ANY_POLICY) policies.add(node.policy)
      }
      live = above
    }
    return policies
  }
}

/** Section 6.1.3 (d). */
function nextLevel(above: Level, policies: readonly string[], takesAny: boolean): Level {
  const expecting = new Map<string, PolicyNode[]>()
  for (const node of above.values()) {
    for (const policy of node.expected) {
      const nodes = expecting.get(policy)
      if (nodes === undefined) expecting.set(policy, [node])
      else nodes.push(node)
    }
  }
  const level = new Map<string, PolicyNode>()
  const add = (policy: string, parents: readonly PolicyNode[]) =>
    level.set(policy, { policy, expected: new Set([policy]), parents })
  const anyAbove = above.get(ANY_POLICY)
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue
    const parents = expecting.get(policy)
    if (parents !== undefined) add(policy, parents)
    else if (anyAbove !== undefined) add(policy, [anyAbove])
  }
  if (takesAny && policies.includes(ANY_POLICY)) {
    for (const [policy, parents] of expecting) if (!level.has(policy)) add(policy, parents)
  }
  return level
}

/** Section 6.1.4 (b). */
function mapLevel(level: Level, mappings: readonly PolicyMapping[], allowed: boolean): Level {
  if (mappings.length === 0) return level
  const targets = Map.groupBy(mappings, (mapping) => mapping.issuerDomain)
  const mapped = new Map(level)
  const any = level.get(ANY_POLICY)
  for (const [policy, pairs] of targets) {
    const node = level.get(policy)
    const expected = new Set(pairs.map((pair) => pair.subjectDomain))
    if (!allowed) mapped.delete(policy)
    else if (node !== undefined) mapped.set(policy, { ...node, expected })
    else if (any !== undefined) mapped.set(policy, { policy, expected, parents: any.parents })
  }
  return mapped
}
