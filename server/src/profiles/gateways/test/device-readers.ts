import assert from 'node:assert/strict'
import type { GatewayKind } from '../../../config/schema.ts'
import type { ProfileFile } from '../../profile-output.ts'

/*
 * Small readers of the languages of devices, written from what is known of each language, not from the writers: where a
 * text ends, what its escapes mean. They find the shared secret where the device would.
 */

type Reader = (lines: readonly string[]) => readonly string[]

/** `key 0 SECRET`, `key SECRET`, `secret-key plaintext SECRET`: a word that a blank or the end of the line ends. */
const words =
  (...patterns: readonly RegExp[]): Reader =>
  (lines) =>
    lines.flatMap((line) => patterns.flatMap((pattern) => pattern.exec(line)?.[1] ?? []))

/** A RouterOS string: `\XX` is an octet, `$` begins a variable. */
function routerosString(line: string, key: string): string[] {
  const start = line.indexOf(`${key}="`)
  if (start < 0) return []
  const octets: number[] = []
  for (let at = start + key.length + 2; line[at] !== '"'; at++) {
    const letter = line[at]
    assert.ok(letter !== undefined, `a string without an end: ${line}`)
    assert.notEqual(letter, '$', 'a variable in a string')
    assert.notEqual(letter, '?', 'help in a string')
    if (letter !== '\\') {
      octets.push(letter.charCodeAt(0))
      continue
    }
    const hex = line.slice(at + 1, at + 3)
    assert.match(hex, /^[0-9A-F]{2}$/)
    octets.push(Number.parseInt(hex, 16))
    at += 2
  }
  return [Buffer.from(octets).toString()]
}

/** A quoted text of FortiOS: the backslash takes the meaning of what follows; the line ends with the quote. */
function fortiosStrings(line: string): string[] {
  const text = /^set (?:secondary-|tertiary-)?secret "(.*)"$/.exec(line)?.[1]
  if (text === undefined) return []
  assert.doesNotMatch(text.replace(/\\./g, ''), /["\\]/, `it ends before its end: ${line}`)
  return [text.replace(/\\(.)/g, '$1')]
}

/** A verbatim string of PowerShell: two quotes are one, and one ends it; the line has to end there. */
function powershellStrings(line: string): string[] {
  const text = /^\$secret = '(.*)'$/.exec(line)?.[1]
  if (text === undefined) return []
  assert.doesNotMatch(text.replaceAll("''", ''), /['\u2018-\u201b]/, `it ends before its end: ${line}`)
  return [text.replaceAll("''", "'")]
}

/** One text in double quotes, or bare up to the end of the line (strongswan.conf(5)). */
function strongswanStrings(line: string): string[] {
  const value = /^\s*secret = (.*)$/.exec(line)?.[1]
  if (value === undefined) return []
  if (!value.startsWith('"')) {
    assert.doesNotMatch(value, /[\s#{}"]/)
    return [value]
  }
  const inner = value.slice(1, -1)
  assert.ok(value.endsWith('"'), line)
  assert.doesNotMatch(inner.replace(/\\./gu, ''), /["\\]/, `it ends before its end: ${line}`)
  return [inner.replace(/\\(.)/gu, '$1')]
}

const IOS = words(/^ key 0 (\S+)$/, /^ client \S+ server-key 0 (\S+)$/)
/** Behind the ` = ` up to the end of the line: it is typed as it stands. */
const TYPED: Reader = words(/Secret = (.*)$/)

/** Shared secrets as the device reads them from its file, each time one stands there. */
export const SECRET_READERS: Readonly<Record<GatewayKind, Reader>> = {
  strongswan: (lines) => lines.flatMap(strongswanStrings),
  rras: (lines) => lines.flatMap(powershellStrings),
  'nps-proxy': (lines) => lines.flatMap(powershellStrings),
  mikrotik: (lines) => lines.flatMap((line) => routerosString(line, ' secret')),
  draytek: TYPED,
  opnsense: TYPED,
  pfsense: TYPED,
  fortigate: (lines) => lines.flatMap(fortiosStrings),
  'cisco-asa': words(/^ key (\S+)$/),
  'cisco-ios': IOS,
  hostapd: words(/^(?:auth|acct)_server_shared_secret=(.*)$/, /^radius_das_client=\S+ (.*)$/),
  unifi: TYPED,
  aruba: words(/ key plaintext (\S+) timeout /, /secret-key plaintext (\S+)$/),
}

/** Lines of the file that holds the secrets. */
export function secretLines(files: readonly ProfileFile[]): readonly string[] {
  const file = files.find(({ holdsSecret }) => holdsSecret)
  assert.ok(file !== undefined)
  return String(file.content)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
}
