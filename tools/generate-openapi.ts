/** Writes docs/openapi.json. Part of `npm run generate`; a test fails while the file is stale. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '../server/src/listeners/https/openapi-document.ts'

const house = join(import.meta.dirname, '..')
const file = join(house, 'docs/openapi.json')
writeFileSync(file, JSON.stringify(await openApiDocument(), null, 2))
// In the format the check of the repository wants.
execFileSync(join(house, 'node_modules/.bin/biome'), ['format', '--write', file], { stdio: 'ignore' })
