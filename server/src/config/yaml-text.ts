import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Problem } from './problem.ts'

/** Aliases multiply: ten levels of ten are ten thousand million values. */
const MAXIMUM_ALIASES = 100

/** A parsed YAML text that still knows its lines. JSON is YAML, too. */
export class YamlText {
  readonly problems: readonly Problem[]
  /** Plain data; undefined where the text has errors. */
  readonly value: unknown
  readonly #document: Document.Parsed
  readonly #lines = new LineCounter()

  constructor(text: string) {
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      // Its warnings go to the process and quote the text, which may be a secret; the schema complains instead.
      logLevel: 'error',
    })
    const problems = this.#document.errors.map((error) =>
      syntaxProblem(
        error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml-syntax',
        error.message,
        this.#lines.linePos(error.pos[0]).line,
      ),
    )
    if (problems.length === 0) {
      try {
        this.value = this.#document.toJS({ maxAliasCount: MAXIMUM_ALIASES })
      } catch (error) {
        problems.push(syntaxProblem('yaml-syntax', error instanceof Error ? error.message : String(error)))
      }
    }
    this.problems = problems
  }

  /** Line of a readable path, or of its object where the object lacks it; undefined where the text lacks the object. */
  lineOf(path: string): number | undefined {
    let node: unknown = this.#document.contents
    let found: Node | undefined
    for (const [depth, word] of path.split('/').entries()) {
      const step = isMap(node) ? pairOf(node, word) : isSeq(node) ? itemOf(node, word) : undefined
      if (step === undefined && depth < 2) return undefined
      if (step === undefined) break
      found = step.at
      node = step.value
    }
    const offset = found?.range?.[0]
    return offset === undefined ? undefined : this.#lines.linePos(offset).line
  }
}

function syntaxProblem(code: string, message: string, line?: number): Problem {
  return { path: '', severity: 'error', code, message, ...(line === undefined ? {} : { line }) }
}

type Step = { at: Node; value: unknown } | undefined

function pairOf(map: { items: readonly { key: unknown; value: unknown }[] }, key: string): Step {
  for (const pair of map.items) {
    if (isScalar(pair.key) && String(pair.key.value) === key) return { at: pair.key, value: pair.value }
  }
  return undefined
}

function itemOf(sequence: { items: readonly unknown[] }, word: string): Step {
  const named = sequence.items.find((item) => {
    const name = isMap(item) ? item.get('name') : undefined
    return name === word
  })
  const item = named ?? sequence.items[Number(word)]
  // Members of a parsed sequence are nodes.
  return item === undefined ? undefined : { at: item as Node, value: item }
}
