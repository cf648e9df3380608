import type { Api } from '../api.ts'
import { pageOf, sessionQuerySchema, sessionSchema } from '../model.ts'
import type { Services } from '../services.ts'

export function sessionRoutes(app: Api, services: Services): void {
  app.get(
    '/sessions',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['sessions'],
        summary: 'Sessions as accounting reports them, newest first',
        querystring: sessionQuerySchema,
        response: { 200: pageOf(sessionSchema) },
      },
    },
    (request) => services.sessions.list(request.query),
  )
}
