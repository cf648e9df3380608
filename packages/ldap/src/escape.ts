/**
 * An LDAP filter whose values cannot be mistaken for syntax (RFC 4515 section 3): filter`(&(uid=${user})(o=${name}))`.
 * Octets (an objectSid) are written as such.
 */
export function filter(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Uint8Array)[]
): string {
  let whole = parts[0] as string
  for (const [index, value] of values.entries())
    whole +=
      (typeof value === 'object' ? octetsInFilter(value) : textInFilter(String(value))) + parts[index + 1]
  return whole
}

export function textInFilter(value: string): string {
  return value.replace(
    /[\0()*\\]/g,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

export function octetsInFilter(value: Uint8Array): string {
  return value.toHex().replace(/../g, '\\$&')
}

/** A value inside a distinguished name (RFC 4514 section 2.4). */
export function textInDn(value: string): string {
  return value.replace(/["+,;<=>\\\0]|^[ #]| $/g, (character) =>
    character === '\0' ? '\\00' : `\\${character}`,
  )
}
