/**
 * RC4, for the encrypted password block of MS-CHAPv2's change-password packet and nothing else: the cipher is broken
 * (RFC 7465), and OpenSSL 3 keeps it in a provider that is not loaded.
 * Enciphers or deciphers `data` from the start of the key stream. Throws RangeError on a key outside 1 to 256 octets.
 */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  if (key.length < 1 || key.length > 256) throw new RangeError(`RC4 key of ${key.length} octets`)
  const s = new Uint8Array(256)
  for (let i = 0; i < 256; i++) s[i] = i
  for (let i = 0, j = 0; i < 256; i++) {
    const si = s[i] as number // s has 256 entries and every index is an octet
    j = (j + si + (key[i % key.length] as number)) & 0xff
    s[i] = s[j] as number
    s[j] = si
  }
  const out = new Uint8Array(data.length)
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 0xff
    const si = s[i] as number
    j = (j + si) & 0xff
    const sj = s[j] as number
    s[i] = sj
    s[j] = si
    out[n] = (data[n] as number) ^ (s[(si + sj) & 0xff] as number)
  }
  s.fill(0)
  return out
}
