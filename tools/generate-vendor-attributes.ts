/** Writes docs/vendor-attributes.md from the vendors' tables; `npm run generate` calls it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vendorReference } from '../server/src/access/vendors/reference.ts'

export const VENDOR_REFERENCE = join(import.meta.dirname, '..', 'docs', 'vendor-attributes.md')

if (import.meta.main) {
  writeFileSync(VENDOR_REFERENCE, vendorReference())
  console.log('generate: docs/vendor-attributes.md')
}
