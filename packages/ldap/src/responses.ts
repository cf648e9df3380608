import { BerReader } from './ber-reader.ts'
import { Entry, type EntryAttribute } from './entry.ts'
import { malformed } from './ldap-error.ts'
import { OID, TAG } from './tags.ts'

/** LDAPResult (RFC 4511 section 4.1.9). */
export interface LdapResult {
  readonly code: number
  /** For people; servers write what they like. */
  readonly message: string
  /** What the password policy has against the account (draft-behera-ldap-password-policy-10 section 6.2); of a bind. */
  readonly policy?: PasswordPolicyFault
}

export type PasswordPolicyFault = 'expired' | 'locked' | 'must-change'

/** `error` of PasswordPolicyResponseValue; the others are about changing a password. */
const POLICY_FAULTS: Readonly<Record<number, PasswordPolicyFault>> = {
  0: 'expired',
  1: 'locked',
  2: 'must-change',
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
      return { kind: 'bind', id, result: readBind(message) }
    case TAG.searchEntry:
      return { kind: 'entry', id, entry: readEntry(message.enter(tag, 'SearchResultEntry')) }
    case TAG.searchReference:
      return { kind: 'reference', id }
    case TAG.searchDone: {
      const result = readResult(message.enter(tag, 'SearchResultDone'))
      const cookie = readControl(message, OID.pagedResults, readCookie)
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

function readBind(message: BerReader): LdapResult {
  const result = readResult(message.enter(TAG.bindResponse, 'BindResponse'))
  const policy = readControl(message, OID.passwordPolicy, readPolicyFault)
  return policy === undefined ? result : { ...result, policy }
}

/** Of the control of this type, where the server sent one. */
function readControl<T>(
  message: BerReader,
  type: string,
  read: (value: BerReader) => T | undefined,
): T | undefined {
  const controls = message.optional(TAG.controls, 'controls')
  if (controls === undefined) return undefined
  const reader = new BerReader(controls)
  while (!reader.done) {
    const control = reader.enter(TAG.sequence, 'control')
    if (control.text('controlType') !== type) continue
    control.optional(TAG.boolean, 'criticality')
    return read(control.enter(TAG.octetString, 'controlValue'))
  }
  return undefined
}

/** RFC 2696: size and cookie. */
function readCookie(value: BerReader): Uint8Array {
  const page = value.enter(TAG.sequence, 'realSearchControlValue')
  page.integer('size')
  return page.content(TAG.octetString, 'cookie').slice()
}

function readPolicyFault(value: BerReader): PasswordPolicyFault | undefined {
  const policy = value.enter(TAG.sequence, 'PasswordPolicyResponseValue')
  policy.optional(TAG.policyWarning, 'warning')
  return policy.nextTag === TAG.policyError
    ? POLICY_FAULTS[policy.integer('error', TAG.policyError)]
    : undefined
}
