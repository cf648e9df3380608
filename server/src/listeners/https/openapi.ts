import type { RouteOptions } from 'fastify'
import type { Api } from './api.ts'

/** What the document says of a route. */
export type DocumentedRoute = Required<Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'>>

/**
 * Collects the routes registered after it; who asks gets them as an OpenAPI 3.1 document. It is written at the first
 * question, because few servers are ever asked.
 */
export function installOpenApi(app: Api): void {
  const routes: DocumentedRoute[] = []
  app.addHook('onRoute', ({ method, url, schema = {}, config = {} }) => {
    routes.push({ method, url, schema, config })
  })
  let document: Promise<object> | undefined
  app.get('/api/openapi.json', { config: { role: 'public' }, schema: { hide: true } }, async () => {
    document ??= import('./write-openapi.ts').then(({ writeOpenApi }) => writeOpenApi(routes))
    return await document
  })
}
