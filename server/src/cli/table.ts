/** Text, or text with the colour to print it in. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string }

/** Columns under headings, each as wide as its longest cell; two spaces between. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const columns = new Columns(headings, rows)
  return [columns.heading, ...rows.map((row) => columns.row(row))].join('\n')
}

const GAP = '  '
const NARROWEST = 20

/** Columns as wide as the cells known at first, for a table that goes on: a longer cell later moves only its own row. */
export class Columns {
  readonly heading: string
  readonly #widths: readonly number[]
  readonly #elastic: number

  /** `elastic`: the column whose cells are cut where a line would be longer than `room` characters. */
  constructor(
    headings: readonly string[],
    rows: readonly (readonly Cell[])[],
    { elastic = -1, room = Number.POSITIVE_INFINITY }: { elastic?: number; room?: number } = {},
  ) {
    const lines = [headings.map((heading) => heading.toUpperCase()), ...rows]
    const widths = headings.map((_, column) => Math.max(...lines.map((line) => textOf(line[column]).length)))
    const excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room
    this.#widths = widths.map((width, column) =>
      column === elastic && excess > 0 ? Math.max(width - excess, Math.min(width, NARROWEST)) : width,
    )
    this.#elastic = elastic
    this.heading = this.row(lines[0] ?? [])
  }

  row(cells: readonly Cell[]): string {
    return this.#widths
      .map((width, column) => {
        const cell = cells[column]
        const text = column === this.#elastic ? cut(textOf(cell), width) : textOf(cell)
        const painted = typeof cell === 'object' ? cell.paint(text) : text
        return painted + ' '.repeat(Math.max(0, width - text.length))
      })
      .join(GAP)
      .trimEnd()
  }
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
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
