import { createHash } from 'node:crypto'
import { concat, toHex } from '@sallyport/bytes'
import { SECRET } from './door.ts'
import { walk } from './requests.ts'

const MICROSOFT = '00000137'

/**
 * What of an Access-Request proves who somebody is, as a text: two requests of the same text prove the same. Read with no
 * code of the product, so that it can say of an altered packet whether an accept is right.
 */
export function proofOctets(datagram: Uint8Array): string {
  const packet = datagram.subarray(0, ((datagram[2] ?? 0) << 8) | (datagram[3] ?? 0))
  const attributes = [...walk(packet)]
  const first = (type: number) => attributes.find((attribute) => attribute.type === type)?.value
  const eap = attributes.filter(({ type }) => type === 79).map(({ value }) => value)
  if (eap.length > 0) return `eap ${eapProof(concat(...eap))}`
  const microsoft = new Map(
    attributes.flatMap(({ type, value }) => (type === 26 ? microsoftOf(value) : [])).reverse(),
  )
  const authenticator = packet.subarray(4, 20)
  const [password, chap] = [first(2), first(3)]
  const [mschap, mschapv2] = [microsoft.get(1), microsoft.get(25)]
  const parts = [
    `name ${Buffer.from(first(1) ?? [])
      .toString('utf8')
      .toLowerCase()}`,
  ]
  if (password !== undefined) parts.push(`pap ${papPassword(password, authenticator)}`)
  if (chap !== undefined) parts.push(`chap ${toHex(chap)} ${toHex(first(60) ?? authenticator)}`)
  const challenge = toHex(microsoft.get(11) ?? new Uint8Array(0))
  // Ident, the LM response and reserved octets prove nothing (RFC 2548 sections 2.1.3 and 2.3.2).
  if (mschap !== undefined) parts.push(`mschap ${challenge} ${toHex(mschap.subarray(26))} ${mschap[1]}`)
  if (mschapv2 !== undefined)
    parts.push(`mschapv2 ${challenge} ${toHex(mschapv2.subarray(2, 18))} ${toHex(mschapv2.subarray(26))}`)
  return parts.join('; ')
}

/** Vendor type and value of everything in one Vendor-Specific of Microsoft. */
function microsoftOf(value: Uint8Array): [number, Uint8Array][] {
  if (toHex(value.subarray(0, 4)) !== MICROSOFT) return []
  const inside: [number, Uint8Array][] = []
  for (let at = 4; at + 2 <= value.length; ) {
    const length = value[at + 1] as number
    if (length < 2 || at + length > value.length) break
    inside.push([value[at] as number, value.subarray(at + 2, at + length)])
    at += length
  }
  return inside
}

/** RFC 2865 section 5.2. */
function papPassword(hidden: Uint8Array, authenticator: Uint8Array): string {
  let before = authenticator
  const clear: number[] = []
  for (let at = 0; at < hidden.length; at += 16) {
    const pad = createHash('md5').update(SECRET).update(before).digest()
    const block = hidden.subarray(at, at + 16)
    clear.push(...block.map((octet, index) => octet ^ (pad[index] as number)))
    before = block
  }
  return Buffer.from(clear).toString('latin1').replace(/\0+$/, '')
}

/** Code, identifier, and of the type-data what the method rests on. */
function eapProof(octets: Uint8Array): string {
  const packet = octets.subarray(0, ((octets[2] ?? 0) << 8) | (octets[3] ?? 0))
  const [code, identifier, , , type = 0] = packet
  const data = packet.subarray(5)
  return `${code} ${identifier} ${type} ${toHex(typeDataProof(type, data))}`
}

function typeDataProof(type: number, data: Uint8Array): Uint8Array {
  switch (type) {
    case 4: // MD5: value size and value; the name behind them is for nobody.
      return data.subarray(0, 17)
    case 26: // MSCHAPv2: of the last word, that the peer took ours as right, the code is all there is.
      return data[0] === 3 ? data.subarray(0, 1) : data
    case 13:
    case 21:
    case 25:
      return tlsRecords(data)
    default:
      return data
  }
}

/** The records of a flight without their version, which nothing protects (RFC 5246 section 6.2.1). */
function tlsRecords(data: Uint8Array): Uint8Array {
  const hasLength = ((data[0] ?? 0) & 0x80) !== 0
  const records = data.slice(hasLength ? 5 : 1)
  for (let at = 0; at + 5 <= records.length; ) {
    records.fill(0, at + 1, at + 3)
    at += 5 + (((records[at + 3] as number) << 8) | (records[at + 4] as number))
  }
  return records
}
