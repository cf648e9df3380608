import type { Attribute } from '@sallyport/radius'
import type { Authorization } from '../../policy/rule.ts'

/** The terms of a profile that a vendor's table says in attributes; `attributes` by name are written as they are. */
export type TermName = Exclude<keyof Authorization, 'attributes' | 'aclOf' | 'whenRevoked'>

/** How sure we are of an entry. */
export type Certainty =
  /** A document of the IETF says so. */
  | 'rfc'
  /** A document of the vendor says so. */
  | 'vendor'
  /** Seen at work in a test of this repository. */
  | 'tested'
  /** What the field commonly does; not checked against a document or a device. */
  | 'memory'

/** One entry of a vendor's table: a product term in the attributes of that vendor. */
export interface Term<Name extends TermName> {
  /** @throws ConfigError 'term-unsayable' where the vendor cannot express this value */
  readonly say: (value: Value<Name>, whole: Authorization) => readonly Attribute[]
  readonly certainty: Certainty
  /** Attributes and where they are described, for the documentation. */
  readonly source: string
}

export type Value<Name extends TermName> = NonNullable<Authorization[Name]>

/** A vendor's table. A term that is not in it cannot be said to its devices. */
export type VendorTerms = { readonly [Name in TermName]?: Term<Name> }

export function term<Name extends TermName>(
  certainty: Certainty,
  source: string,
  say: Term<Name>['say'],
): Term<Name> {
  return { certainty, source, say }
}
