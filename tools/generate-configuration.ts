/** Writes docs/configuration.md. Part of `npm run generate`; a test fails while the file is stale. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configurationReference } from '../server/src/config/reference.ts'
import { groupItemSchema, userItemSchema } from '../server/src/identity/local/user-item.ts'
import { macItemSchema } from '../server/src/identity/mac/mac-item.ts'

export const CONFIGURATION_REFERENCE = join(import.meta.dirname, '..', 'docs', 'configuration.md')

/** With the data sections, which `config/` does not know. */
export function configurationDocument(): string {
  return configurationReference([
    { name: 'groups', description: 'Groups of users', schema: groupItemSchema },
    {
      name: 'macs',
      description: 'MAC addresses that may come in by a rule that lists mab',
      schema: macItemSchema,
    },
    { name: 'users', description: 'Users of the local sources', schema: userItemSchema },
  ])
}

if (import.meta.main) writeFileSync(CONFIGURATION_REFERENCE, configurationDocument())
