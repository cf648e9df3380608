/**
 * The Value of an MD5-Challenge request or response (RFC 1994 section 4.1, as RFC 3748 section 5.4 carries it), or
 * undefined where Value-Size says more than there is. The Name after it is not needed: EAP has told the identity.
 */
export function parseMd5Value(data: Uint8Array): Uint8Array | undefined {
  const size = data[0]
  if (size === undefined || size === 0 || 1 + size > data.length) return undefined
  return data.subarray(1, 1 + size)
}
