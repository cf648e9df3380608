import assert from 'node:assert/strict'
import type { Field } from '../../testing/golden.ts'

const ESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' }

/** Reads a key file of GLib by itself (Desktop Entry Specification, "Basic format"): `vpn/user` and its value. */
export function readKeyfile(text: string): readonly Field[] {
  let group = ''
  return text.split('\n').flatMap((line): Field[] => {
    if (line === '' || line.startsWith('#')) return []
    const opened = /^\[([^[\]]+)\]$/.exec(line)?.[1]
    if (opened !== undefined) {
      group = opened
      return []
    }
    const at = line.indexOf('=')
    assert.ok(at > 0 && group !== '', `not a line of a key file: ${line}`)
    const value = line
      .slice(at + 1)
      .trimStart()
      .replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? assert.fail(`no such escape: \\${letter}`))
    return [[`${group}/${line.slice(0, at)}`, value]]
  })
}
