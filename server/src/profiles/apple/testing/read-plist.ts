import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Path from the root, and the value with its type unless it is text. */
export type PlistField = readonly [path: readonly string[], value: string]

const READER = join(import.meta.dirname, 'read-plist.py')

/** Property lists as plistlib of Python reads them. @throws AssertionError where it refuses one */
export function readByPlistlib(
  documents: readonly (string | Uint8Array)[],
): readonly (readonly PlistField[])[] {
  const input = JSON.stringify(documents.map((one) => Buffer.from(one as string).toString('base64')))
  const { status, stdout, stderr } = spawnSync('python3', [READER], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  assert.equal(status, 0, stderr)
  const answers = JSON.parse(stdout) as readonly { fields?: readonly PlistField[]; error?: string }[]
  return answers.map(
    ({ fields, error }, index) => fields ?? assert.fail(`${error}\n${String(documents[index])}`),
  )
}

/** The same as plistutil of libimobiledevice makes of it: a binary property list. */
export function binaryByPlistutil(document: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'plistutil-'))
  try {
    const [from, to] = [join(folder, 'in.plist'), join(folder, 'out.plist')]
    writeFileSync(from, document)
    const { status, stderr } = spawnSync('plistutil', ['-i', from, '-o', to], { encoding: 'utf8' })
    assert.equal(status, 0, `${stderr}\n${document}`)
    return readFileSync(to)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
