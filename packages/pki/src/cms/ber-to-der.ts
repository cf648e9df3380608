import { concat } from '@sallyport/bytes'
import { element } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'

/** A CMC request nests some 20 deep. */
const DEEPEST = 64
const INDEFINITE = 0x80
const CONSTRUCTED = 0x20
const CONSTRUCTED_OCTETS = TAG.octetString | CONSTRUCTED

/**
 * CMS may travel in BER (RFC 5652 section 2), and Java and NSS write it: indefinite lengths, octet strings in pieces, lengths
 * longer than need be. Everything else here reads DER alone, so CMS passes through this first. What is DER already comes out
 * as it went in, and so does what the signature of a certificate inside covers. Work is bounded by length times depth.
 */
export function berToDer(octets: Uint8Array): Uint8Array {
  const { encoded, end } = convert(octets, 0, 0)
  if (end !== octets.length) throw malformed(`BER: ${octets.length - end} octets too many`)
  return encoded
}

interface Converted {
  readonly encoded: Uint8Array
  /** Offset behind the element. */
  readonly end: number
}

function convert(octets: Uint8Array, start: number, depth: number): Converted {
  if (depth > DEEPEST) throw malformed(`BER nested deeper than ${DEEPEST}`)
  const tag = at(octets, start)
  if ((tag & 0x1f) === 0x1f) throw malformed(`tag number above 30 at offset ${start}`)
  if (at(octets, start + 1) === INDEFINITE) return convertIndefinite(octets, start, tag, depth)
  const { length, from, shortest } = definiteLength(octets, start)
  const end = from + length
  if (end > octets.length) throw malformed(`BER element at offset ${start} is cut short`)
  if ((tag & CONSTRUCTED) === 0) {
    const encoded = shortest ? octets.subarray(start, end) : element(tag, octets.subarray(from, end))
    return { encoded, end }
  }
  const { parts, changed } = convertMembers(octets.subarray(0, end), from, depth, false)
  if (!changed && shortest && tag !== CONSTRUCTED_OCTETS) {
    return { encoded: octets.subarray(start, end), end }
  }
  return { encoded: rebuilt(tag, parts), end }
}

function convertIndefinite(octets: Uint8Array, start: number, tag: number, depth: number): Converted {
  if ((tag & CONSTRUCTED) === 0) throw malformed(`indefinite length of a primitive at offset ${start}`)
  const { parts, end } = convertMembers(octets, start + 2, depth, true)
  return { encoded: rebuilt(tag, parts), end }
}

function convertMembers(octets: Uint8Array, from: number, depth: number, untilEndMark: boolean) {
  const parts: Uint8Array[] = []
  let changed = false
  let offset = from
  for (;;) {
    if (untilEndMark && at(octets, offset) === 0 && at(octets, offset + 1) === 0) {
      return { parts, changed: true, end: offset + 2 }
    }
    if (!untilEndMark && offset === octets.length) return { parts, changed, end: offset }
    const member = convert(octets, offset, depth + 1)
    if (member.encoded.length !== member.end - offset || member.encoded.buffer !== octets.buffer)
      changed = true
    parts.push(member.encoded)
    offset = member.end
  }
}

/** X.690 section 10.2: strings are primitive in DER. The pieces are primitive already, the depth saw to it. */
function rebuilt(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  return tag === CONSTRUCTED_OCTETS ? element(TAG.octetString, joinedOctets(parts)) : element(tag, ...parts)
}

/** The value of an octet string that came in pieces, each of them in DER. */
export function joinedOctets(pieces: readonly Uint8Array[]): Uint8Array {
  const contents = pieces.map((piece) => {
    if (piece[0] !== TAG.octetString) throw malformed('octet string with a piece that is none')
    return piece.subarray(definiteLength(piece, 0).from)
  })
  return concat(...contents)
}

function definiteLength(octets: Uint8Array, start: number) {
  const first = at(octets, start + 1)
  if (first < 0x80) return { length: first, from: start + 2, shortest: true }
  const count = first & 0x7f
  if (count > 4) throw malformed(`length of ${count} octets at offset ${start}`)
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + at(octets, start + 2 + i)
  return { length, from: start + 2 + count, shortest: length >= 0x80 && length >= 256 ** (count - 1) }
}

function at(octets: Uint8Array, offset: number): number {
  const octet = octets[offset]
  if (octet === undefined) throw malformed(`BER ends at offset ${offset}`)
  return octet
}
