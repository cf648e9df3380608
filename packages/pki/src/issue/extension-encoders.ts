import {
  KEY_USAGES,
  type KeyUsage,
  type PolicyMapping,
  sidOctets,
} from '../certificate/certificate-extensions.ts'
import type { Extension } from '../certificate/extension.ts'
import {
  boolean,
  element,
  explicit,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  sequence,
} from '../der/der-writer.ts'
import { contextConstructed, contextPrimitive } from '../der/tags.ts'
import { encodeGeneralName, encodeGeneralNames, type GeneralName } from '../names/general-name.ts'
import { ACCESS_METHOD, EXTENSION, OCSP, OTHER_NAME } from '../oids.ts'

/** Encoders of RFC 5280 section 4.2.1; each sets the criticality that the section asks for. */

export function basicConstraints(ca: boolean, pathLength?: number): Extension {
  const content = [...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])]
  return { oid: EXTENSION.basicConstraints, critical: true, value: sequence(...content) }
}

export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  return {
    oid: EXTENSION.keyUsage,
    critical: true,
    value: namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))),
  }
}

export function extendedKeyUsage(...oids: readonly string[]): Extension {
  return { oid: EXTENSION.extendedKeyUsage, critical: false, value: sequence(...oids.map(oid)) }
}

/** Critical where the subject is empty, because then it is the only name (section 4.2.1.6). */
export function subjectAltName(names: readonly GeneralName[], critical = false): Extension {
  return { oid: EXTENSION.subjectAltName, critical, value: encodeGeneralNames(names) }
}

export function subjectKeyIdentifier(identifier: Uint8Array): Extension {
  return { oid: EXTENSION.subjectKeyIdentifier, critical: false, value: octetString(identifier) }
}

export function authorityKeyIdentifier(identifier: Uint8Array): Extension {
  return {
    oid: EXTENSION.authorityKeyIdentifier,
    critical: false,
    value: sequence(element(contextPrimitive(0), identifier)),
  }
}

export function crlDistributionPoint(...uris: readonly string[]): Extension {
  return { oid: EXTENSION.cRLDistributionPoints, critical: false, value: distributionPoints(uris) }
}

/** Where the delta of a CRL is (section 5.2.6). */
export function freshestCrl(...uris: readonly string[]): Extension {
  return { oid: EXTENSION.freshestCRL, critical: false, value: distributionPoints(uris) }
}

function distributionPoints(uris: readonly string[]): Uint8Array {
  const names = uris.map((uri) => encodeGeneralName({ kind: 'uri', uri }))
  return sequence(sequence(explicit(0, explicit(0, ...names))))
}

export interface AuthorityInfoAccess {
  readonly caIssuers?: readonly string[]
  readonly ocsp?: readonly string[]
}

export function authorityInfoAccess({ caIssuers = [], ocsp = [] }: AuthorityInfoAccess): Extension {
  const description = (method: string) => (uri: string) =>
    sequence(oid(method), encodeGeneralName({ kind: 'uri', uri }))
  return {
    oid: EXTENSION.authorityInfoAccess,
    critical: false,
    value: sequence(
      ...ocsp.map(description(ACCESS_METHOD.ocsp)),
      ...caIssuers.map(description(ACCESS_METHOD.caIssuers)),
    ),
  }
}

export function nameConstraints(
  permitted: readonly GeneralName[],
  excluded: readonly GeneralName[],
): Extension {
  const subtrees = (number: number, names: readonly GeneralName[]) =>
    names.length === 0
      ? []
      : [element(contextConstructed(number), ...names.map((name) => sequence(encodeGeneralName(name))))]
  return {
    oid: EXTENSION.nameConstraints,
    critical: true,
    value: sequence(...subtrees(0, permitted), ...subtrees(1, excluded)),
  }
}

export function certificatePolicies(...policies: readonly string[]): Extension {
  return {
    oid: EXTENSION.certificatePolicies,
    critical: false,
    value: sequence(...policies.map((policy) => sequence(oid(policy)))),
  }
}

export function policyMappings(...mappings: readonly PolicyMapping[]): Extension {
  return {
    oid: EXTENSION.policyMappings,
    critical: true,
    value: sequence(
      ...mappings.map(({ issuerDomain, subjectDomain }) => sequence(oid(issuerDomain), oid(subjectDomain))),
    ),
  }
}

export function policyConstraints(requireExplicitPolicy?: number, inhibitPolicyMapping?: number): Extension {
  const skip = (number: number, value: number | undefined) =>
    value === undefined ? [] : [element(contextPrimitive(number), integer(value).subarray(2))]
  return {
    oid: EXTENSION.policyConstraints,
    critical: true,
    value: sequence(...skip(0, requireExplicitPolicy), ...skip(1, inhibitPolicyMapping)),
  }
}

export function inhibitAnyPolicy(skipCerts: number): Extension {
  return { oid: EXTENSION.inhibitAnyPolicy, critical: true, value: integer(skipCerts) }
}

/** KB5014754: ties a certificate to an account that cannot be renamed into another one. */
export function sidExtension(sid: string): Extension {
  const name = encodeGeneralName({ kind: 'other', type: OTHER_NAME.sid, value: octetString(sidOctets(sid)) })
  return { oid: EXTENSION.ntdsCaSecurity, critical: false, value: sequence(name) }
}

/** RFC 6960 section 4.2.2.2.1: nobody asks whether the responder's own certificate is revoked. */
export function ocspNoCheck(): Extension {
  return { oid: OCSP.noCheck, critical: false, value: nullValue() }
}
