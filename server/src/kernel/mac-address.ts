/** The ways equipment writes a MAC address, and the name each has in the configuration. Upper and lower case are one. */
export const MAC_FORMATS = ['plain', 'colon', 'hyphen', 'dot', 'hyphen-half', 'hyphen-quarter'] as const

/**
 * `plain` aabbccddeeff; `colon` aa:bb:cc:dd:ee:ff; `hyphen` aa-bb-cc-dd-ee-ff (IEEE 802, RFC 3580); `dot` aabb.ccdd.eeff
 * (Cisco); `hyphen-half` aabbcc-ddeeff (HP ProCurve); `hyphen-quarter` aabb-ccdd-eeff (Huawei, H3C).
 */
export type MacFormat = (typeof MAC_FORMATS)[number]

/** A MAC address as the house keeps and compares it. */
export interface ReadMac {
  /** Twelve lower-case hexadecimal digits. */
  readonly mac: string
  readonly format: MacFormat
}

/** By separator and length of the written address: each format has a pair of its own. */
const LAYOUTS: readonly { readonly format: MacFormat; readonly separator: string; readonly group: number }[] =
  [
    { format: 'plain', separator: '', group: 12 },
    { format: 'colon', separator: ':', group: 2 },
    { format: 'hyphen', separator: '-', group: 2 },
    { format: 'dot', separator: '.', group: 4 },
    { format: 'hyphen-half', separator: '-', group: 6 },
    { format: 'hyphen-quarter', separator: '-', group: 4 },
  ]

/**
 * The MAC address a text is, whole: nothing before, nothing after. Undefined for anything else, for the zero address and
 * for group addresses (broadcast, multicast): no device has one as its own (IEEE 802-2014 section 8.2).
 */
export function readMac(text: string): ReadMac | undefined {
  return text.length > LONGEST ? undefined : readPrefix(text, text.length)
}

/** Like `readMac`, the address alone. */
export function normaliseMac(text: string): string | undefined {
  return readMac(text)?.mac
}

/**
 * The MAC address of a Calling-Station-Id or Called-Station-Id: the address, or the address, a colon and an SSID
 * (RFC 3580 section 3.20), which some access points put into both.
 */
export function normaliseStationMac(text: string): string | undefined {
  for (const { separator, group } of LAYOUTS) {
    const length = writtenLength(separator, group)
    if (text.length !== length && text.charCodeAt(length) !== COLON) continue
    const read = readPrefix(text, length)
    if (read !== undefined) return read.mac
  }
  return undefined
}

/** For people and for equipment: `aabbccddeeff` in any of the formats. */
export function formatMac(mac: string, format: MacFormat = 'colon'): string {
  const layout = LAYOUTS.find((candidate) => candidate.format === format)
  if (layout === undefined || layout.separator === '') return mac
  const groups: string[] = []
  for (let at = 0; at < DIGITS; at += layout.group) groups.push(mac.slice(at, at + layout.group))
  return groups.join(layout.separator)
}

const DIGITS = 12
const LONGEST = 17
const COLON = 0x3a

function writtenLength(separator: string, group: number): number {
  return separator === '' ? DIGITS : DIGITS + DIGITS / group - 1
}

function readPrefix(text: string, length: number): ReadMac | undefined {
  for (const { format, separator, group } of LAYOUTS) {
    if (writtenLength(separator, group) !== length) continue
    const mac = digitsOf(text, length, separator, group)
    if (mac !== undefined) return isIndividual(mac) ? { mac, format } : undefined
  }
  return undefined
}

function digitsOf(text: string, length: number, separator: string, group: number): string | undefined {
  let mac = ''
  for (let at = 0; at < length; at++) {
    const character = text.charAt(at)
    if (separator !== '' && at % (group + 1) === group) {
      if (character !== separator) return undefined
    } else if (isHexDigit(text.charCodeAt(at))) mac += character
    else return undefined
  }
  return mac.toLowerCase()
}

function isHexDigit(code: number): boolean {
  const isNumber = code >= 0x30 && code <= 0x39
  const letter = code | 0x20
  return isNumber || (letter >= 0x61 && letter <= 0x66)
}

/** The lowest bit of the first octet marks a group address. */
function isIndividual(mac: string): boolean {
  return (Number.parseInt(mac.charAt(1), 16) & 1) === 0 && mac !== '000000000000'
}
