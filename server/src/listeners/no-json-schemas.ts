import { BugError } from '../kernel/errors.ts'

/**
 * For `schemaController`: no route has a JSON schema. Fastify would load a compiler for what comes in and another for what
 * goes out beside whatever else checks routes.
 */
export const NO_JSON_SCHEMAS = { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } }

function refuse(): never {
  throw new BugError('route-with-json-schema', 'Nothing here compiles JSON schemas.')
}
