/** RFC 8555 section 6.1: base64url without padding, and nothing else. Undefined where it is not exactly that. */
export function decodeBase64url(text: unknown): Buffer | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined
  const octets = Buffer.from(text, 'base64url')
  // Also stray bits at the end are refused: a text has one meaning, and a meaning one text.
  return octets.toString('base64url') === text ? octets : undefined
}

/** A JSON object in UTF-8; undefined for anything else. */
export function readJsonObject(octets: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>) // looked at one line above
      : undefined
  } catch {
    return undefined
  }
}
