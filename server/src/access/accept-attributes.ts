import { type Attribute, attribute, RadiusError } from '@sallyport/radius'
import { Class, MsMppeEncryptionPolicy, MsMppeEncryptionTypes, UserName } from '@sallyport/radius/attributes'
import { ConfigError } from '../kernel/errors.ts'
import type { Decision } from '../policy/index.ts'
import { type Reason, reason } from '../reasons/index.ts'
import { authorizationAttributes } from './authorization-attributes.ts'
import { decisionClass } from './decision-class.ts'

export interface AcceptParts {
  /** Id of the receipt: it comes back in accounting. */
  readonly id: string
  readonly userName: string
  readonly vendor: string
  readonly decision: Decision
  readonly envelope: readonly Attribute[]
  /** What only the method adds beside what the policy grants: keys, the server's own proof. */
  readonly grant: (granted: readonly Attribute[]) => readonly Attribute[]
}

/** Everything an Access-Accept carries, in order. @throws RadiusError, ConfigError: then it must not be an accept */
export function acceptAttributes(parts: AcceptParts): Attribute[] {
  const { id, userName, vendor, decision, envelope } = parts
  const { obligations } = decision
  const granted = authorizationAttributes(obligations, vendor)
  const grant = parts.grant(granted)
  return [
    ...envelope,
    attribute(UserName, userName),
    attribute(Class, decisionClass(id)),
    ...granted,
    // A profile that says how PPP is encrypted overrules what MS-CHAP says by itself.
    ...(obligations.mppe === undefined ? grant : grant.filter((each) => !isMppePolicy(each))),
  ]
}

function isMppePolicy(each: Attribute): boolean {
  if (!('definition' in each)) return false
  return (
    each.definition.name === MsMppeEncryptionPolicy.name ||
    each.definition.name === MsMppeEncryptionTypes.name
  )
}

/** Why there is no accept, where `acceptAttributes` or the encoder threw. Throws on what is no such error. */
export function unbuildable(error: unknown, decision: Decision): Reason {
  if (!(error instanceof RadiusError) && !(error instanceof ConfigError)) throw error
  const name = error.values.attribute
  return reason('reply-unbuildable', {
    rule: decision.rule,
    attribute: name === undefined ? undefined : String(name),
    detail: error.message,
  })
}
