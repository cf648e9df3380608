import type { Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { testSource } from '../source-test/source-test.ts'

export function sourceTestApi({ configuration }: Pick<ApiParts, 'configuration'>): Services['sourceTests'] {
  return {
    test: async (name, question) => await testSource(configuration.snapshot.configuration, name, question),
  }
}
