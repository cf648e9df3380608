/** Milliseconds since the epoch as the API writes them. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** `{ [name]: value }`, or nothing where there is no value: absent and undefined are different things in an answer. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): { readonly [key in Name]?: Value } {
  return (value === null || value === undefined ? {} : { [name]: value }) as {
    readonly [key in Name]?: Value
  }
}
