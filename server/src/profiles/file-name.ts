/** A file name made of any text: ASCII letters, digits, `-`, `_`, `.`; never empty, hidden or a device of Windows. */
export function fileName(text: string, extension: string): string {
  const ascii = text.normalize('NFKD').replace(/\p{M}/gu, '')
  const name = ascii
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MOST_CHARACTERS)
  const isTaken = name === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name)
  return `${isTaken ? `connection${name === '' ? '' : `-${name}`}` : name}.${extension}`
}

const MOST_CHARACTERS = 60
