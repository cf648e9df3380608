/** RFC 4043 section 2.1: the otherName of what a maker calls a device. */
export const PERMANENT_IDENTIFIER = '1.3.6.1.5.5.7.8.3'

const LONGEST = 64

/** PermanentIdentifier ::= SEQUENCE { identifierValue UTF8String }: short enough that each length is one octet. */
export function writePermanentIdentifier(value: string): Uint8Array {
  const text = Buffer.from(value, 'utf8')
  if (text.length === 0 || text.length > LONGEST)
    throw new RangeError('a permanent identifier has 1 to 64 octets')
  return Buffer.concat([Buffer.from([0x30, text.length + 2, 0x0c, text.length]), text])
}

/** Undefined where it is not of the form above: with an assigner, say, it is another name. */
export function readPermanentIdentifier(octets: Uint8Array): string | undefined {
  const [sequence, outer, string, inner] = octets
  const isWhole =
    sequence === 0x30 && outer === octets.length - 2 && string === 0x0c && inner === octets.length - 4
  if (!isWhole || inner === 0 || inner > LONGEST) return undefined
  const text = Buffer.from(octets.subarray(4)).toString('utf8')
  return /^[!-~]+$/.test(text) ? text : undefined
}
