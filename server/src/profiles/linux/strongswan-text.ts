/** Settings of strongSwan: sections in braces, one setting a line (strongswan.conf(5)). */
export interface Section {
  readonly [name: string]: string | Section
}

const BARE = /^[A-Za-z0-9._/][A-Za-z0-9._/,-]*$/

export function settingsText(section: Section, depth = 0): string {
  const indent = '  '.repeat(depth)
  return Object.entries(section)
    .map(([name, value]) =>
      typeof value === 'string'
        ? `${indent}${name} = ${settingValue(value)}\n`
        : `${indent}${name} {\n${settingsText(value, depth + 1)}${indent}}\n`,
    )
    .join('')
}

/** Quoted unless plain; inside quotes a backslash takes the meaning from what follows. */
export function settingValue(text: string): string {
  return BARE.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/**
 * An identity whose kind is said: without it `10.0.0.1` becomes an address, `a=b` a distinguished name and `%any` matches
 * everybody. What is not plain is written in hex (swanctl.conf(5), local.id).
 */
export function typedIdentity(name: string, kind = name.includes('@') ? 'email' : 'fqdn'): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9._@+-]*$/.test(name)
  return isPlain ? `${kind}:${name}` : `${kind}:#${Buffer.from(name).toString('hex')}`
}
