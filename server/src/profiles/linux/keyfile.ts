/** Groups of a keyfile of NetworkManager in their order; a setting that is undefined is left out. */
export type Keyfile = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>

export function keyfileText(groups: Keyfile): string {
  return Object.entries(groups)
    .map(([group, settings]) => {
      const lines = Object.entries(settings).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${keyfileValue(value)}\n`],
      )
      return lines.length === 0 ? '' : `[${group}]\n${lines.join('')}`
    })
    .filter((text) => text !== '')
    .join('\n')
}

/** A value as GLib reads it (g_key_file_get_string): a backslash begins an escape, blanks at the ends are dropped. */
function keyfileValue(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/^ +| +$/g, (blanks) => '\\s'.repeat(blanks.length))
}

/** An SSID is octets: digits with semicolons would be read as numbers, so what is not plain is written as numbers. */
export function keyfileOctets(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(text)) return text
  return [...Buffer.from(text)].map((octet) => `${String(octet)};`).join('')
}
