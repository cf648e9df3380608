/** PostgreSQL keeps no NUL in a text (SQLSTATE 22021), and some devices end theirs with one. */
export function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text
}
