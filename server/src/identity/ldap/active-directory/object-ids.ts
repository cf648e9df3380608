import { fromHex, toHex } from '@sallyport/bytes'

/**
 * Text of a security identifier, `S-1-5-21-...` (MS-DTYP section 2.4.2.2): revision, count, 48 bits of authority high octet
 * first, then as many sub-authorities of 32 bits low octet first. Undefined: these octets are no SID.
 */
export function sidText(octets: Uint8Array): string | undefined {
  const [revision, count] = octets
  if (revision !== 1 || count === undefined || count > 15 || octets.length !== 8 + 4 * count) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4)
  const parts = Array.from({ length: count }, (_, index) => view.getUint32(8 + 4 * index, true))
  return ['S', revision, authority, ...parts].join('-')
}

/** The SID of an account of the same domain, given one of its accounts' SIDs and a relative identifier (primaryGroupID). */
export function sidInDomain(account: Uint8Array, rid: number): Uint8Array | undefined {
  if (sidText(account) === undefined || account.length < 12) return undefined
  const sid = Uint8Array.from(account)
  new DataView(sid.buffer).setUint32(sid.length - 4, rid, true)
  return sid
}

/** Text of an objectGUID as Windows writes it (MS-DTYP section 2.3.4): the first three fields are low octet first. */
export function guidText(octets: Uint8Array): string | undefined {
  if (octets.length !== 16) return undefined
  const hex = (from: number, to: number, reverse = false): string => {
    // Octets of a connection are a Buffer, whose slice is no copy: what is turned round must be one.
    const part = octets.subarray(from, to)
    return toHex(reverse ? part.toReversed() : part)
  }
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10), hex(10, 16)].join('-')
}

/** Octets of the text `guidText` makes; undefined: it is no GUID. */
export function guidOctets(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return undefined
  const octets = fromHex(text.replaceAll('-', ''))
  for (const [from, to] of [
    [0, 4],
    [4, 6],
    [6, 8],
  ] as const)
    octets.subarray(from, to).reverse()
  return octets
}
