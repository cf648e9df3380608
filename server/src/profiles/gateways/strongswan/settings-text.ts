/** A section of strongswan.conf or swanctl.conf: keys with values, or sections in it. */
export type Section = readonly (readonly [key: string, value: string | number | Section])[]

/** What may stand without quotes: nothing that ends a value, begins a comment or is read otherwise. */
const BARE = /^[A-Za-z0-9%.,:/@_-]+$/

/**
 * The settings language of strongSwan (strongswan.conf(5)). One brace a line, as its older parsers want. In quotes only the
 * backslash and the quote mean something.
 */
export function settingsText(section: Section, depth = 0): string {
  const indent = '  '.repeat(depth)
  return section
    .map(([key, value]) =>
      typeof value === 'object'
        ? `${indent}${key} {\n${settingsText(value, depth + 1)}${indent}}\n`
        : `${indent}${key} = ${valueText(String(value))}\n`,
    )
    .join('')
}

function valueText(value: string): string {
  if (BARE.test(value)) return value
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
