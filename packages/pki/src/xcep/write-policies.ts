import { soapAnswer } from '../soap/soap-answer.ts'
import { XCEP, XSI } from '../xml/namespaces.ts'
import { tag, type XmlContent, type XmlText } from '../xml/write-xml.ts'
import { GET_POLICIES_RESPONSE } from './get-policies.ts'
import { type EnrolmentPolicy, OID_GROUP, type PolicyAuthority, type PolicyResponse } from './policy-model.ts'

/**
 * The answer to GetPolicies (MS-XCEP section 3.1.4.1.1.2). Windows wants every element, in this order; what has no value is
 * nil. Flag words are unsigned: a negative number makes it throw the whole answer away.
 */
export function writePolicies(response: PolicyResponse, relatesTo: string | undefined): string {
  const { policyId, friendlyName, nextUpdateHours, policies, authorities } = response
  const oids = new OidTable()
  const policyElements = policies.map((policy) => policyElement(policy, authorities, oids))
  return answer(
    relatesTo,
    tag(
      'response',
      {},
      tag('policyID', {}, policyId),
      tag('policyFriendlyName', {}, friendlyName),
      tag('nextUpdateHours', {}, nextUpdateHours),
      // cepces reads it as a number: nil where they have changed.
      nil('policiesNotChanged'),
      collection('policies', policyElements),
    ),
    // An authority nobody may ask for anything is of no use.
    collection('cAs', policies.length === 0 ? [] : authorities.map(authorityElement)),
    collection('oIDs', oids.elements()),
  )
}

/** Nothing changed since the client's `lastUpdate`. */
export function writeNotChanged(
  { policyId, friendlyName, nextUpdateHours }: Omit<PolicyResponse, 'policies' | 'authorities'>,
  relatesTo: string | undefined,
): string {
  return answer(
    relatesTo,
    tag(
      'response',
      {},
      tag('policyID', {}, policyId),
      tag('policyFriendlyName', {}, friendlyName),
      tag('nextUpdateHours', {}, nextUpdateHours),
      tag('policiesNotChanged', {}, true),
      nil('policies'),
    ),
    nil('cAs'),
    nil('oIDs'),
  )
}

function answer(relatesTo: string | undefined, ...content: readonly XmlText[]): string {
  return soapAnswer(
    GET_POLICIES_RESPONSE,
    relatesTo,
    tag('GetPoliciesResponse', { xmlns: XCEP, 'xmlns:xsi': XSI }, content),
  )
}

function policyElement(
  policy: EnrolmentPolicy,
  authorities: readonly PolicyAuthority[],
  oids: OidTable,
): XmlText {
  return tag(
    'policy',
    {},
    tag('policyOIDReference', {}, oids.reference(OID_GROUP.template, policy.oid, policy.commonName)),
    tag(
      'cAs',
      {},
      authorities.map((_authority, index) => tag('cAReference', {}, index)),
    ),
    tag('attributes', {}, attributes(policy, oids)),
  )
}

function attributes(policy: EnrolmentPolicy, oids: OidTable): readonly XmlContent[] {
  const { keyAlgorithmOid, hashAlgorithmOid, keyUsageProperty } = policy
  return [
    tag('commonName', {}, policy.commonName),
    tag('policySchema', {}, policy.schema),
    tag(
      'certificateValidity',
      {},
      tag('validityPeriodSeconds', {}, policy.validitySeconds),
      tag('renewalPeriodSeconds', {}, policy.renewalSeconds),
    ),
    tag('permission', {}, tag('enroll', {}, true), tag('autoEnroll', {}, policy.autoEnroll)),
    tag(
      'privateKeyAttributes',
      {},
      tag('minimalKeyLength', {}, policy.minimalKeyLength),
      nil('keySpec'),
      value('keyUsageProperty', keyUsageProperty),
      nil('permissions'),
      value('algorithmOIDReference', keyAlgorithmOid && oids.reference(OID_GROUP.publicKey, keyAlgorithmOid)),
      collection(
        'cryptoProviders',
        policy.providers.map((name) => tag('provider', {}, name)),
      ),
    ),
    tag(
      'revision',
      {},
      tag('majorRevision', {}, policy.majorRevision),
      tag('minorRevision', {}, policy.minorRevision),
    ),
    collection(
      'supersededPolicies',
      policy.supersedes.map((name) => tag('commonName', {}, name)),
    ),
    tag('privateKeyFlags', {}, policy.privateKeyFlags >>> 0),
    tag('subjectNameFlags', {}, policy.subjectNameFlags >>> 0),
    tag('enrollmentFlags', {}, policy.enrollmentFlags >>> 0),
    tag('generalFlags', {}, policy.generalFlags >>> 0),
    value('hashAlgorithmOIDReference', hashAlgorithmOid && oids.reference(OID_GROUP.hash, hashAlgorithmOid)),
    nil('rARequirements'),
    nil('keyArchivalAttributes'),
    collection(
      'extensions',
      policy.extensions.map(({ oid, critical, value: octets }) =>
        tag(
          'extension',
          {},
          tag('oIDReference', {}, oids.reference(OID_GROUP.extension, oid)),
          tag('critical', {}, critical),
          tag('value', {}, Buffer.from(octets).toString('base64')),
        ),
      ),
    ),
  ]
}

function authorityElement({ certificate, uris }: PolicyAuthority, index: number): XmlText {
  return tag(
    'cA',
    {},
    collection(
      'uris',
      uris.map(({ authentication, uri, priority, renewalOnly }) =>
        tag(
          'cAURI',
          {},
          tag('clientAuthentication', {}, authentication),
          tag('uri', {}, uri),
          tag('priority', {}, priority),
          tag('renewalOnly', {}, renewalOnly),
        ),
      ),
    ),
    tag('certificate', {}, Buffer.from(certificate).toString('base64')),
    tag('enrollPermission', {}, true),
    tag('cAReferenceID', {}, index),
  )
}

/** Each OID once, by the number the rest of the answer calls it. */
class OidTable {
  readonly #known = new Map<string, { readonly id: number; readonly element: XmlText }>()

  reference(group: number, oid: string, name?: string): number {
    const key = `${group} ${oid}`
    const known = this.#known.get(key)
    if (known !== undefined) return known.id
    const id = this.#known.size
    const element = tag(
      'oID',
      {},
      tag('value', {}, oid),
      tag('group', {}, group),
      tag('oIDReferenceID', {}, id),
      value('defaultName', name),
    )
    this.#known.set(key, { id, element })
    return id
  }

  elements(): readonly XmlText[] {
    return [...this.#known.values()].map(({ element }) => element)
  }
}

function nil(name: string): XmlText {
  return tag(name, { 'xsi:nil': 'true' })
}

function value(name: string, content: XmlContent | undefined): XmlText {
  return content === undefined || content === '' ? nil(name) : tag(name, {}, content)
}

function collection(name: string, members: readonly XmlText[]): XmlText {
  return members.length === 0 ? nil(name) : tag(name, {}, members)
}
