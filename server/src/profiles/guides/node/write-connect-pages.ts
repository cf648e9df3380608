/** Writes docs/connect from the guides; `npm run generate` calls it. */
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connectPages } from './connect-pages.ts'

export const CONNECT_FOLDER = join(import.meta.dirname, '../../../../../docs/connect')

if (import.meta.main) {
  const pages = connectPages()
  for (const old of globSync('**/*.md', { cwd: CONNECT_FOLDER })) {
    if (!pages.has(old)) rmSync(join(CONNECT_FOLDER, old))
  }
  for (const [name, content] of pages) {
    const path = join(CONNECT_FOLDER, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  console.log(`generate: ${String(pages.size)} pages in docs/connect`)
}
