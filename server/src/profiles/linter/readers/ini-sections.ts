export interface IniSection {
  readonly name: string
  readonly values: ReadonlyMap<string, string>
}

/** Sections of a key file (rasphone.pbk, NetworkManager); the last value of a key counts. */
export function iniSections(text: string): readonly IniSection[] {
  const sections: { name: string; values: Map<string, string> }[] = []
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    const [, name] = /^\[(.*)\]$/.exec(line) ?? []
    if (name !== undefined) sections.push({ name, values: new Map() })
    const equals = line.indexOf('=')
    if (name !== undefined || equals < 1 || /^[#;]/.test(line)) continue
    sections.at(-1)?.values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return sections
}
