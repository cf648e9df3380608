import { Writer } from '@sallyport/bytes'
import { EapType } from './eap-type.ts'

/** RFC 3748 section 4. */
export const EapCode = { Request: 1, Response: 2, Success: 3, Failure: 4 } as const

/** A Request or Response. `data` is the type-data, a view into the octets that were parsed. */
export interface EapMessage {
  readonly code: typeof EapCode.Request | typeof EapCode.Response
  readonly identifier: number
  /** Expanded types of the IETF (vendor 0) are folded into the type they name (RFC 3748 section 5.7). */
  readonly type: number
  /** Present when the packet was of Expanded type, whoever's vendor it is. */
  readonly expanded?: { readonly vendor: number; readonly type: number }
  readonly data: Uint8Array
}

/** Success or Failure: no data (RFC 3748 section 4.2). */
export interface EapOutcome {
  readonly code: typeof EapCode.Success | typeof EapCode.Failure
  readonly identifier: number
}

export type EapMalformed =
  | 'shorter-than-header'
  | 'length-beyond-packet'
  | 'length-too-short'
  | 'unknown-code'
  | 'outcome-with-data'
  | 'expanded-type-too-short'

export type ParsedEap =
  | { readonly ok: true; readonly packet: EapMessage | EapOutcome }
  | { readonly ok: false; readonly malformed: EapMalformed }

const HEADER = 4
const EXPANDED_HEADER = 7

/**
 * Reads one EAP packet (RFC 3748 section 4). A Length below the real one is link-layer padding and is cut off; a Length
 * beyond it, like everything else that is not well-formed, is to be silently discarded by the caller.
 */
export function parseEap(octets: Uint8Array): ParsedEap {
  if (octets.length < HEADER) return malformed('shorter-than-header')
  const [code, identifier, high, low] = octets as unknown as [number, number, number, number]
  const length = (high << 8) | low
  if (length > octets.length) return malformed('length-beyond-packet')
  if (length < HEADER) return malformed('length-too-short')
  switch (code) {
    case EapCode.Success:
    case EapCode.Failure:
      if (length !== HEADER) return malformed('outcome-with-data')
      return { ok: true, packet: { code, identifier } }
    case EapCode.Request:
    case EapCode.Response:
      if (length === HEADER) return malformed('length-too-short')
      return parseMessage(code, identifier, octets.subarray(HEADER, length))
    default:
      return malformed('unknown-code')
  }
}

function parseMessage(code: EapMessage['code'], identifier: number, body: Uint8Array): ParsedEap {
  const type = body[0] as number
  const data = body.subarray(1)
  if (type !== EapType.Expanded) return { ok: true, packet: { code, identifier, type, data } }
  if (data.length < EXPANDED_HEADER) return malformed('expanded-type-too-short')
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const expanded = { vendor: view.getUint32(0) >>> 8, type: view.getUint32(3) }
  const inner = data.subarray(EXPANDED_HEADER)
  const folded = expanded.vendor === 0 && expanded.type < EapType.Expanded ? expanded.type : type
  return { ok: true, packet: { code, identifier, type: folded, expanded, data: inner } }
}

function malformed(what: EapMalformed): ParsedEap {
  return { ok: false, malformed: what }
}

/** An EAP-Request. Throws Overflow where the packet would pass 65,535 octets. */
export function encodeRequest(identifier: number, type: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeMessage(EapCode.Request, identifier, type, data)
}

/** An EAP-Response. Throws Overflow where the packet would pass 65,535 octets. */
export function encodeResponse(identifier: number, type: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeMessage(EapCode.Response, identifier, type, data)
}

function encodeMessage(code: number, identifier: number, type: number, data: Uint8Array) {
  const length = HEADER + 1 + data.length
  return new Writer(length).u8(code).u8(identifier).u16(length).u8(type).bytes(data).finish()
}

export function encodeSuccess(identifier: number): Uint8Array<ArrayBuffer> {
  return new Writer(HEADER).u8(EapCode.Success).u8(identifier).u16(HEADER).finish()
}

export function encodeFailure(identifier: number): Uint8Array<ArrayBuffer> {
  return new Writer(HEADER).u8(EapCode.Failure).u8(identifier).u16(HEADER).finish()
}
