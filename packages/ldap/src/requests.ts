import { boolean, integer, text, tlv } from './ber-writer.ts'
import { encodeFilter } from './filter-encoder.ts'
import { OID, TAG } from './tags.ts'

const VERSION = integer(3)
const PASSWORD_POLICY = tlv(TAG.sequence, text(OID.passwordPolicy))
const SCOPES = { base: 0, one: 1, sub: 2 } as const

export interface SearchRequest {
  readonly base: string
  readonly scope: 'base' | 'one' | 'sub'
  /** RFC 4515. */
  readonly filter: string
  readonly attributes: readonly string[]
  /** 0: no limit of ours. */
  readonly sizeLimit: number
  /** 0: no limit of ours. */
  readonly timeLimitSeconds: number
  /** Ask for a page (RFC 2696); an empty cookie asks for the first. */
  readonly page?: { readonly size: number; readonly cookie: Uint8Array }
  /** Deleted objects too ([MS-ADTS] 3.1.1.3.4.1.14). A server that does not know it passes over it. */
  readonly showDeleted?: boolean
}

/**
 * Simple bind (RFC 4511 section 4.2). The password is octets: whoever typed it knows in which encoding. Servers with a
 * password policy are asked to say what it has against the account; others pass over that.
 */
export function bindRequest(id: number, dn: string, password: Uint8Array): Uint8Array<ArrayBuffer> {
  const operation = tlv(TAG.bindRequest, VERSION, text(dn), tlv(TAG.simple, password))
  return message(id, operation, PASSWORD_POLICY)
}

/** Aliases are not followed: a bind as their target would be a bind as somebody else. @throws LdapError `invalid-filter` */
export function searchRequest(id: number, search: SearchRequest): Uint8Array<ArrayBuffer> {
  const { base, scope, filter, attributes, sizeLimit, timeLimitSeconds, page, showDeleted } = search
  const operation = tlv(
    TAG.searchRequest,
    text(base),
    integer(SCOPES[scope], TAG.enumerated),
    integer(0, TAG.enumerated),
    integer(sizeLimit),
    integer(timeLimitSeconds),
    boolean(false),
    encodeFilter(filter),
    tlv(TAG.sequence, ...attributes.map((attribute) => text(attribute))),
  )
  return message(
    id,
    operation,
    ...(page === undefined ? [] : [pageControl(page)]),
    ...(showDeleted === true ? [tlv(TAG.sequence, text(OID.showDeleted))] : []),
  )
}

function pageControl({ size, cookie }: NonNullable<SearchRequest['page']>): Uint8Array {
  const value = tlv(TAG.sequence, integer(size), tlv(TAG.octetString, cookie))
  // Critical: a server that cannot do pages would send all of them at once.
  return tlv(TAG.sequence, text(OID.pagedResults), boolean(true), tlv(TAG.octetString, value))
}

export function startTlsRequest(id: number): Uint8Array<ArrayBuffer> {
  return message(id, tlv(TAG.extendedRequest, text(OID.startTls, TAG.requestName)))
}

export function unbindRequest(id: number): Uint8Array<ArrayBuffer> {
  return message(id, tlv(TAG.unbindRequest))
}

/** There is no answer to it (section 4.11), and what was on its way still comes. */
export function abandonRequest(id: number, abandoned: number): Uint8Array<ArrayBuffer> {
  return message(id, integer(abandoned, TAG.abandonRequest))
}

function message(id: number, operation: Uint8Array, ...controls: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const listed = controls.length === 0 ? [] : [tlv(TAG.controls, ...controls)]
  return tlv(TAG.sequence, integer(id), operation, ...listed)
}
