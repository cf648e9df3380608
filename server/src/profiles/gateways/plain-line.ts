/** A name for a comment or a sentence of a text file: one line, nothing that turns the reading direction. */
export function plainLine(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?')
}

/** A name for a place that takes only letters, digits and `-`: an object of a device, a section, a comment of a rule. */
export function objectName(text: string, instead: string): string {
  const ascii = text.normalize('NFKD').replace(/\p{M}/gu, '')
  const name = ascii.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  return name === '' ? instead : name.slice(0, 31).replace(/-+$/, '')
}

/** Different texts may come out as the same name: each after the first gets the next number that is free. */
export function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let number = 2; taken.has(own); number++) own = `${name}-${String(number)}`
    taken.add(own)
    return own
  })
}
