/** What an LDAP server writes, octet by octet, so that a hostile one can write it wrongly. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length =
    content.length < 0x80
      ? [content.length]
      : [0x84, content.length >>> 24, content.length >>> 16, content.length >>> 8, content.length]
  return Buffer.concat([Uint8Array.from([tag, ...length]), content])
}

export const text = (value: string, tag = 0x04): Buffer => tlv(tag, Buffer.from(value))
export const int = (value: number, tag = 0x02): Buffer =>
  tlv(tag, Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value))

export const message = (id: number, operation: Uint8Array): Buffer => tlv(0x30, int(id), operation)

export const result = (tag: number, code: number, diagnostic = '', ...more: Uint8Array[]): Buffer =>
  tlv(tag, Uint8Array.of(0x0a, 1, code), text(''), text(diagnostic), ...more)

export const bindResponse = (id: number, code: number, diagnostic = ''): Buffer =>
  message(id, result(0x61, code, diagnostic))
export const searchDone = (id: number, code = 0, diagnostic = '', ...more: Uint8Array[]): Buffer =>
  message(id, result(0x65, code, diagnostic, ...more))
export const extendedResponse = (id: number, code: number, name?: string): Buffer =>
  message(id, result(0x78, code, '', ...(name === undefined ? [] : [text(name, 0x8a)])))
export const searchReference = (id: number, url: string): Buffer => message(id, tlv(0x73, text(url)))

export function searchEntry(
  id: number,
  dn: string,
  attributes: Readonly<Record<string, readonly string[]>>,
): Buffer {
  const listed = Object.entries(attributes).map(([name, values]) =>
    tlv(0x30, text(name), tlv(0x31, ...values.map((value) => text(value)))),
  )
  return message(id, tlv(0x64, text(dn), tlv(0x30, ...listed)))
}
