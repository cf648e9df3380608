import type { Extension } from '../../src/certificate/extension.ts'
import {
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../../src/issue/extension-encoders.ts'
import type { PolicyInputs } from '../../src/path/policy-graph.ts'
import { anchor, ca, type Entity, endEntity, selfIssued } from './forge.ts'
import { type Chain, path } from './pkits-case.ts'

/** The policies of the NIST test suites, and anyPolicy. */
export const P1 = '2.16.840.1.101.3.2.1.48.1'
export const P2 = '2.16.840.1.101.3.2.1.48.2'
export const P3 = '2.16.840.1.101.3.2.1.48.3'
export const P4 = '2.16.840.1.101.3.2.1.48.4'
export const ANY = '2.5.29.32.0'

/** What one certificate of a chain says about policies. */
export interface PolicyLine {
  readonly policies?: readonly string[]
  /** Pairs issuer domain, subject domain. */
  readonly maps?: readonly (readonly [string, string])[]
  readonly requireExplicit?: number
  readonly inhibitMapping?: number
  readonly inhibitAny?: number
  readonly selfIssued?: boolean
}

function extensionsOf(line: PolicyLine): Extension[] {
  const { policies, maps, requireExplicit, inhibitMapping, inhibitAny } = line
  return [
    ...(policies === undefined ? [] : [certificatePolicies(...policies)]),
    ...(maps === undefined
      ? []
      : [policyMappings(...maps.map(([issuerDomain, subjectDomain]) => ({ issuerDomain, subjectDomain })))]),
    ...(requireExplicit === undefined && inhibitMapping === undefined
      ? []
      : [policyConstraints(requireExplicit, inhibitMapping)]),
    ...(inhibitAny === undefined ? [] : [inhibitAnyPolicy(inhibitAny)]),
  ]
}

/** An anchor without policies, then a certificate a line; the last one is the leaf. */
export function policyChain(lines: readonly PolicyLine[], policy?: PolicyInputs): Chain {
  const entities: Entity[] = [anchor()]
  for (const [index, line] of lines.entries()) {
    const above = entities.at(-1) as Entity // the anchor at least
    const as = { extensions: extensionsOf(line) }
    if (index === lines.length - 1) entities.push(endEntity(above, as))
    else
      entities.push(line.selfIssued === true ? selfIssued(above, as) : ca(above, `Policies CA ${index}`, as))
  }
  return path(entities, policy === undefined ? {} : { policy })
}
