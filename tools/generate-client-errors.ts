/** Writes docs/client-errors.md from the table of codes; `npm run generate` calls it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientErrorReference } from '../server/src/profiles/client-errors/reference.ts'

export const CLIENT_ERROR_REFERENCE = join(import.meta.dirname, '..', 'docs', 'client-errors.md')

if (import.meta.main) {
  writeFileSync(CLIENT_ERROR_REFERENCE, clientErrorReference())
  console.log('generate: docs/client-errors.md')
}
