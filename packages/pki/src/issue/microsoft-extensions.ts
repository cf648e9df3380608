import type { Extension } from '../certificate/extension.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { element, integer, oid, sequence } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { EXTENSION } from '../oids.ts'
import { invalidRequest, malformed } from '../pki-error.ts'

/** Extensions by which Windows knows the template of a certificate (MS-WCCE section 2.2.2.7.7). */

export interface TemplateInformation {
  readonly oid: string
  readonly major?: number
  readonly minor?: number
}

/** CertificateTemplateOID: SEQUENCE { templateID, major, minor }. */
export function templateInformation({ oid: id, major, minor }: TemplateInformation): Extension {
  const numbers = [major, minor].filter((number) => number !== undefined)
  return {
    oid: EXTENSION.certificateTemplate,
    critical: false,
    value: sequence(oid(id), ...numbers.map((number) => integer(number))),
  }
}

export function readTemplateInformation(value: Uint8Array): TemplateInformation {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'template information').content)
  const id = expectOid(reader, 'template')
  const major = reader.optional(TAG.integer)
  const minor = reader.optional(TAG.integer)
  reader.finish('template information')
  return {
    oid: id,
    ...(major !== undefined && { major: readSmallInteger(major) }),
    ...(minor !== undefined && { minor: readSmallInteger(minor) }),
  }
}

/** The name alone, of templates of version 1; requests name any template by it. */
export function templateName(name: string): Extension {
  return { oid: EXTENSION.certificateTemplateName, critical: false, value: bmpString(name) }
}

/** BMPString as Windows writes it; other clients write UTF8String or PrintableString. */
export function readTemplateName(value: Uint8Array): string {
  const reader = new DerReader(value)
  const text = readText(reader)
  reader.finish('template name')
  return text
}

/** Of the same syntax as certificatePolicies, one for each extended key usage. */
export function applicationPolicies(...usages: readonly string[]): Extension {
  return {
    oid: EXTENSION.applicationPolicies,
    critical: false,
    value: sequence(...usages.map((usage) => sequence(oid(usage)))),
  }
}

export function readApplicationPolicies(value: Uint8Array): string[] {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'application policies').content)
  const usages: string[] = []
  while (!reader.done) {
    const information = reader.enter(TAG.sequence, 'application policy')
    usages.push(expectOid(information, 'application policy'))
    information.optional(TAG.sequence) // qualifiers are for people
    information.finish('application policy')
  }
  return usages
}

/** Enrolment name-value pairs of a request: `values` are the contents of the attribute's SETs (MS-WCCE 2.2.2.7.10). */
export function readNameValuePairs(
  values: readonly Uint8Array[],
): (readonly [name: string, value: string])[] {
  return values.flatMap((set) => {
    const reader = new DerReader(set)
    const pairs: (readonly [string, string])[] = []
    while (!reader.done) {
      const pair = reader.enter(TAG.sequence, 'name-value pair')
      pairs.push([readText(pair), readText(pair)])
      pair.finish('name-value pair')
    }
    return pairs
  })
}

/** One value of the attribute, DER. */
export function nameValuePair(name: string, value: string): Uint8Array {
  return sequence(bmpString(name), bmpString(value))
}

function bmpString(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text) || [...text].some((character) => character.length > 1)) {
    throw invalidRequest(`'${text}' has characters a BMPString cannot hold`)
  }
  const octets = new Uint8Array(text.length * 2)
  const view = new DataView(octets.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i))
  return element(TAG.bmpString, octets)
}

function readText(reader: DerReader): string {
  const { tag, content } = reader.any()
  switch (tag) {
    case TAG.bmpString:
      if (content.length % 2 !== 0) throw malformed('BMPString cut short')
      return new TextDecoder('utf-16be').decode(content)
    case TAG.utf8String:
    case TAG.printableString:
    case TAG.ia5String:
      return new TextDecoder().decode(content)
    default:
      throw malformed(`text with tag 0x${tag.toString(16)}`)
  }
}
