import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Api } from './api.ts'
import type { RouteRole } from './guard.ts'

/** Collects the routes registered after it into an OpenAPI 3.1 document, served to everybody. */
export async function installOpenApi(app: Api): Promise<void> {
  await app.register(swagger, {
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
  app.get('/api/openapi.json', { config: { role: 'public' }, schema: { hide: true } }, () => app.swagger())
}

function roleSentence(role: RouteRole | undefined): string {
  return role === 'public' ? 'Needs no login.' : `Needs the role ${role}.`
}
