/** Text, or text with the colour to print it in. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string }

/** Columns under headings, each as wide as its longest cell; two spaces between. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [headings.map((heading) => heading.toUpperCase()), ...rows]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => textOf(line[column]).length)))
  return lines.map((line) => rowOf(line, widths)).join('\n')
}

function rowOf(line: readonly Cell[], widths: readonly number[]): string {
  return widths
    .map((width, column) => {
      const cell = line[column]
      const text = textOf(cell)
      const painted = typeof cell === 'object' ? cell.paint(text) : text
      return painted + ' '.repeat(width - text.length)
    })
    .join('  ')
    .trimEnd()
}

function textOf(cell: Cell | undefined): string {
  return oneLine(typeof cell === 'object' ? cell.text : (cell ?? ''))
}

/** Names and attributes come from strangers: they must not move the cursor or forge a row. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}

/** `2026-01-05T09:00:00.000Z` -> `2026-01-05 09:00:00` in local time. */
export function localTime(instant: string | undefined): string {
  if (instant === undefined) return '-'
  const date = new Date(instant)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

export function octetCount(octets: number): string {
  if (octets < 1000) return `${octets} B`
  const units = ['kB', 'MB', 'GB', 'TB', 'PB']
  let value = octets / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}

export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min` : `${seconds} s`
}
