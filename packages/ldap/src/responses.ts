import { BerReader } from './ber-reader.ts'
import { Entry, type EntryAttribute } from './entry.ts'
import { malformed } from './ldap-error.ts'
import { OID, TAG } from './tags.ts'

/** LDAPResult (RFC 4511 section 4.1.9). */
export interface LdapResult {
  readonly code: number
  /** For people; servers write what they like. */
  readonly message: string
}

export type LdapResponse =
  | { readonly kind: 'bind'; readonly id: number; readonly result: LdapResult }
  | {
      readonly kind: 'extended'
      readonly id: number
      readonly result: LdapResult
      readonly name?: string
    }
  | { readonly kind: 'entry'; readonly id: number; readonly entry: Entry }
  /** Where to go on searching. Read over: this client goes where its configuration says, nowhere else. */
  | { readonly kind: 'reference'; readonly id: number }
  | {
      readonly kind: 'done'
      readonly id: number
      readonly result: LdapResult
      /** Of RFC 2696; empty or absent: there are no more pages. */
      readonly cookie?: Uint8Array
    }

/** One message of a server. @throws LdapError `malformed` */
export function readResponse(octets: Uint8Array): LdapResponse {
  const message = new BerReader(octets).enter(TAG.sequence, 'LDAPMessage')
  const id = message.integer('messageID')
  if (id < 0) throw malformed(`messageID ${id}`)
  const tag = message.nextTag
  switch (tag) {
    case TAG.bindResponse:
      return { kind: 'bind', id, result: readResult(message.enter(tag, 'BindResponse')) }
    case TAG.searchEntry:
      return { kind: 'entry', id, entry: readEntry(message.enter(tag, 'SearchResultEntry')) }
    case TAG.searchReference:
      return { kind: 'reference', id }
    case TAG.searchDone: {
      const result = readResult(message.enter(tag, 'SearchResultDone'))
      const cookie = readCookie(message)
      return cookie === undefined ? { kind: 'done', id, result } : { kind: 'done', id, result, cookie }
    }
    case TAG.extendedResponse: {
      const operation = message.enter(tag, 'ExtendedResponse')
      const result = readResult(operation)
      if (operation.nextTag !== TAG.responseName) return { kind: 'extended', id, result }
      return { kind: 'extended', id, result, name: operation.text('responseName', TAG.responseName) }
    }
    default:
      throw malformed(`operation 0x${tag.toString(16)} is none this client asks for`)
  }
}

function readResult(operation: BerReader): LdapResult {
  const code = operation.integer('resultCode', TAG.enumerated)
  operation.text('matchedDN')
  const message = operation.text('diagnosticMessage')
  operation.optional(TAG.referral, 'referral')
  // Servers end it with NUL.
  return { code, message: message.replace(/\0+$/, '') }
}

function readEntry(operation: BerReader): Entry {
  const dn = operation.text('objectName')
  const attributes = operation.enter(TAG.sequence, 'attributes')
  const found: EntryAttribute[] = []
  while (!attributes.done) {
    const attribute = attributes.enter(TAG.sequence, 'attribute')
    const name = attribute.text('type')
    const set = attribute.enter(TAG.set, 'vals')
    const values: Uint8Array[] = []
    while (!set.done) values.push(set.content(TAG.octetString, 'value'))
    found.push({ name, values })
  }
  return new Entry(dn, found)
}

function readCookie(message: BerReader): Uint8Array | undefined {
  const controls = message.optional(TAG.controls, 'controls')
  if (controls === undefined) return undefined
  const reader = new BerReader(controls)
  while (!reader.done) {
    const control = reader.enter(TAG.sequence, 'control')
    if (control.text('controlType') !== OID.pagedResults) continue
    control.optional(TAG.boolean, 'criticality')
    const value = control.enter(TAG.octetString, 'controlValue').enter(TAG.sequence, 'realSearchControlValue')
    value.integer('size')
    return value.content(TAG.octetString, 'cookie').slice()
  }
  return undefined
}
