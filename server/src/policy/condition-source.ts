import type { ASTNode } from '@marcbachmann/cel-js'
import { ENVIRONMENT } from './fact-view.ts'

/**
 * The text of one part of a condition, as the administrator wrote it; undefined where it cannot be told for sure. (The
 * ranges of cel-js leave out parentheses at the ends of a part, and its serializer drops some that matter, as in
 * `10 - (a - 1)`. So the range is widened until the parentheses balance, and the text must parse to the same tree.)
 */
export function sourceOf(node: ASTNode): string | undefined {
  const text = widen(node.input, node.start, node.end)
  if (text === undefined) return undefined
  try {
    return isSame(ENVIRONMENT.parse(text).ast, node) ? text : undefined
  } catch {
    return undefined
  }
}

/** Takes in the parentheses that the text needs to balance. */
function widen(input: string, start: number, end: number): string | undefined {
  const { unopened, unclosed } = imbalance(input.slice(start, end))
  let from = start
  for (let missing = unopened; missing > 0; missing--) {
    from = input.slice(0, from).trimEnd().length - 1
    if (input[from] !== '(') return undefined
  }
  let to = end
  for (let missing = unclosed; missing > 0; missing--) {
    to += input.slice(to).length - input.slice(to).trimStart().length
    if (input[to++] !== ')') return undefined
  }
  return input.slice(from, to).trim()
}

/** String literals, comments, and parentheses outside them. */
const TOKEN = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*|[()]/gs

function imbalance(text: string): { unopened: number; unclosed: number } {
  let unopened = 0
  let unclosed = 0
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '(') unclosed++
    else if (token === ')') {
      if (unclosed > 0) unclosed--
      else unopened++
    }
  }
  return { unopened, unclosed }
}

/** Same operators, names and values, wherever they stand. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  }
  if (isNode(a) && isNode(b)) return a.op === b.op && isSame(a.args, b.args)
  if (typeof a === 'object' && a !== null) return JSON.stringify(a) === JSON.stringify(b)
  return a === b
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}
