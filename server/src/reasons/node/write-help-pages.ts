/** Writes `docs/errors/` anew: `node server/src/reasons/node/write-help-pages.ts`. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { helpPages } from '../help-page.ts'

const FOLDER = join(import.meta.dirname, '../../../../docs/errors')

mkdirSync(FOLDER, { recursive: true })
const pages = helpPages()
for (const name of readdirSync(FOLDER)) if (!pages.has(name)) rmSync(join(FOLDER, name))
for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text)
console.log(`docs/errors: ${pages.size} pages`)
