import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { NO_JSON_SCHEMAS } from '../no-json-schemas.ts'
import type { RouteRole } from './guard.ts'
import type { DocumentedRoute } from './openapi.ts'

/** An OpenAPI 3.1 document of these routes, with the role each one needs. */
export async function writeOpenApi(routes: readonly DocumentedRoute[]): Promise<object> {
  // The plugin sees what is registered beside it, and this API is never called.
  const api = Fastify({ exposeHeadRoutes: false, schemaController: NO_JSON_SCHEMAS })
  api.setValidatorCompiler(validatorCompiler)
  api.setSerializerCompiler(serializerCompiler)
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sallyport administration API',
        description:
          'Errors of every route: {error: {code, message, requestId, nextStep?, problems?}}. Codes are stable, messages are not. Roles: viewer, operator, admin; each includes the ones before.',
        version: '1',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Token of a login or an API token' },
          cookie: { type: 'apiKey', in: 'cookie', name: '__Host-sallyport' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route)
      return { schema: { ...schema, description: roleSentence(route.route.config?.role) }, url }
    },
    transformObject: jsonSchemaTransformObject,
  })
  for (const route of routes) {
    if (route.method !== 'HEAD') api.route({ ...route, handler: async () => {} })
  }
  await api.ready()
  try {
    return api.swagger()
  } finally {
    await api.close()
  }
}

function roleSentence(role: RouteRole | undefined): string {
  return role === 'public' ? 'Needs no login.' : `Needs the role ${role}.`
}
