import { randomBytes } from 'node:crypto'

/**
 * A random serial number: 20 octets whose first is 0x40-0x7f, thus positive, of 159 bits and never shorter
 * (RFC 5280 section 4.1.2.2 allows at most 20 octets). 158 of the bits are random.
 */
export function newSerialNumber(random: (size: number) => Uint8Array = randomBytes): Uint8Array {
  const serial = Uint8Array.from(random(20))
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40
  return serial
}
