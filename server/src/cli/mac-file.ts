import { type MacItem, macItemSchema } from '../identity/mac/mac-item.ts'
import { normaliseMac } from '../kernel/mac-address.ts'
import { CliError } from './cli-error.ts'

/** Columns a file may have, in any order, named by its first line; other columns become attributes. */
const COLUMNS = ['mac', 'description', 'groups', 'owner', 'disabled', 'expiresAt'] as const
/** Without a first line of names. */
const DEFAULT_COLUMNS = ['mac', 'description', 'groups', 'owner']

/**
 * Reads MAC addresses from CSV (RFC 4180; comma, semicolon or tab), or from a plain list of one address a line. Groups are
 * separated by `|`. Throws CliError with the line of the first thing wrong: a half import is nobody's wish.
 */
export function readMacFile(text: string): MacItem[] {
  const rows = csvRows(text.replace(/^\uFEFF/, ''))
  const [first] = rows
  if (first === undefined) return []
  const isNamed = first.cells.every((cell) => normaliseMac(cell.trim()) === undefined)
  const names = isNamed ? first.cells.map(columnName) : DEFAULT_COLUMNS
  if (isNamed && !names.includes('mac')) {
    throw new CliError(`Line 1 names no column "mac", and none of its cells is a MAC address.`)
  }
  return rows.slice(isNamed ? 1 : 0).map(({ cells, line }) => readRow(names, cells, line))
}

function columnName(text: string): string {
  const name = text.trim()
  const known = COLUMNS.find((column) => column.toLowerCase() === name.toLowerCase())
  return known ?? (/^(mac[ _-]?address|address)$/i.test(name) ? 'mac' : name)
}

function readRow(names: readonly string[], cells: readonly string[], line: number): MacItem {
  const item: Record<string, unknown> = {}
  const attributes: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const cell = (cells[index] ?? '').trim()
    if (cell === '' || name === '') continue
    if (name === 'groups') item.groups = cell.split('|').map((group) => group.trim())
    else if (name === 'disabled') item.disabled = /^(1|true|yes)$/i.test(cell)
    else if (name === 'expiresAt')
      item.expiresAt = /^\d{4}-\d\d-\d\d$/.test(cell) ? `${cell}T00:00:00Z` : cell
    else if (name === 'attributes') Object.assign(attributes, attributesFrom(cell, line))
    else if ((COLUMNS as readonly string[]).includes(name)) item[name] = cell
    else attributes[name] = cell
  }
  const parsed = macItemSchema.safeParse({ ...item, attributes })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new CliError(`Line ${line}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`)
}

/** As `macs export` writes them: all in one cell. */
function attributesFrom(cell: string, line: number): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    throw new CliError(`Line ${line}: attributes: not a JSON object such as {"room":"2.14"}`)
  }
}

interface Row {
  readonly cells: readonly string[]
  readonly line: number
}

function csvRows(text: string): Row[] {
  const separator = [';', '\t'].find((candidate) => text.split('\n', 1)[0]?.includes(candidate)) ?? ','
  const rows: Row[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = 1
  let startedAt = 1
  const endRow = (): void => {
    cells.push(cell)
    if (cells.some((each) => each.trim() !== '') && !cells[0]?.startsWith('#')) {
      rows.push({ cells, line: startedAt })
    }
    cells = []
    cell = ''
    startedAt = line + 1
  }
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at)
      else isQuoted = false
    } else if (character === '"' && cell.trim() === '') {
      isQuoted = true
      cell = ''
    } else if (character === separator) {
      cells.push(cell)
      cell = ''
    } else if (character === '\n') endRow()
    else if (character !== '\r') cell += character
    if (character === '\n') line++
  }
  if (isQuoted) throw new CliError(`Line ${startedAt}: a quoted cell does not end.`)
  endRow()
  return rows
}

/** One row of what `readMacFile` reads back. */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}
