import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

/** One field of a file as an independent reader sees it; or one line of a script. */
export type Field = readonly [path: string, value: string]

interface GoldenRow {
  readonly path: string
  readonly value: string
}

const WHY = ' <- '
/** Where a field's name and value come from, as in the reference: verified, specified, third-party code, memory; or a choice of ours. */
const MARK = /\[(V|S|C|M|ours)\]$/

/**
 * A golden file is written by hand, out of a specification or by the real tool; never printed by what it tests. A line
 * for a field, in their order:
 *
 *     NativeProfile/Servers = vpn.example.org <- what the client connects to [S]
 *
 * `# ...` is a comment; a value that holds ` <- ` or a line break is written as JSON text. Scripts: `1 = line`, `2 = ...`
 * where the number is ignored and may be left out as `=`.
 */
export function readGolden(url: URL): readonly GoldenRow[] {
  return readFileSync(url, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '' || line.startsWith('#')) return []
      const why = line.lastIndexOf(WHY)
      const place = `${url.pathname}:${String(index + 1)}`
      assert.ok(
        why > 0 && line.length > why + WHY.length,
        `${place}: a field without an explanation: ${line}`,
      )
      assert.match(line, MARK, `${place}: the explanation does not say where it is from`)
      const field = line.slice(0, why)
      const equals = field.indexOf('=')
      assert.ok(equals >= 0, `${place}: no = in ${line}`)
      const path = field.slice(0, equals).trim()
      const text = field.slice(equals + 1).replace(/^ /, '')
      return [{ path, value: /^".*"$/.test(text) ? (JSON.parse(text) as string) : text }]
    })
}

/** Fails where a field is missing, too many, in another place or of another value. */
export function assertGolden(fields: readonly Field[], golden: URL): void {
  const rows = readGolden(golden)
  assert.ok(rows.length > 0, `${golden.pathname} is empty`)
  const wanted = rows.map(({ path, value }) => `${path} = ${value}`)
  const found = fields.map(([path, value]) => `${path} = ${value}`)
  assert.deepEqual(found, wanted)
}
