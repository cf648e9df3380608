import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Schema = 'EapHostConfig' | 'ProfileXML' | 'WLANProfile' | 'LANProfile'

/** What xmllint has to say against documents, one run for all of them. Empty: they are what the schema says. */
export function complaints(schema: Schema, documents: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'windows-xml-'))
  try {
    const files = documents.map((document, index) => {
      const path = join(folder, `${String(index)}.xml`)
      writeFileSync(path, document)
      return path
    })
    const xsd = fileURLToPath(new URL(`schemas/${schema}.xsd`, import.meta.url))
    const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', xsd, ...files], {
      encoding: 'utf8',
    })
    return status === 0 ? '' : stderr.replace(/^.* validates\n/gm, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
