/** IPv4 and IPv6 addresses between octets and text. No name resolution, no ports, no zones. */

/** Four octets, or undefined where the text is not four decimal numbers without leading zeros. */
export function parseIpv4(text: string): Uint8Array<ArrayBuffer> | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const octets = new Uint8Array(4)
  for (const [i, part] of parts.entries()) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    octets[i] = Number(part)
  }
  return octets
}

export function formatIpv4(octets: Uint8Array): string {
  return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`
}

/** Sixteen octets, or undefined. Takes `::` and an IPv4 tail (RFC 4291 section 2.2). */
export function parseIpv6(text: string): Uint8Array<ArrayBuffer> | undefined {
  let source = text
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (tail !== null) {
    const v4 = parseIpv4(tail[2] as string)
    if (v4 === undefined) return undefined
    const [a, b, c, d] = v4 as unknown as [number, number, number, number] // four octets, made above
    source = `${tail[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  }
  const halves = source.split('::')
  if (halves.length > 2) return undefined
  const [head, rest] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[]?]
  const groups = rest === undefined ? head : [...head, ...zeros(8 - head.length - rest.length), ...rest]
  if (groups.length !== 8 || (rest !== undefined && head.length + rest.length > 7)) return undefined
  const octets = new Uint8Array(16)
  for (const [i, group] of groups.entries()) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    const value = Number.parseInt(group, 16)
    octets[i * 2] = value >>> 8
    octets[i * 2 + 1] = value & 0xff
  }
  return octets
}

function zeros(count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => '0')
}

/** Lower case, the longest run of two or more zero groups shortened to `::` (RFC 5952 section 4). */
export function formatIpv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((octets[i * 2] as number) << 8) | (octets[i * 2 + 1] as number)).toString(16),
  )
  let start = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (groups[i + run] === '0') run++
    if (run > length) {
      start = i
      length = run
    }
    i += run
  }
  if (start < 0) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

/** Whether every bit after the first `bits` is zero. */
export function isMasked(octets: Uint8Array, bits: number): boolean {
  for (let i = 0; i < octets.length; i++) {
    const kept = Math.min(8, Math.max(0, bits - i * 8))
    if (((octets[i] as number) & (0xff >>> kept)) !== 0) return false
  }
  return true
}
