/**
 * A small reader of PowerShell for tests, from the lexical part of the language specification (chapter 2). It shares nothing
 * with what writes scripts. It knows strings, here-strings, comments, variables, words and marks; that is enough to see where
 * a string ends.
 */
export interface Token {
  readonly kind: 'verbatim' | 'expandable' | 'comment' | 'variable' | 'word' | 'mark' | 'newline'
  /** As it stands in the script. */
  readonly text: string
  /** What a verbatim string is. */
  readonly value: string
}

/** 2.3.5.2: any of them begins and ends a verbatim string. */
const SINGLE = new Set(["'", '\u2018', '\u2019', '\u201a', '\u201b'])
const DOUBLE = new Set(['"', '\u201c', '\u201d', '\u201e'])
const NEWLINE = /\r\n|\r|\n/y
/** 2.2.2: white space, and a backtick before the end of a line. */
const SPACE = /(?:[\t\v\f\u0085\p{Zs}\p{Zl}\p{Zp}]|`(?:\r\n|\r|\n))+/uy
const VARIABLE = /\$(?:\{[^}]+\}|[$?^]|(?:\w+:)?\w+)|@\w+/uy
const WORD =
  /[^\s:'"`$@(){}[\],;|&=<>\u2018-\u201b\u201c-\u201e#][^\s'"`$(){}[\],;|&=\u2018-\u201b\u201c-\u201e]*/uy
const MARK = /::|:|\+\+|--|@\(|@\{|\$\(|[(){}[\],;|&=<>@$`"]/y

export function powershellTokens(script: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(script)?.[0]
  }
  const take = (kind: Token['kind'], text: string, value = text) => {
    tokens.push({ kind, text, value })
    at += text.length
  }
  while (at < script.length) {
    const letter = script[at] ?? ''
    const space = match(SPACE)
    const newline = match(NEWLINE)
    if (space !== undefined) at += space.length
    else if (newline !== undefined) take('newline', newline)
    else if (script.startsWith('<#', at)) take('comment', blockComment(script, at))
    else if (letter === '#') take('comment', match(/#[^\r\n]*/y) ?? '')
    else if (letter === '@' && (SINGLE.has(script[at + 1] ?? '') || DOUBLE.has(script[at + 1] ?? ''))) {
      const [text, value] = hereString(script, at)
      take(SINGLE.has(script[at + 1] ?? '') ? 'verbatim' : 'expandable', text, value)
    } else if (SINGLE.has(letter)) {
      const [text, value] = verbatim(script, at)
      take('verbatim', text, value)
    } else if (DOUBLE.has(letter)) take('expandable', expandable(script, at))
    else {
      const variable = match(VARIABLE)
      const word = match(WORD)
      const mark = match(MARK)
      if (variable !== undefined) take('variable', variable)
      else if (word !== undefined) take('word', word)
      else if (mark !== undefined) take('mark', mark)
      else throw new SyntaxError(`unknown at ${String(at)}: ${script.slice(at, at + 20)}`)
    }
  }
  return tokens
}

/** Two of them inside are one; which one is the first. */
function verbatim(script: string, start: number): [text: string, value: string] {
  let value = ''
  for (let at = start + 1; at < script.length; at++) {
    const letter = script[at] ?? ''
    if (!SINGLE.has(letter)) value += letter
    else if (SINGLE.has(script[at + 1] ?? '')) {
      value += letter
      at++
    } else return [script.slice(start, at + 1), value]
  }
  throw new SyntaxError(`a string without an end at ${String(start)}`)
}

function expandable(script: string, start: number): string {
  for (let at = start + 1; at < script.length; at++) {
    const letter = script[at] ?? ''
    if (letter === '`') at++
    else if (script.startsWith('$(', at)) at = subexpression(script, at)
    else if (DOUBLE.has(letter)) {
      if (!DOUBLE.has(script[at + 1] ?? '')) return script.slice(start, at + 1)
      at++
    }
  }
  throw new SyntaxError(`a string without an end at ${String(start)}`)
}

/** @returns where its closing bracket is */
function subexpression(script: string, start: number): number {
  let depth = 0
  for (let at = start; at < script.length; at++) {
    const letter = script[at] ?? ''
    if (SINGLE.has(letter)) at += verbatim(script, at)[0].length - 1
    else if (DOUBLE.has(letter)) at += expandable(script, at).length - 1
    else if (letter === '(') depth++
    else if (letter === ')' && --depth === 0) return at
  }
  throw new SyntaxError(`a subexpression without an end at ${String(start)}`)
}

/** 2.3.5.2: nothing but space behind the opening; the closing stands at the beginning of a line. */
function hereString(script: string, start: number): [text: string, value: string] {
  const kinds = SINGLE.has(script[start + 1] ?? '') ? SINGLE : DOUBLE
  const opening = /@.[ \t]*(?:\r\n|\r|\n)/y
  opening.lastIndex = start
  const begin = start + (opening.exec(script)?.[0].length ?? 0)
  if (begin === start) throw new SyntaxError(`text behind the opening of a here-string at ${String(start)}`)
  const end = /(?:\r\n|\r|\n)(.)@/gy
  for (let at = begin; at < script.length; at++) {
    end.lastIndex = at
    const found = end.exec(script)
    if (found !== null && kinds.has(found[1] ?? ''))
      return [script.slice(start, at + found[0].length), script.slice(begin, at)]
  }
  throw new SyntaxError(`a here-string without an end at ${String(start)}`)
}

function blockComment(script: string, start: number): string {
  const end = script.indexOf('#>', start)
  if (end < 0) throw new SyntaxError(`a comment without an end at ${String(start)}`)
  return script.slice(start, end + 2)
}
