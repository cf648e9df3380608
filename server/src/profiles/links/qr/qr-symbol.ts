import { codewords } from './qr-codewords.ts'
import { QR_VERSIONS, type QrVersion } from './qr-tables.ts'

/** Rows of dark modules. */
export type QrSymbol = readonly (readonly boolean[])[]

type Grid = (boolean | undefined)[][]

/** A QR code of a text in UTF-8 (ISO/IEC 18004), error correction M; undefined: it is too long. */
export function qrSymbol(text: string): QrSymbol | undefined {
  const octets = Buffer.from(text)
  const version = QR_VERSIONS.find(({ number, blocks }) => {
    const header = number < 10 ? 2 : 3
    return octets.length + header <= blocks.reduce((sum, size) => sum + size, 0)
  })
  if (version === undefined) return undefined
  const words = codewords(octets, version)
  const symbols = Array.from(MASKS, (_, mask) => draw(version, words, mask))
  return symbols.reduce((best, symbol) => (penalty(symbol) < penalty(best) ? symbol : best))
}

/** Section 7.8.2. */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

function draw(version: QrVersion, words: Uint8Array, mask: number): QrSymbol {
  const size = version.number * 4 + 17
  const grid: Grid = Array.from({ length: size }, () => new Array<boolean | undefined>(size).fill(undefined))
  drawPatterns(grid, version)
  drawFormat(grid, mask)
  if (version.number >= 7) drawVersion(grid, version.number)
  drawWords(grid, words, MASKS[mask] ?? (() => false))
  return grid.map((row) => row.map((module) => module ?? false))
}

function set(grid: Grid, row: number, column: number, isDark: boolean): void {
  const line = grid[row]
  if (line !== undefined && column >= 0 && column < line.length) line[column] = isDark
}

/** Finder, timing and alignment patterns, and the module that is always dark (section 6.3). */
function drawPatterns(grid: Grid, { alignment, number }: QrVersion): void {
  const last = grid.length - 7
  for (const [top, left] of [
    [0, 0],
    [0, last],
    [last, 0],
  ] as const) {
    for (let row = -1; row <= 7; row++) {
      for (let column = -1; column <= 7; column++) {
        const ring = Math.max(Math.abs(row - 3), Math.abs(column - 3))
        set(grid, top + row, left + column, ring !== 2 && ring !== 4)
      }
    }
  }
  for (const row of alignment) {
    for (const column of alignment) {
      const isAtFinder = grid[row]?.[column] !== undefined
      for (let y = -2; y <= 2 && !isAtFinder; y++) {
        for (let x = -2; x <= 2; x++) set(grid, row + y, column + x, Math.max(Math.abs(y), Math.abs(x)) !== 1)
      }
    }
  }
  for (let at = 8; at < grid.length - 8; at++) {
    set(grid, 6, at, at % 2 === 0)
    set(grid, at, 6, at % 2 === 0)
  }
  set(grid, number * 4 + 9, 8, true)
}

/** Level M is 00; BCH (15,5) and the mask of section 7.9.1; twice, for either may be damaged. */
function drawFormat(grid: Grid, mask: number): void {
  const bits = ((mask << 10) | remainderOf(mask << 10, 0x537)) ^ 0x5412
  const size = grid.length
  for (let i = 0; i < 15; i++) {
    const isDark = ((bits >> i) & 1) === 1
    const alongColumn = i < 6 ? i : i < 8 ? i + 1 : size - 15 + i
    const alongRow = i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i
    set(grid, alongColumn, 8, isDark)
    set(grid, 8, alongRow, isDark)
  }
}

/** BCH (18,6) of section 7.10. */
function drawVersion(grid: Grid, number: number): void {
  const bits = (number << 12) | remainderOf(number << 12, 0x1f25)
  for (let i = 0; i < 18; i++) {
    const isDark = ((bits >> i) & 1) === 1
    const [near, far] = [Math.floor(i / 3), grid.length - 11 + (i % 3)]
    set(grid, near, far, isDark)
    set(grid, far, near, isDark)
  }
}

function remainderOf(bits: number, polynomial: number): number {
  const degree = 31 - Math.clz32(polynomial)
  let rest = bits
  while (rest !== 0 && 31 - Math.clz32(rest) >= degree) rest ^= polynomial << (31 - Math.clz32(rest) - degree)
  return rest
}

/** Pairs of columns from the right, up and down in turn, past the timing column (section 7.7.3). */
function drawWords(grid: Grid, words: Uint8Array, mask: (row: number, column: number) => boolean): void {
  const size = grid.length
  let bit = 0
  let isUp = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const row = isUp ? size - 1 - step : step
      for (const column of [right, right - 1]) {
        if (grid[row]?.[column] !== undefined) continue
        const isDark = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1
        set(grid, row, column, isDark !== mask(row, column))
        bit++
      }
    }
    isUp = !isUp
  }
}

/** Section 7.8.3: what is hard to read costs. */
function penalty(symbol: QrSymbol): number {
  const size = symbol.length
  const at = (row: number, column: number): boolean => symbol[row]?.[column] ?? false
  const columns = symbol.map((_, column) => symbol.map((_row, row) => at(row, column)))
  let cost = 0
  for (const line of [...symbol, ...columns]) {
    const text = line.map((isDark) => (isDark ? '1' : '0')).join('')
    for (const run of text.match(/0+|1+/g) ?? []) if (run.length >= 5) cost += run.length - 2
    for (let i = 0; i + 11 <= size; i++) {
      const eleven = text.slice(i, i + 11)
      if (eleven === '10111010000' || eleven === '00001011101') cost += 40
    }
  }
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const four = [at(row, column), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1)]
      if (four.every((isDark) => isDark === four[0])) cost += 3
    }
  }
  const dark = symbol.flat().filter(Boolean).length
  return cost + 10 * Math.floor(Math.abs((dark * 100) / (size * size) - 50) / 5)
}
