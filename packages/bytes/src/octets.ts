const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Lower-case hex without separators. */
export function toHex(octets: Uint8Array): string {
  return octets.toHex()
}

/** Reads hex; white space and colons between octets are allowed. Throws SyntaxError on anything else. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(text.replace(/[\s:]/g, ''))
}

/** Strict UTF-8: returns undefined where the octets are not valid UTF-8. */
export function toUtf8(octets: Uint8Array): string | undefined {
  const short = octets.length <= SHORT ? toAscii(octets) : undefined
  if (short !== undefined) return short
  try {
    return decoder.decode(octets)
  } catch {
    return undefined
  }
}

export function fromUtf8(text: string): Uint8Array<ArrayBuffer> {
  return (text.length <= SHORT ? fromAscii(text) : undefined) ?? encoder.encode(text)
}

/** Names and the like: a loop over so few characters is several times faster than a call of the encoder. */
const SHORT = 64

/** Undefined where an octet is not ASCII. */
function toAscii(octets: Uint8Array): string | undefined {
  let text = ''
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number
    if (octet > 0x7f) return undefined
    text += String.fromCharCode(octet)
  }
  return text
}

/** Undefined where a character is not ASCII. */
function fromAscii(text: string): Uint8Array<ArrayBuffer> | undefined {
  const octets = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return undefined
    octets[i] = code
  }
  return octets
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Overwrites key material that is no longer needed. */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0)
}
