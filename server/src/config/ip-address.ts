/**
 * IP addresses as numbers, without an object for each: 32-bit words, one for IPv4, four for IPv6. An IPv4-mapped IPv6
 * address (RFC 4291 section 2.5.5.2) counts as IPv4, because a dual-stack socket reports IPv4 peers so.
 */
export type Family = 4 | 6

/** Reads an address (a zone `%eth0` is ignored) into `words`; 0: not an address. Unused words become 0. */
export function parseAddress(text: string, words: Uint32Array): Family | 0 {
  words.fill(0)
  if (text.includes(':')) return parseIpv6(text, words)
  return parseIpv4(text, 0, words, 0) ? 4 : 0
}

/** Dotted quad from `start` to the end of the text. */
function parseIpv4(text: string, start: number, words: Uint32Array, at: number): boolean {
  let value = 0
  let octet = -1
  let octets = 0
  for (let index = start; index <= text.length; index++) {
    const digit = index < text.length ? text.charCodeAt(index) - 0x30 : -2
    if (digit === -2) {
      // '.' or the end
      if (octet < 0) return false
      value = value * 256 + octet
      octet = -1
      if (++octets === 4) {
        words[at] = value
        return index === text.length
      }
    } else {
      // A leading zero is refused: some read it as octal.
      if (digit < 0 || digit > 9 || octet === 0) return false
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return false
    }
  }
  return false
}

/** RFC 4291 section 2.2, forms 1 to 3. */
function parseIpv6(text: string, words: Uint32Array): Family | 0 {
  let groups = 0
  let gap = -1
  let value = 0
  let digits = 0
  const zone = text.indexOf('%')
  const end = zone < 0 ? text.length : zone
  for (let index = 0; index <= end; index++) {
    const code = index < end ? text.charCodeAt(index) : -1
    const digit = hexDigit(code)
    if (digit >= 0) {
      value = value * 16 + digit
      if (++digits > 4) return 0
      continue
    }
    if (code === 0x2e) {
      // '.': the last two groups are a dotted quad, and this is somewhere in its first octet.
      if (zone >= 0 || groups > 6 || !parseIpv4(text, index - digits, words, 3)) return 0
      const quad = words[3] ?? 0
      words[3] = 0
      putGroup(words, groups++, quad >>> 16)
      putGroup(words, groups++, quad & 0xffff)
      digits = 0
      break
    }
    if (code !== 0x3a && code !== -1) return 0
    if (digits > 0) {
      if (groups === 8) return 0
      putGroup(words, groups++, value)
      value = 0
      digits = 0
      if (code === -1) break
      if (index + 1 === end) return 0 // ends in a single ':'
    } else if (code === -1) {
      break
    } else {
      // '::', at the start written with both colons here.
      if (index === 0 && text.charCodeAt(++index) !== 0x3a) return 0
      if (gap >= 0) return 0
      gap = groups
    }
  }
  if (gap < 0 ? groups !== 8 : groups > 7) return 0
  if (gap >= 0) openGap(words, gap, groups)
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) {
    words[0] = words[3] ?? 0
    words[2] = 0
    words[3] = 0
    return 4
  }
  return 6
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return code > 0 && lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function putGroup(words: Uint32Array, group: number, value: number): void {
  const at = group >> 1
  words[at] = (words[at] ?? 0) | (group % 2 === 0 ? value << 16 : value)
}

/** Moves the groups after '::' to the end. */
function openGap(words: Uint32Array, gap: number, groups: number): void {
  const after: number[] = []
  for (let group = gap; group < groups; group++) {
    const word = words[group >> 1] ?? 0
    after.push(group % 2 === 0 ? word >>> 16 : word & 0xffff)
  }
  for (let group = gap; group < 8; group++) {
    const at = group >> 1
    words[at] = (words[at] ?? 0) & (group % 2 === 0 ? 0x0000ffff : 0xffff0000)
  }
  after.forEach((value, index) => {
    putGroup(words, 8 - after.length + index, value)
  })
}

/** The bits of word `index` that a prefix of this length covers. */
export function prefixMask(prefixLength: number, index: number): number {
  const bits = Math.min(32, Math.max(0, prefixLength - index * 32))
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

/** RFC 5952 for IPv6. */
export function formatAddress(words: Uint32Array, family: Family): string {
  if (family === 4) {
    const value = words[0] ?? 0
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
  }
  const groups = Array.from(words, (word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`)
  // The URL parser of the platform writes the canonical form (in brackets).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
